"""Genes are what the deals say: counts that add up, shrunk measures, answers only where enough."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import CONTAINERS, as_container, assert_row_wise

LABELS = st.sampled_from(["finance", "retail", "energy", None])
AMOUNTS = st.sampled_from([0.0, 10.0, 99.99, 100.0, 500.0, 2e6, -5.0, math.nan, math.inf])
ROWS = st.lists(
    st.tuples(LABELS, AMOUNTS, st.integers(0, 900), st.sampled_from("abcd")), min_size=1
)


def table(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    """Put rows into columns."""
    label, amount, day, account = zip(*rows, strict=True)
    at = np.datetime64("2026-01-01") + np.array(day, dtype="timedelta64[D]")
    return {
        "industry": list(label),
        "amount": np.array(amount),
        "at": at,
        "account": list(account),
    }


def drawn(seed: int = 1, n: int = 600) -> dict[str, Any]:
    """Draw deals of three industries, finance with the most, largest and most frequent ones."""
    rng = np.random.default_rng(seed)
    industry = rng.choice(["finance", "retail", "energy"], n, p=[0.5, 0.3, 0.2])
    lift = np.where(industry == "finance", 1.0, 0.0)
    return {
        "industry": industry,
        "amount": np.exp(rng.normal(9.0 + lift, 1.0)).round(2),
        "at": np.datetime64("2024-01-01") + rng.integers(0, 731, n).astype("timedelta64[D]"),
        "account": rng.integers(0, 40, n),
    }


def told(gene: ka.Gene) -> dict[str, int]:
    """Count the findings on the data, but for that small books are alike by chance."""
    return {f.code: f.count for f in gene.findings if f.code != "labels_alike"}


def test_a_book_by_hand() -> None:
    """Counts, shares, rates and sizes of a book that can be counted on one's fingers."""
    deals = {
        "industry": ["finance"] * 4 + ["retail"] * 4 + [None],
        "amount": [100.0, 400.0, 10.0, 0.0, 200.0, 10.0, 10.0, 10.0, 900.0],
        "at": ["2025-01-01"] + ["2026-01-01"] * 7 + ["2030-01-01"],
        "account": ["A", "A", "B", None, "C", "C", "C", "C", "D"],
    }
    gene = ka.Gene.fit(
        deals,
        large=100,
        at="at",
        account="account",
        accounts_of={"finance": 5, "retail": 1},
        min_deals=4,
    )
    finance, retail = gene.entries
    assert (finance.deals, finance.large_deals, finance.accounts) == (4, 2, 2)
    assert (retail.deals, retail.large_deals, retail.accounts) == (4, 1, 1)
    assert (gene.deals, gene.large_deals, gene.large) == (8, 3, 100.0)
    assert gene.years == 366 / 365.25  # the deal of 2030 has no industry
    assert (finance.share.raw, gene.share.mean) == (0.5, 0.375)
    assert (finance.many.raw, gene.many.mean) == (2.0, 1.5)
    assert gene.stretches == 4
    assert finance.recurrence is not None
    assert finance.recurrence.raw == 0.5  # the first quarter and the last
    assert retail.recurrence is not None
    assert retail.recurrence.raw == 0.25
    assert finance.per_year is not None
    assert finance.per_year.raw == pytest.approx(2 / (366 / 365.25))
    assert finance.per_account_year is not None
    assert finance.per_account_year.raw == pytest.approx(2 / (5 * 366 / 365.25))
    assert gene.per_account_year is not None
    assert gene.per_account_year.mean == pytest.approx(3 / (6 * 366 / 365.25))
    assert finance.size is not None
    assert finance.size.raw == pytest.approx(200.0)  # the geometric mean of 100 and 400
    assert told(gene) == {"no_label": 1, "zero": 1, "no_account": 1}


