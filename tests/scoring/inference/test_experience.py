"""Experience inference: gates in order, what is unknown, and what to ask next."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import answers, as_container, assert_row_wise, containers, inferences

NAN = math.nan


def two_gates(**options: Any) -> ka.ExperienceInference:
    """An industry gate of two questions, a customer gate of three."""
    industry = [
        ka.Question("size", "Large deals?", about="industry", weight=1),
        ka.Question("open", "Open competition?", about="industry", weight=3),
    ]
    customer = [
        ka.Question("need", "Need?", weight=2),
        ka.Question("trust", "Trust?", weight=2),
        ka.Question("pays", "Pays?", scale="yes_no"),
    ]
    return ka.ExperienceInference(
        [
            ka.Gate("industry", industry, pass_mark=0.5, name="Industry"),
            ka.Gate("customer", customer, pass_mark=0.6, name="Customer"),
        ],
        **options,
    )


def one(**given: Any) -> dict[str, list[Any]]:
    """One account; what is not named is unknown."""
    known = {"size": NAN, "open": NAN, "need": NAN, "trust": NAN, "pays": NAN} | given
    return {name: [value] for name, value in known.items()}


# --- The score, worked out by hand ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_answers", "score"),
    [
        # the first gate is not passed: 0 gates, t its weighted mean (0.8 + 3 · 0.2) / 4
        ({"size": 0.8, "open": 0.2, "need": 1, "trust": 1, "pays": 1}, 0.35 / 3),
        # one gate passed, t = (2 · 0.5 + 2 · 0.25 + 0) / 5 of the second
        ({"size": 1, "open": 0.5, "need": 0.5, "trust": 0.25, "pays": 0}, 1.3 / 3),
        # both passed: means 0.625 and 0.9, t = √(0.625 · 0.9) = 0.75
        ({"size": 1, "open": 0.5, "need": 1, "trust": 0.75, "pays": 1}, 2.75 / 3),
        ({"size": 1, "open": 1, "need": 1, "trust": 1, "pays": 1}, 1.0),
        ({"size": 0, "open": 0, "need": 0, "trust": 0, "pays": 0}, 0.0),
        # what is unknown counts 0
        ({"size": 1, "open": 1, "need": 1}, (1 + 0.4) / 3),
        ({}, 0.0),
    ],
)
def test_score_is_gates_passed_and_the_rest(given_answers: dict[str, float], score: float) -> None:
    """(g + t) / (G + 1), by hand."""
    found = two_gates().infer(one(**given_answers))
    assert found.score[0] == pytest.approx(score, abs=1e-15)
    assert found.low is found.score


def test_bounds_hold_the_unknown_at_worst_and_best() -> None:
    """Need alone known: at best everything passes, at worst the first gate yields nothing."""
    found = two_gates().infer(one(need=0.5))
    assert found.low[0] == 0.0
    assert found.high[0] == pytest.approx((2 + math.sqrt(1.0 * 0.8)) / 3)


def test_coverage_stands_beside() -> None:
    """Three of four parts of the first gate, two of five of the second, averaged."""
    found = two_gates().infer(one(open=0.9, need=0.9))
    assert found.coverage[0] == pytest.approx((0.75 + 0.4) / 2)


@pytest.mark.parametrize(
    ("given_answers", "verdict", "ask"),
    [
        ({"size": 1, "open": 1, "need": 1, "trust": 1, "pays": 1}, "target", None),
        # certain without the last answer: (2 + 2) / 5 reaches 0.6 whatever `pays` is
        ({"size": 1, "open": 1, "need": 1, "trust": 1}, "target", None),
        # at best (1 + 0) / 4
        ({"open": 0}, "rule_out", None),
        # a failed industry gate rules out, whatever else is open or good
        ({"open": 0, "need": 1, "trust": 1, "pays": 1}, "rule_out", None),
        ({"size": 1, "open": 1, "need": 0, "trust": 0}, "nurture", None),
        # the customer gate fails for certain, the industry gate is open
        ({"need": 0, "trust": 0, "pays": 0}, "nurture", None),
        ({}, "ask", "open"),  # the heaviest of the first gate
        ({"open": 0.6}, "ask", "size"),
        ({"size": 1, "open": 1}, "ask", "need"),  # need and trust weigh the same: declared order
        ({"size": 1, "open": 1, "need": 1}, "ask", "trust"),
        ({"size": 1, "open": 1, "need": 1, "trust": 0.4}, "ask", "pays"),
    ],
)
def test_verdict_and_next_question(
    given_answers: dict[str, float], verdict: str, ask: str | None
) -> None:
    """What is certain whatever the unknown answers are, and what to ask where nothing is."""
    found = two_gates().infer(one(**given_answers))
    assert (found.verdict[0], found.next_question[0]) == (verdict, ask)


def test_following_the_questions_ends_in_a_verdict() -> None:
    """Told at each step what to ask next, a user gets to a verdict."""
    inference = ka.experience_inference()
    known: dict[str, float] = {"need": NAN}
    asked = []
    while (found := inference.infer(known)).verdict[0] == "ask":
        asked.append(found.next_question[0])
        known[asked[-1]] = 0.9
    assert found.verdict[0] == "target"
    assert len(set(asked)) == len(asked) <= 17
    assert asked[0] == "industry_gene_many"


@pytest.mark.parametrize(("answer", "passed"), [(0.6 - 1e-9, 0), (0.6, 1), (0.6 + 1e-9, 1)])
def test_a_pass_mark_is_passed_when_reached(answer: float, passed: int) -> None:
    """Three answers of 0.6 have a mean of 0.6 on paper, and 0.5999… in floats."""
    questions = [ka.Question(c, "?") for c in "abc"]
    inference = ka.ExperienceInference([ka.Gate("g", questions, pass_mark=0.6)])
    found = inference.infer({"a": answer, "b": answer, "c": answer})
    assert found.gates_passed.tolist() == [passed]


def test_the_rule_all_asks_each_answer() -> None:
    """A good mean does not help where one answer falls short."""
    questions = [ka.Question("a", "?"), ka.Question("b", "?")]
    inference = ka.ExperienceInference([ka.Gate("g", questions, pass_mark=0.5, rule="all")])
    found = inference.infer({"a": [1.0, 0.5, 0.4], "b": [0.4, 0.5, NAN]})
    assert found.verdict.tolist() == ["nurture", "target", "nurture"]
    assert found.score.tolist() == [0.35, 0.75, 0.1]


# --- What a checklist is answered with -----------------------------------------------------------


def test_levels_are_equal_steps() -> None:
    """Names of levels, worst first; numbers are taken beside them."""
    question = ka.Question("fit", "?", levels=("none", "partly", "well", "fully"))
    found = question.read({"fit": ["none", "Well", None, "fully", 0.25, ""]})
    np.testing.assert_array_equal(found, [0, 2 / 3, NAN, 1, 0.25, NAN])


@pytest.mark.parametrize(
    "given_answers", [["yes", "no", None], ["是", "否", None], [True, False, None], [1, 0, None]]
)
def test_yes_or_no(given_answers: list[Any]) -> None:
    """Texts, booleans or numbers."""
    question = ka.Question("pays", "?", scale="yes_no")
    np.testing.assert_array_equal(question.read({"pays": given_answers}), [1, 0, NAN])


@pytest.mark.parametrize(
    ("question", "given_answers", "said"),
    [
        (ka.Question("a", "?"), [0.5, 4.0], "row 1: 4.0"),
        (ka.Question("a", "?"), [-0.1], "row 0: -0.1"),
        (ka.Question("a", "?"), ["often"], "hold"),
        (ka.Question("a", "?", scale="yes_no"), [1.0, 0.5], "row 1: 0.5"),
        (ka.Question("a", "?", scale="yes_no"), ["maybe"], "'no', 'yes'"),
        (ka.Question("a", "?", levels=("no", "yes")), ["yes", "perhaps"], "row 1: 'perhaps'"),
        (ka.Question("a", "?", levels=("no", "yes")), ["yes", "0.5"], "1 row holds no answer of"),
        (ka.Question("a", "?", levels=("no", "yes")), ["0.5"], "convert a column of numbers that"),
        (ka.Question("a", "?", levels=("no", "yes")), ["nan", "inf"], "row 0: 'nan', row 1: 'inf'"),
        (ka.Question("a", "?", scale="yes_no"), ["1", "true"], "row 0: '1', row 1: 'true'"),
        (ka.Question("a", "?", levels=("no", "yes")), ["yes", 4.0], "1 row holds an answer that"),
        (ka.Question("a", "?"), ["0.5"], "convert it to numbers"),
    ],
)
def test_what_is_no_answer_is_refused(
    question: ka.Question, given_answers: list[Any], said: str
) -> None:
    """A rating from 1 to 5 is no answer: the error says which rows, and the way out."""
    inference = ka.ExperienceInference([ka.Gate("g", [question], pass_mark=0.5)])
    with pytest.raises(ka.RowError, match="Hint: ") as caught:
        inference.infer({"a": given_answers})
    assert said in str(caught.value)


def test_infinite_answers_are_unknown_and_told() -> None:
    """As everywhere in the library."""
    found = two_gates().infer(one(open=math.inf))
    assert found.next_question[0] == "open"
    assert [f.code for f in found.findings] == ["infinite"]


def test_a_question_without_a_column_is_unknown_and_told() -> None:
    """A slip in a column's name is pointed out; a question nobody asked yet is only noted."""
    found = two_gates().infer({"size": [1.0], "opne": [1.0], "need": [1.0], "trust": [0.5]})
    told = {f.where: f for f in found.findings}
    assert told["open"].severity == "warning"
    assert "did you mean 'opne'" in told["open"].message
    assert (told[""].severity, told[""].examples) == ("info", ("pays",))
    assert found.verdict[0] == "ask"


