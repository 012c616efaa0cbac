"""The four gates of experience inference, with their questions."""

from __future__ import annotations

from keyaccount.scoring.inference.experience import ExperienceInference
from keyaccount.scoring.inference.gate import Gate
from keyaccount.scoring.inference.question import Question, Subject


def experience_inference(*, pass_mark: float = 0.6) -> ExperienceInference:
    """Return the four gates of experience inference (经验推算法) with their questions.

    Industry gene, industry match, customer gene and customer match, in this order: which industries
    hold many key accounts and large deals for this product, whether our strength and solution fit
    them, which customers there often place large deals of this kind, and whether their habits of
    choosing match us.

    Parameters
    ----------
    pass_mark
        What the weighted mean of each gate's answers must reach, in [0, 1].

    Returns
    -------
    ExperienceInference
        The checklist, without answers about industries.

    Raises
    ------
    SpecError
        The pass mark is no share in [0, 1].

    Notes
    -----
    The gates and what they ask about are those of the method, which gives no figures: the pass mark
    of 0.6, equal weights and the split into single questions are choices of this library. The
    answers to the questions of the two genes can be measured once there are deals: see `Gene`.

    Examples
    --------
    >>> import keyaccount as ka
    >>> for gate in ka.experience_inference().gates:
    ...     print(gate.name, gate.name_zh, len(gate.questions))
    Industry gene 寻找行业基因 3
    Industry match 匹配目标行业 4
    Customer gene 寻找客户基因 3
    Customer match 匹配目标客户 7
    """
    return ExperienceInference(
        (
            Gate(
                "industry_gene",
                _gene("industry"),
                name="Industry gene",
                name_zh="寻找行业基因",
                pass_mark=pass_mark,
            ),
            Gate(
                "industry_match",
                _asked("industry", _INDUSTRY_MATCH),
                name="Industry match",
                name_zh="匹配目标行业",
                pass_mark=pass_mark,
            ),
            Gate(
                "customer_gene",
                _gene("customer"),
                name="Customer gene",
                name_zh="寻找客户基因",
                pass_mark=pass_mark,
            ),
            Gate(
                "customer_match",
                _asked("customer", _CUSTOMER_MATCH),
                name="Customer match",
                name_zh="匹配目标客户",
                pass_mark=pass_mark,
            ),
        )
    )


_INDUSTRY_GENE = (
    ("many", "Are there many large deals of this kind in the industry?", "该行业此类大单多吗？"),
    ("large", "Are the industry's deals of this kind large?", "该行业此类订单金额大吗？"),
    ("often", "Do deals of this kind come back year after year?", "该行业此类采购年年都有吗？"),
)

_CUSTOMER_GENE = (
    ("many", "Has the customer placed many large deals of this kind?", "该客户此类大单多吗？"),
    ("large", "Are the customer's deals of this kind large?", "该客户此类订单金额大吗？"),
    ("often", "Does the customer buy like this again and again?", "该客户经常做此类采购吗？"),
)

_INDUSTRY_MATCH = (
    (
        "industry_need",
        "Does the industry need what our solution does?",
        "该行业需要我们的方案所解决的问题吗？",
    ),
    (
        "industry_strength",
        "Are we strong there: experience, references, partners?",
        "我们在该行业有优势吗（经验、样板、伙伴）？",
    ),
    (
        "industry_competition",
        "Is it fully competitive: do suppliers win by merit, not by closed circles?",
        "该行业是否充分竞争，而非圈内采购？",
    ),
    (
        "industry_delivery",
        "Does the industry accept the way we deliver?",
        "该行业接受我们的交付方式吗？",
    ),
)

_CUSTOMER_MATCH = (
    (
        "selection_habits",
        "In past projects, did the customer choose products and solutions like ours?",
        "从以往项目看，客户选产品、选方案的习惯与我们匹配吗？",
    ),
    ("need", "Is there a need, and is it of a size that matters?", "有需求吗，规模够大吗？"),
    ("pain", "Does a pain point press?", "痛点迫切吗？"),
    ("ability_to_pay", "Can the customer pay for it?", "客户有支付能力吗？"),
    ("willingness_to_pay", "Is the customer willing to pay for it?", "客户有支付意愿吗？"),
    ("fit", "Does our solution fit this customer's situation?", "我们的方案适合该客户吗？"),
    ("trust", "Does the customer trust us?", "客户信任我们吗？"),
)


def _gene(about: Subject) -> tuple[Question, ...]:
    asked = _INDUSTRY_GENE if about == "industry" else _CUSTOMER_GENE
    return _asked(about, tuple((f"{about}_gene_{code}", en, zh) for code, en, zh in asked))


def _asked(about: Subject, asked: tuple[tuple[str, str, str], ...]) -> tuple[Question, ...]:
    return tuple(Question(code, en, text_zh=zh, about=about) for code, en, zh in asked)