def test_the_upper_fifth_is_large_unless_stated() -> None:
    """A fifth of the deals above 0, and whoever is level with the last of them."""
    deals = {"industry": ["a"] * 12, "amount": [*range(1, 11), 0, 0]}
    assert ka.Gene.fit(deals).large == 9.0
    assert ka.Gene.fit(deals, large_share=0.11).large == 9.0
    assert ka.Gene.fit(deals, large_share=0.1).large == 10.0
    thirty = {"industry": ["a"] * 30, "amount": np.arange(1, 31)}
    assert ka.Gene.fit(thirty, large_share=0.1).large == 28.0  # three deals, not four
    assert ka.Gene.fit(thirty, large_share=1e-12).large == 30.0
    level = ka.Gene.fit({"industry": ["a"] * 5, "amount": [7.0] * 5})
    assert (level.large, level.large_deals) == (7.0, 5)


def test_the_stronger_industry_is_found() -> None:
    """What was drawn with more and larger deals is above the pool, and the interval says so."""
    gene = ka.Gene.fit(drawn(), at="at", stretches_a_year=52)
    answers = gene.answers({"industry": ["finance", "retail", "energy"]})
    for name in ("industry_gene_many", "industry_gene_often"):
        assert answers[name][0] > 0.99
        assert answers[name][1] < 0.1
    finance = gene.entries[1]
    assert finance.share.low > gene.share.mean
    assert finance.share.lift is not None
    assert finance.share.lift > 1.0
    assert finance.share.low < finance.share.shrunk < finance.share.high
    # 731 days, both ends counted
    assert gene.years is not None
    assert gene.years <= 731 / 365.25


def test_labels_that_differ_by_chance_alone_have_no_answer() -> None:
    """Industries drawn alike: a finding, no answers, and the checklist asks."""
    deals = even(["a", "b", "c", "d"], 100)
    gene = ka.Gene.fit(deals, large=500, at="at")
    found = [(f.code, f.count, f.severity) for f in gene.findings]
    assert found == [("labels_alike", 4, "info")] * 4
    assert "number of large deals: the 4 labels" in gene.findings[0].message
    assert [entry.share.lift for entry in gene.entries] == pytest.approx([1.0] * 4)
    answers = gene.answers({"industry": gene.labels})
    assert all(np.isnan(column).all() for column in answers.values())
    assert set(gene.row("a")["answers"].values()) <= {"labels alike", "nothing differs"}
    verdicts = ka.experience_inference().infer(answers).counts()
    assert verdicts == {"target": 0, "ask": 4, "nurture": 0, "rule_out": 0}
    assert ka.Gene.fit(drawn()).findings == ()


def even(names: list[str], each: int, seed: int = 2) -> dict[str, Any]:
    """Give every label the same deals on the same days."""
    rng = np.random.default_rng(seed)
    amount = np.exp(rng.normal(6.0, 1.0, each)).round(2)
    at = np.datetime64("2024-01-01") + rng.integers(0, 731, each).astype("timedelta64[D]")
    return {
        "industry": np.repeat(names, each),
        "amount": np.tile(amount, len(names)),
        "at": np.tile(at, len(names)),
    }


@pytest.mark.parametrize("seed", range(12))
def test_chance_seldom_makes_a_verdict(seed: int) -> None:
    """Labels drawn alike get hardly an answer, whatever the draw, and none is ruled out by one."""
    rng = np.random.default_rng(seed)
    deals = {
        "industry": rng.choice(list("abcdefgh"), 400),
        "amount": np.exp(rng.normal(6.0, 1.0, 400)),
        "at": np.datetime64("2024-01-01") + rng.integers(0, 731, 400).astype("timedelta64[D]"),
    }
    gene = ka.Gene.fit(deals, at="at")
    answers = gene.answers({"industry": gene.labels})
    assert sum(int(np.isfinite(column).sum()) for column in answers.values()) <= 3
    assert ka.experience_inference().infer(answers).counts()["rule_out"] == 0