def test_only_targets_and_those_to_ask_are_candidates() -> None:
    """Whoever fails a gate for certain is no candidate, whatever the score."""
    book = {"size": [1, 1, 1, 0], "open": [1, 1, 1, 0], "need": [0.5, 1, NAN, 1]}
    found = two_gates().infer({**book, "trust": [0.5, 1, NAN, 1], "pays": [0, 1, NAN, 1]})
    assert found.verdict.tolist() == ["nurture", "target", "ask", "rule_out"]
    assert found.verdict_zh.tolist() == ["培育", "目标客户", "待了解", "排除"]
    assert found.score[0] > found.score[2]
    assert ka.select(found.candidates, ka.TopCount(2), ids=list("abcd")).key_ids == ("b", "c")


def test_no_answer_at_all_is_an_error() -> None:
    """A table that answers nothing is the wrong table."""
    with pytest.raises(ka.ColumnNotFoundError, match="no column 'size'"):
        two_gates().infer({"sales": [1.0]})


def test_no_rows() -> None:
    """An empty book has empty answers."""
    found = two_gates().infer({name: [] for name in ("size", "open", "need")})
    assert len(found) == 0
    assert found.counts() == {"target": 0, "ask": 0, "nurture": 0, "rule_out": 0}
    assert found.columns()["rank"].tolist() == []


