"""`ways_to_fail` and `weak_programme_symptoms`: what goes wrong with key accounts."""

from __future__ import annotations

from keyaccount.program.symptoms.check_item import CheckItem

__all__ = ["ways_to_fail", "weak_programme_symptoms"]

_WAYS = (
    CheckItem(
        "cannot_get_in",
        "Cannot get in",
        name_zh="进不来",
        question="Have we won a first project there, and do we know who decides?",
        question_zh="是否拿到了第一个项目，是否认识决策者？",
    ),
    CheckItem(
        "cannot_grow",
        "Cannot grow",
        name_zh="做不大",
        question="Does our share of what the customer buys grow?",
        question_zh="我们在客户采购中的份额是否在提升？",
    ),
    CheckItem(
        "cannot_retain",
        "Cannot retain",
        name_zh="留不住",
        question="Does the customer still buy from us as it used to?",
        question_zh="客户是否仍像过去一样向我们采购？",
    ),
)

_SYMPTOMS = (
    CheckItem(
        "undefined",
        "Key accounts are undefined or without budget",
        name_zh="大客户没有定义或没有预算",
        question="Which accounts are key, and what budget does each have?",
        question_zh="哪些是大客户，各有多少预算？",
    ),
    CheckItem(
        "few_stars",
        "A few stars own the accounts",
        name_zh="关键客户由少数销售精英掌控",
        question="How much of the key value is in the hands of the best few?",
        question_zh="最强的几个人掌握多少关键客户？",
    ),
    CheckItem(
        "small_deals",
        "Small deals eat the time",
        name_zh="小项目占用大量时间",
        question="How much of the time of key-account staff goes into small deals?",
        question_zh="大客户团队有多少时间花在小项目上？",
    ),
    CheckItem(
        "no_routine",
        "No routine management, conflict between regions",
        name_zh="缺乏日常管理，跨区域冲突",
        question="Which key accounts have no routine, or regions that compete for them?",
        question_zh="哪些大客户没有日常管理，或存在跨区域冲突？",
    ),
    CheckItem(
        "no_database",
        "No customer database, the decision chain is not managed",
        name_zh="没有客户数据库，决策链未管理",
        question="For which key accounts do we know the decision chain?",
        question_zh="我们了解哪些大客户的决策链？",
    ),
    CheckItem(
        "thin_bench",
        "The bench of people is thin",
        name_zh="人才梯队薄弱",
        question="Which key accounts hang on a single person?",
        question_zh="哪些大客户只靠一个人？",
    ),
)


def ways_to_fail() -> tuple[CheckItem, ...]:
    """Return the three ways to fail with a key account: 进不来, 做不大, 留不住.

    The questions are in words of this library.

    Returns
    -------
    tuple of CheckItem
        Cannot get in, cannot grow, cannot retain.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [way.name_zh for way in ka.ways_to_fail()]
    ['进不来', '做不大', '留不住']
    """
    return _WAYS


def weak_programme_symptoms() -> tuple[CheckItem, ...]:
    """Return the six symptoms of a weak key-account programme, as a checklist.

    The questions are in words of this library. `programme_symptoms` measures what data can answer.

    Returns
    -------
    tuple of CheckItem
        The symptoms.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [symptom.code for symptom in ka.weak_programme_symptoms()]
    ['undefined', 'few_stars', 'small_deals', 'no_routine', 'no_database', 'thin_bench']
    """
    return _SYMPTOMS