def test_a_gene_a_non_gene_and_one_in_between() -> None:
    """Far above: yes; far below: no; near the pool: ask, unless less proof is asked for."""
    big = {"strong": 60, "weak": 2, "some": 34, "more": 40}
    rng = np.random.default_rng(3)
    deals = {
        "industry": np.repeat(list(big), 100),
        "amount": np.concatenate([[1000.0] * k + [10.0] * (100 - k) for k in big.values()])
        * rng.lognormal(0.0, 0.2, 400),
    }
    asked = {"industry": ["strong", "weak", "some"]}
    gene = ka.Gene.fit(deals, large=100)
    many = gene.answers(asked)["industry_gene_many"]
    assert many[0] > 0.95
    assert many[1] < 0.01
    assert np.isnan(many[2])
    assert gene.row("some")["answers"]["many"].startswith("not sure enough (0.")
    doubtful = ka.Gene.fit(deals, large=100, sure=0.5).answers(asked)["industry_gene_many"]
    assert 0.1 < doubtful[2] < 0.9
    assert doubtful[:2].tolist() == many[:2].tolist()


def test_one_label_has_nothing_to_be_compared_with() -> None:
    """A single industry: no answer, and a finding."""
    gene = ka.Gene.fit(even(["only"], 100), at="at")
    assert [f.code for f in gene.findings] == ["one_label"]
    assert all(np.isnan(c).all() for c in gene.answers({"industry": ["only"]}).values())
    assert gene.row("only")["answers"]["many"] == "nothing to compare with"


def test_many_counts_large_deals_not_their_share() -> None:
    """300 large deals of 1,000 are many beside 12 of 20; the share stands beside."""
    rng = np.random.default_rng(6)
    large = np.concatenate([np.arange(1000) < 300, np.arange(20) < 12])
    deals = {
        "industry": ["big"] * 1000 + ["tiny"] * 20,
        "amount": np.where(large, 500.0, 10.0) * rng.lognormal(0.0, 0.1, 1020),
    }
    gene = ka.Gene.fit(deals, large=100)
    big, tiny = gene.entries
    assert (big.many.raw, tiny.many.raw, gene.many.mean) == (300.0, 12.0, 156.0)
    many = gene.answers({"industry": ["big", "tiny"]})["industry_gene_many"]
    assert many[0] > 0.99
    assert many[1] < 0.01
    assert big.share.above is not None
    assert tiny.share.above is not None
    assert big.share.above < tiny.share.above


def wide_and_one() -> dict[str, Any]:
    """Give one buyer of 12 large deals in a year, and 30 buyers of 60 all over the years."""
    rng = np.random.default_rng(8)
    start = np.datetime64("2023-01-01")
    span = np.concatenate([400 + rng.integers(0, 180, 12), np.arange(60) * 24])
    fill = rng.integers(0, 1440, 144)
    return {
        "industry": ["one"] * 12 + ["wide"] * 60 + ["other"] * 144,
        "account": ["x"] * 12
        + [f"w{i % 30}" for i in range(60)]
        + [f"o{i % 9}" for i in range(144)],
        "amount": np.concatenate([np.full(72, 900.0), np.where(fill < 400, 900.0, 5.0)])
        * rng.lognormal(0.0, 0.1, 216),
        "at": start + np.concatenate([span, fill]).astype("timedelta64[D]"),
    }


def test_knowing_the_buyers_turns_no_answer() -> None:
    """Buyers alone are survivors: a rate is per account only where all accounts are counted."""
    deals = wide_and_one()
    asked = {"industry": ["one", "wide"]}
    alone = ka.Gene.fit(deals, large=100, at="at")
    beside = ka.Gene.fit(deals, large=100, at="at", account="account")
    assert beside.per_account_year is None
    assert (beside.entries[0].accounts, beside.entries[2].accounts) == (1, 30)
    for code, column in alone.answers(asked).items():
        np.testing.assert_array_equal(beside.answers(asked)[code], column)
    often = alone.answers(asked)["industry_gene_often"]
    assert often[0] < 0.1
    assert often[1] > 0.9
    population = {"one": 200, "wide": 40, "other": 50}
    counted = ka.Gene.fit(deals, large=100, at="at", account="account", accounts_of=population)
    assert counted.entries[0].per_account_year is not None
    years = counted.years
    assert years is not None
    assert counted.entries[0].per_account_year.raw == pytest.approx(12 / 200 / years)
    often = counted.answers(asked)["industry_gene_often"]
    assert often[0] < 0.1
    assert often[1] > 0.9