# --- Industries ----------------------------------------------------------------------------------


def test_industries_are_answered_once() -> None:
    """A customer takes the answers of its industry, and its own before them."""
    inference = two_gates().with_industries(
        {"industry": ["finance", "carriers"], "size": [1.0, 1.0], "open": [1.0, 0.0]}
    )
    book = {
        "industry": ["finance", "carriers", "carriers", "retail", None],
        "open": [NAN, NAN, 1.0, NAN, NAN],
        "need": [1.0] * 5,
    }
    found = inference.infer(book)
    assert found.verdict.tolist() == ["ask", "rule_out", "ask", "ask", "ask"]
    assert found.next_question.tolist() == ["trust", None, "trust", "open", "open"]
    assert {f.code: f.count for f in found.findings}["no_industry"] == 2


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ({"industry": ["a", "a"], "open": [1, 1]}, ka.DuplicateIdError),
        ({"industry": ["a", None], "open": [1, 1]}, ka.RowError),
        ({"industry": ["a"], "opne": [1]}, ka.ColumnNotFoundError),
        ({"industri": ["a"], "open": [1]}, ka.ColumnNotFoundError),
        ({"industry": ["a"], "open": [5]}, ka.RowError),
        ({"industry": ["a"], "size": [1], "opens": [1]}, ka.ColumnNotFoundError),
        ({"industry": [], "open": []}, ka.NotEnoughDataError),
    ],
)
def test_wrong_tables_of_industries(table: dict[str, Any], error: type[Exception]) -> None:
    """Each is named."""
    with pytest.raises(error, match="Hint: "):
        two_gates().with_industries(table)


# --- Specs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda: ka.ExperienceInference([]),
        lambda: ka.ExperienceInference(["gate"]),
        lambda: ka.Gate("g", [], pass_mark=0.5),
        lambda: ka.Gate("g", [ka.Question("a", "?"), ka.Question("a", "?")], pass_mark=0.5),
        lambda: ka.Gate("g", [ka.Question("a", "?")], pass_mark=1.5),
        lambda: ka.Gate("g", [ka.Question("a", "?")], pass_mark=0.5, rule=cast("Any", "most")),
        lambda: ka.Question("a", "?", weight=0),
        lambda: ka.Question("a", " "),
        lambda: ka.Question("a", "?", levels=("only",)),
        lambda: ka.Question("a", "?", scale="yes_no", levels=("a", "b")),
        lambda: ka.Question("a", "?", about=cast("Any", "market")),
        lambda: ka.IndustryAnswers("finance", {"open": 2}),
        lambda: ka.IndustryAnswers("finance", [("open", 1), ("open", 0)]),
        lambda: two_gates(industries=[ka.IndustryAnswers("finance", {"need": 1})]),
        lambda: two_gates(industries=[ka.IndustryAnswers("a", {})] * 2),
    ],
)
def test_wrong_specs(make: Any) -> None:
    """Each says which field broke which rule."""
    with pytest.raises(ka.SpecError, match="Hint: "):
        make()