def test_a_label_of_unknown_population_has_no_rate_by_account() -> None:
    """It is named in a finding, and is not compared with the others by another measure."""
    gene = ka.Gene.fit(wide_and_one(), large=100, at="at", accounts_of={"one": 2, "wide": 40})
    assert gene.entries[1].per_account_year is None
    assert np.isnan(gene.answers({"industry": ["other"]})["industry_gene_often"][0])
    assert [(f.code, f.examples) for f in gene.findings if f.code == "no_population"] == [
        ("no_population", ("other",))
    ]


@pytest.mark.parametrize(
    ("accounts_of", "said"),
    [
        ([3, 4], "must be a mapping"),
        ({"wid": 30}, "must name some industry"),
        ({"wide": 29}, "at least 30 for 'wide'.*29"),
        ({"wide": math.inf}, "at least 30 for 'wide'"),
        ({"wide": "many"}, "at least 30 for 'wide'"),
    ],
)
def test_a_population_that_cannot_be_is_refused(accounts_of: Any, said: str) -> None:
    """Not fewer accounts than bought, and names that the deals know."""
    with pytest.raises(ka.SpecError, match="(?s)Gene.fit\\(accounts_of\\).*" + said):
        ka.Gene.fit(wide_and_one(), at="at", account="account", accounts_of=accounts_of)


def test_large_deals_of_one_amount_say_nothing_of_size() -> None:
    """No rounding decides: without a spread the answer is unknown, and amounts stay as they are."""
    for amount in (50_000.0, 0.1, 3333.33):
        deals = {"industry": ["a"] * 13 + ["b"] * 17, "amount": [amount] * 30}
        gene = ka.Gene.fit(deals)
        assert np.isnan(gene.answers({"industry": ["a", "b"]})["industry_gene_large"]).all()
        for entry in gene.entries:
            assert entry.size == ka.GeneMeasure(
                raw=amount, shrunk=amount, low=amount, high=amount, lift=1.0
            )
        assert gene.size is not None
        assert gene.size.mean == amount
        assert "no_spread" in told(gene)
    apart = {"industry": ["a"] * 12 + ["b"] * 12, "amount": [50_000.0] * 12 + [70_000.0] * 12}
    gene = ka.Gene.fit(apart, large=1)
    assert [e.size.raw for e in gene.entries if e.size is not None] == [50_000.0, 70_000.0]
    assert np.isnan(gene.answers({"industry": ["a", "b"]})["industry_gene_large"]).all()


def test_a_day_is_no_year() -> None:
    """Below the least span nothing is said by the year nor of what recurs, and a finding tells."""
    deals = {**drawn(), "at": np.full(600, np.datetime64("2024-05-01"))}
    gene = ka.Gene.fit(deals, at="at", accounts_of={"finance": 40})
    assert (gene.per_year, gene.per_account_year, gene.recurrence) == (None, None, None)
    assert gene.stretches is None
    assert told(gene) == {"short_span": 1}
    assert "span 1 days, fewer than 183" in gene.findings[0].message
    assert np.isnan(gene.answers({"industry": ["finance"]})["industry_gene_often"][0])
    assert gene.row("finance")["answers"]["often"] == "not measured"
    short = ka.Gene.fit(deals, at="at", min_years=0)
    assert short.per_year is not None
    assert short.findings == ()
    assert ka.Gene.fit(drawn(), years=0.2).per_year is None


def test_the_lookup_is_made_once_and_stays_at_home() -> None:
    """One table for all calls, and not in a pickle."""
    gene = ka.Gene.fit(drawn(), at="at")
    plain = pickle.dumps(gene)
    before = gene.answers({"industry": "finance"})
    kept = vars(gene)["_lookup"]
    gene.answers({"industry": "retail"})
    assert vars(gene)["_lookup"] is kept
    assert pickle.dumps(gene) == plain
    again = pickle.loads(plain)  # noqa: S301 - its own bytes
    assert again == gene
    for code, column in again.answers({"industry": "finance"}).items():
        np.testing.assert_array_equal(column, before[code])


def test_not_enough_deals_is_said_plainly() -> None:
    """No answer below the minimum, and the words say how many there are."""
    rng = np.random.default_rng(9)
    deals = {
        "customer": ["A"] * 3 + ["B"] * 40 + ["C"] * 40,
        "amount": np.array([5.0, 9.0, 1.0] + [9.0] * 40 + [9.0] * 3 + [1.0] * 37)
        * rng.lognormal(0.0, 0.1, 83),
    }
    gene = ka.Gene.fit(deals, by="customer", large=5, years=1)
    assert (gene.enough("A"), gene.enough("B")) == (False, True)
    assert gene.row("A")["enough"] == "not enough deals (3 of 10)"
    assert gene.row("B")["enough"] == "yes"
    answers = gene.answers({"customer": ["A", "B", "new", None]})
    assert list(answers) == [f"customer_gene_{asked}" for asked in ("many", "large", "often")]
    assert np.isnan(answers["customer_gene_many"]).tolist() == [True, False, True, True]
    assert gene.row("A")["answers"]["large"] == "not enough deals (3 of 10)"
    assert gene.columns()["note"].tolist() == ["not enough deals (3 of 10)", "", ""]
    assert "not enough deals (3 of 10)" in gene._repr_html_()


def test_answers_take_the_names_that_are_asked_for() -> None:
    """A question of another name gets its answer under that name."""
    gene = ka.Gene.fit(drawn(), codes={"many": "q1", "often": "q3"}, years=2.0)
    assert gene.codes == ("q1", "industry_gene_large", "q3")
    assert list(gene.answers({"industry": "finance"})) == list(gene.codes)
    assert gene.reads == ("industry",)
    assert set(gene.writes) == set(gene.codes)
    assert isinstance(gene, ka.RowWise)


def test_its_answers_open_the_gate() -> None:
    """The columns of answers are those the first gate of experience inference reads."""
    gene = ka.Gene.fit(drawn(), at="at")
    first = ka.experience_inference().gates[0]
    assert {q.column for q in first.questions} == set(gene.codes)


def test_each_row_is_looked_up_alone() -> None:
    """Row-wise: in any order, split, as scalars, in any container."""
    gene = ka.Gene.fit(drawn(), at="at")
    assert_row_wise(gene, {"industry": ["retail", "finance", None, "unseen", "energy", "finance"]})


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_container_teaches_the_same(container: str) -> None:
    """A dict, pandas, polars, pyarrow or structured array: one gene."""
    deals: dict[str, Any] = {"industry": ["a", "b", "a", "b"], "amount": [1.0, 2.0, 30.0, 4.0]}
    found = ka.Gene.fit(as_container(deals, container), large=4)
    assert found == ka.Gene.fit(deals, large=4)


@settings(max_examples=60)
@given(ROWS, st.randoms(use_true_random=False), st.sampled_from([None, 100.0, 1e9]))
def test_the_order_of_deals_changes_nothing(
    rows: list[tuple[Any, ...]], random: Any, large: float | None
) -> None:
    """Book-wise to the last bit; every row is a deal of a label or a finding; bounds hold."""
    try:
        gene = ka.Gene.fit(table(rows), large=large, at="at", account="account", min_deals=2)
    except ka.NotEnoughDataError:
        kept = [a for label, a, *_ in rows if label is not None and 0.0 <= a < math.inf]
        assert not any(kept)
        return
    random.shuffle(rows)
    again = ka.Gene.fit(table(rows), large=large, at="at", account="account", min_deals=2)
    assert ka.digest(again) == ka.digest(gene)
    c = gene.counts
    assert gene.deals + c.no_label + c.no_amount + c.negative == c.rows == len(rows)
    assert ka.from_data(ka.to_data(gene)) == gene
    for entry in gene.entries:
        measures = [entry.many, entry.share, entry.size, entry.recurrence, entry.per_year]
        for m in measures:
            if m is not None:
                assert m.low <= m.high
                assert m.above is None or 0.0 <= m.above <= 1.0
        pool = gene.share.mean
        raw, shrunk = entry.share.raw, entry.share.shrunk
        assert min(raw, pool) - 1e-12 <= shrunk <= max(raw, pool) + 1e-12
    for column in gene.answers(table(rows)).values():
        known = column[~np.isnan(column)]
        assert ((known >= 0.0) & (known <= 1.0)).all()