def test_a_question_may_stand_in_one_gate_only() -> None:
    """Codes name questions across gates."""
    question = ka.Question("a", "?")
    gates = [ka.Gate("g", [question], pass_mark=0.5), ka.Gate("h", [question], pass_mark=0.5)]
    with pytest.raises(ka.SpecError, match="unique codes of questions"):
        ka.ExperienceInference(gates)


def test_a_row_reads_well() -> None:
    """Each gate with its mean, its mark and what is unknown; then what to ask."""
    found = two_gates().infer(one(size=1.0, open=0.5, need=0.9))
    assert str(found.row(0)).splitlines() == [
        "verdict       ask",
        "score         0.453333",
        "high          0.924866",
        "coverage      0.7",
        "gates passed  1 of 2",
        "gates",
        "  Industry    passed: 0.625 (pass mark 0.5)",
        "  Customer    open: 0.36 to 0.96 (pass mark 0.6); unknown: trust, pays",
        "ask next      Trust? (trust)",
    ]


def test_asks_counts_what_to_find_out() -> None:
    """The question that most accounts wait for comes first."""
    found = two_gates().infer({"size": [1, 1, 1], "open": [1, 1, NAN], "need": [NAN, NAN, 1]})
    assert found.asks() == {"need": 2, "open": 1}


# --- Properties ----------------------------------------------------------------------------------


@given(st.data())
def test_rows_stand_for_themselves(data: st.DataObject) -> None:
    """Any order, any parts, one account alone: the same bits."""
    inference = data.draw(inferences(industries=data.draw(st.booleans())))
    book = data.draw(answers(inference))
    assert_row_wise(inference, as_container(book, data.draw(containers())))


@given(st.data())
def test_a_better_answer_never_lowers_the_score(data: st.DataObject) -> None:
    """Across pass marks too, for score and high alike."""
    inference = data.draw(inferences())
    book = data.draw(answers(inference, min_size=1))
    column = data.draw(st.sampled_from([q.column for q in inference.questions]))
    question = next(q for q in inference.questions if q.column == column)
    steps = [0.0, 1.0] if question.scale == "yes_no" else [0.0, 0.25, 0.5, 0.6, 0.75, 1.0]
    better = [
        data.draw(st.sampled_from([s for s in steps if s >= x] or [1.0])) for x in book[column]
    ]
    better = [b if not math.isnan(x) else x for b, x in zip(better, book[column], strict=True)]
    before, after = inference.infer(book), inference.infer({**book, column: better})
    assert (after.score >= before.score).all()
    assert (after.high >= before.high).all()
    assert (after.gates_passed >= before.gates_passed).all()


@given(st.data())
def test_bounds_hold_for_every_completion(data: st.DataObject) -> None:
    """Whatever the unknown answers turn out to be: also the verdict, where it is certain."""
    inference = data.draw(inferences())
    book = data.draw(answers(inference, min_size=1))
    share = data.draw(st.floats(0, 1))
    filled = {
        q.column: [
            x if not math.isnan(x) else float(round(share)) if q.scale == "yes_no" else share
            for x in book[q.column]
        ]
        for q in inference.questions
    }
    before, after = inference.infer(book), inference.infer(filled)
    assert (before.low <= after.score).all()
    assert (after.score <= before.high).all()
    assert (after.coverage == 1).all()
    certain = before.verdict != "ask"
    moved = (before.verdict == "nurture") & (after.verdict == "rule_out")
    assert (after.verdict == before.verdict)[certain & ~moved].all()
    assert "ask" not in after.verdict.tolist()


@given(st.data())
def test_an_unknown_answer_never_beats_its_best(data: st.DataObject) -> None:
    """Deleting an answer of 1 never raises the score."""
    inference = data.draw(inferences())
    book = data.draw(answers(inference, min_size=1))
    column = data.draw(st.sampled_from([q.column for q in inference.questions]))
    best = inference.infer({**book, column: [1.0] * len(book[column])})
    unknown = inference.infer({**book, column: [NAN] * len(book[column])})
    assert (unknown.score <= best.score).all()
    assert (unknown.high <= best.high).all()


@given(st.data())
def test_the_next_question_is_unknown_and_may_change_the_verdict(data: st.DataObject) -> None:
    """There is one exactly where the verdict is to ask, and it is open."""
    inference = data.draw(inferences())
    book = data.draw(answers(inference, min_size=1))
    found = inference.infer(book)
    columns = {q.code: q.column for q in inference.questions}
    for i, (verdict, code) in enumerate(zip(found.verdict, found.next_question, strict=True)):
        assert (verdict == "ask") == (code is not None)
        if code is not None:
            assert math.isnan(book[columns[code]][i])