def test_many_customers_are_learned_alike_in_any_order() -> None:
    """To the last bit; customers of the same counts share one measure, made once."""
    rng = np.random.default_rng(8)
    deals = {
        "customer": [f"C-{k}" for k in rng.integers(0, 800, 4_000)],
        "amount": rng.lognormal(8.0, 1.2, 4_000).round(2),
        "at": np.datetime64("2023-01-01") + rng.integers(0, 1_000, 4_000),
    }
    order = rng.permutation(4_000)
    gene = ka.Gene.fit(deals, by="customer", at="at")
    turned = {name: np.asarray(column)[order] for name, column in deals.items()}
    again = ka.Gene.fit(turned, by="customer", at="at")
    assert ka.digest(again) == ka.digest(gene)
    assert gene.many.mean == pytest.approx(sum(e.many.raw for e in gene.entries) / len(gene))
    for measure in ("many", "share", "recurrence", "per_year"):
        made = [getattr(entry, measure) for entry in gene.entries]
        assert len({id(one) for one in made}) == len(set(made)) < 60
    assert gene.years is not None
    for entry in gene.entries:
        assert entry.per_year is not None
        assert entry.per_year.raw == entry.many.raw / gene.years


@settings(max_examples=20)
@given(st.integers(2, 4), st.integers(0, 50))
def test_more_of_the_same_says_it_more_surely(times: int, seed: int) -> None:
    """Deals repeated: the same raw share and pool, narrower intervals at the same strength."""
    deals = drawn(seed, 60)
    once = ka.Gene.fit(deals, large=5_000)
    more = ka.Gene.fit({k: np.tile(v, times) for k, v in deals.items()}, large=5_000)
    assert more.share.mean == pytest.approx(once.share.mean)
    for a, b in zip(once.entries, more.entries, strict=True):
        assert b.deals == times * a.deals
        assert b.share.raw == a.share.raw


def test_no_large_deal_and_only_large_deals_have_no_answer() -> None:
    """Where the pool leaves no doubt nothing is above it; a finding says that none is large."""
    deals = {"industry": ["a"] * 10 + ["b"] * 10, "amount": [5.0] * 20}
    none = ka.Gene.fit(deals, large=100, years=1)
    assert told(none) == {"no_large_deal": 0}
    assert none.entries[0].share == ka.GeneMeasure(raw=0.0, shrunk=0.0, low=0.0, high=0.0)
    assert none.entries[0].size is None
    assert all(np.isnan(c).all() for c in none.answers({"industry": ["a"]}).values())
    every = ka.Gene.fit(deals, large=5, years=1)
    assert every.entries[0].share.lift == 1.0
    assert every.entries[0].share.above is None


def test_what_is_not_known_is_left_out_not_made_up() -> None:
    """No dates and no years: no rates; no days in the column: a finding."""
    deals = {"industry": ["a", "b"], "amount": [1.0, 2.0], "at": [None, None]}
    gene = ka.Gene.fit(deals, at="at", min_deals=1)
    assert (gene.years, gene.per_year, gene.entries[0].per_year) == (None, None, None)
    assert told(gene) == {"no_date": 2, "no_spread": 0}
    assert np.isnan(gene.answers({"industry": ["a"]})["industry_gene_often"][0])
    assert "per_year_raw" not in gene.columns()
    odd = {"industry": ["a", "a", None], "amount": [math.inf, 3.0, -1.0]}
    assert told(ka.Gene.fit(odd)) == {
        "no_label": 1,
        "no_amount": 1,
        "infinite": 1,
        "one_label": 1,
    }


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"by": "industri"}, ka.ColumnNotFoundError, "did you mean 'industry'"),
        ({"amount": "amont"}, ka.ColumnNotFoundError, "did you mean 'amount'"),
        ({"amount": "industry"}, ka.KeyAccountError, "number"),
        ({"large": 0}, ka.SpecError, "Gene.fit\\(large\\)"),
        ({"large": "big"}, ka.SpecError, "Gene.fit\\(large\\)"),
        ({"large_share": 1.0}, ka.SpecError, "Gene.fit\\(large_share\\)"),
        ({"level": 90}, ka.SpecError, "Gene.fit\\(level\\).*90"),
        ({"years": -1}, ka.SpecError, "Gene.fit\\(years\\)"),
        ({"min_years": "long"}, ka.SpecError, "Gene.fit\\(min_years\\)"),
        ({"stretches_a_year": 2.5}, ka.SpecError, "whole number.*2.5"),
        ({"stretches_a_year": 0}, ka.SpecError, "Gene.fit\\(stretches_a_year\\)"),
        ({"sure": 1.0}, ka.SpecError, "sure"),
        ({"min_deals": -1}, ka.SpecError, "min_deals"),
        ({"codes": {"mony": "q"}}, ka.SpecError, "did you mean 'many'"),
        ({"codes": {"many": "q", "often": "q"}}, ka.SpecError, "unique"),
    ],
)
def test_what_cannot_be_is_refused(
    options: dict[str, Any], error: type[Exception], said: str
) -> None:
    """Misspelt columns and impossible options are typed errors with the way out."""
    deals = {"industry": ["a", "b"], "amount": [1.0, 2.0]}
    with pytest.raises(error, match="(?s)" + said):
        ka.Gene.fit(deals, **options)


def test_nothing_to_learn_from_is_said() -> None:
    """No deals, no labels, no amounts."""
    for label, amount in (([], []), ([None], [1.0]), (["a"], [None]), (["a"], [-1.0])):
        with pytest.raises(ka.NotEnoughDataError, match=r"Gene\.fit cannot learn"):
            ka.Gene.fit({"industry": label, "amount": amount})
    with pytest.raises(ka.NotEnoughDataError, match="amount"):
        ka.Gene.fit({"industry": ["a"], "amount": [0.0]})
    with pytest.raises(ka.ColumnError, match="differ in length"):
        ka.Gene.fit({"industry": ["a", "b"], "amount": [1.0]})
    gene = ka.Gene.fit({"industry": "a", "amount": 5.0})
    assert gene.deals == 1
    with pytest.raises(ka.SpecError, match="must be one of 'a'"):
        gene.row("b")


def test_a_gene_is_held_to_its_rules() -> None:
    """Entries once each and in order, large ones among the deals, three names."""
    gene = ka.Gene.fit(drawn())
    options: dict[str, Any] = {
        "large": 1.0,
        "many": gene.many,
        "share": gene.share,
        "counts": gene.counts,
    }
    assert ka.Gene("industry", gene.entries[::-1], **options).entries == gene.entries
    for wrong in ([*gene.entries, gene.entries[0]], "abc", [1]):
        with pytest.raises(ka.SpecError, match="entries"):
            ka.Gene("industry", wrong, **options)
    with pytest.raises(ka.SpecError, match="three names"):
        ka.Gene("industry", gene.entries, codes=("a", "b"), **options)
    with pytest.raises(ka.SpecError, match="at most the 1 deals"):
        ka.GeneEntry(
            label="a",
            deals=1,
            large_deals=2,
            many=gene.entries[0].many,
            share=gene.entries[0].share,
        )
    with pytest.raises(ka.SpecError, match=r"Gene\.sure.*at least 0\.5"):
        ka.Gene("industry", gene.entries, sure=0.4, **options)
