"""Win evidence: what it learns from, what each fact does, and what it must not do."""

from __future__ import annotations

import math
import pickle
import re
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.scoring.evidence import LabelCounts, WinCounts
from keyaccount.testing import (
    CONTAINERS,
    as_container,
    assert_row_wise,
    assert_same_bits,
    deals,
    win_evidence,
)

SOME = settings(max_examples=40)
FIELDS = ("sector", "product")

PAST: dict[str, Any] = {
    "sector": ["retail"] * 10 + ["finance"] * 10,
    "product": ["a", "b"] * 10,
    "amount": [100.0, 2_000.0] * 10,
    "won": [True] * 7 + [False] * 3 + [True] * 2 + [False] * 8,
}


def fitted(past: Any = None, fields: Any = FIELDS, **options: Any) -> ka.WinEvidence:
    """Learn from the past above, but for what is said."""
    return ka.WinEvidence.fit(past or PAST, fields, **options)


def nonsense(value: object) -> Any:
    """Pass what a type checker would refuse."""
    return value


def with_both(book: Any) -> Any:
    """Add a won and a lost deal, so that there is always something to learn."""
    more = {"sector": "retail", "product": 1, "amount": 5.0, "team": "east"}
    more["closed"] = book["closed"][0] if book["closed"] else None
    return {n: [*c, *([True, False] if n == "won" else [more[n]] * 2)] for n, c in book.items()}


# --- What it learns -------------------------------------------------------------------------------


@SOME
@given(book=deals(), team=st.booleans(), random=st.randoms(use_true_random=False))
def test_the_order_of_the_deals_does_not_matter(book: Any, team: bool, random: Any) -> None:
    """Permuted, the deals teach the same spec."""
    past = with_both(book)
    rows = list(range(len(past["won"])))
    random.shuffle(rows)
    turned = {name: [cells[i] for i in rows] for name, cells in past.items()}
    options: dict[str, Any] = {"team": "team", "min_team": 1} if team else {}
    fields = ("sector", "amount")
    bands = {"amount": (1_000,)}
    one = ka.WinEvidence.fit(past, fields, bands=bands, **options)
    assert ka.WinEvidence.fit(turned, fields, bands=bands, **options) == one


@SOME
@given(book=deals())
def test_open_deals_teach_nothing_and_are_counted(book: Any) -> None:
    """With and without them the counts are the same."""
    past = with_both(book)
    ended = [i for i, won in enumerate(past["won"]) if won is not None]
    closed = {name: [cells[i] for i in ended] for name, cells in past.items()}
    one, other = fitted(past), fitted(closed)
    assert one.counts == other.counts
    assert dict(one.left_out)["open"] == len(past["won"]) - len(ended)
    assert dict(other.left_out)["open"] == 0
    assert sum(one.learned_from) == len(ended)
    assert one.base_rate == one.learned_from[0] / len(ended)


def test_only_deals_closed_before_the_day_are_learned_from() -> None:
    """The day itself is too late, and a deal without a day is left out: both are counted."""
    past = {
        "sector": ["a", "a", "b", "b", "c", "d"],
        "won": [True, False, True, True, False, None],
        "closed": ["2026-01-01", "2026-06-30", "2026-07-01", "2026-08-01", None, "2026-01-05"],
    }
    found = fitted(past, ["sector"], closed="closed", before="2026-07-01")
    assert found.learned_from == (1, 1)
    assert found.left_out == (("open", 1), ("no close date", 1), ("closed later", 2))
    assert found.counts is not None
    assert [label for label, _ in found.counts.of(None).fields[0].counts] == ["a"]
    assert str(found.before) == "2026-07-01"


@given(st.data())
def test_the_future_cannot_leak(data: st.DataObject) -> None:
    """Whatever becomes of deals closed from the day on, what is learned is the same."""
    past = with_both(data.draw(deals(min_size=1)))
    past["closed"][-2:] = ["2026-01-01"] * 2
    later = [not c or str(c) >= "2026-07-01" for c in past["closed"]]
    options: dict[str, Any] = {"closed": "closed", "before": "2026-07-01"}
    changed = {
        name: [
            data.draw(st.sampled_from([x, *cells])) if late and name != "closed" else x
            for x, late in zip(cells, later, strict=True)
        ]
        for name, cells in past.items()
    }
    assert fitted(past, **options).counts == fitted(changed, **options).counts


def test_numbers_are_cut_into_bands() -> None:
    """A number equal to a cut belongs to the upper band; the table names the bands."""
    past = {"amount": [1.0, 999.0, 1_000.0, 5_000.0, -3.0], "won": [1, 0, 1, 0, 0]}
    evidence = fitted(past, ["amount"], bands={"amount": (1_000, 5_000)})
    table = evidence.table()
    assert table["label"].tolist() == ["< 1000", "[1000, 5000)", "≥ 5000"]
    assert table["won"].tolist() == [1, 1, 0]
    assert table["lost"].tolist() == [2, 0, 1]
    assert evidence.bands == (("amount", ka.Cuts((1_000, 5_000))),)
    again = fitted(past, ["amount"], bands={"amount": ka.Cuts((1_000, 5_000))})
    assert again == evidence
    assert fitted(past, ["amount"], bands={"amount": ()}).table()["label"].tolist() == ["any"]


@pytest.mark.parametrize("won", [[1, 0, None], [True, False, None], [1.0, 0.0, math.nan],
                                 [1.0, 0.0, math.inf]])  # fmt: skip
def test_outcomes_are_true_false_or_open(won: Any) -> None:
    """However they are written."""
    found = fitted({"sector": ["a", "b", "c"], "won": won}, ["sector"])
    assert found.learned_from == (1, 1)
    assert dict(found.left_out)["open"] == 1


@pytest.mark.parametrize("won", [["True", "False", "False"], ["won", "lost", "lost"]])
def test_outcomes_as_texts_are_asked_for_as_true_and_false(won: list[str]) -> None:
    """Not as numbers."""
    with pytest.raises(ka.RowError, match="3 rows hold neither true nor false") as caught:
        fitted({"sector": ["a", "b", "c"], "won": won}, ["sector"])
    assert caught.value.hint.startswith("write True for a won deal and False for a lost one")


# --- What each fact does --------------------------------------------------------------------------


@SOME
@given(evidence=win_evidence(), book=deals())
def test_log_odds_are_the_prior_and_the_factors(evidence: Any, book: Any) -> None:
    """Added in declared order, to the last bit; probabilities stay inside (0, 1)."""
    found = evidence.predict(book)
    total = found.prior.copy()
    for column in found.factors.T:
        total += column
    assert_same_bits(found.log_odds, total + 0.0, "log odds")
    assert ((found.probability > 0.0) & (found.probability < 1.0)).all()
    assert (found.factors[~found.known] == 0.0).all()
    assert (found.deals_behind[~found.known] == 0).all()
    assert (found.deals_behind[found.known] > 0).all()


@SOME
@given(evidence=win_evidence(), book=deals())
def test_each_deal_is_judged_alone(evidence: Any, book: Any) -> None:
    """Permuted, split, alone in a batch or as a dict of scalars: the same to the last bit."""
    assert isinstance(evidence, ka.RowWise)
    assert_row_wise(evidence, book)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [None, "", "never seen", math.nan])
def test_what_is_missing_or_unseen_changes_nothing(field: str, value: Any) -> None:
    """The odds are those of the other facts alone, exactly."""
    deal = {"sector": "retail", "product": "a", field: value}
    other = "product" if field == "sector" else "sector"
    alone = fitted(fields=[other]).predict(deal)
    found = fitted().predict(deal)
    assert found.log_odds[0] == alone.log_odds[0]
    assert not found.known[0, FIELDS.index(field)]


def test_infinite_numbers_are_missing_with_a_finding() -> None:
    """A band is for numbers that are."""
    evidence = fitted(fields=["amount"], bands={"amount": (1_000,)})
    found = evidence.predict({"amount": [math.inf, -math.inf, math.nan, 5.0]})
    assert found.known[:, 0].tolist() == [False, False, False, True]
    assert [(f.code, f.count, f.where) for f in found.findings] == [("infinite", 2, "amount")]


@SOME
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 20), st.integers(0, 20))
def test_more_wins_with_a_label_raise_its_factor(won: int, lost: int, a: int, b: int) -> None:
    """One more won deal of a sector raises its factor, one more lost deal lowers it."""

    def factor(won_a: int, lost_a: int) -> float:
        past = {
            "sector": ["a"] * (won_a + lost_a) + ["b"] * (won + lost),
            "won": [1] * won_a + [0] * lost_a + [1] * won + [0] * lost,
        }
        return float(fitted(past, ["sector"]).predict({"sector": "a"}).factors[0, 0])

    assume(a + b > 0)
    assert factor(a + 1, b) > factor(a, b) > factor(a, b + 1)


@SOME
@given(evidence=win_evidence(team=False), book=deals())
def test_won_and_lost_are_symmetric(evidence: ka.WinEvidence, book: Any) -> None:
    """With every outcome turned round, the probabilities are those of losing."""
    assert evidence.counts is not None
    pool = evidence.counts.of(None)
    turned = [LabelCounts(f.field, {n: (b, a) for n, (a, b) in f.counts}) for f in pool.fields]
    other = attrs.evolve(
        evidence, counts=ka.ByGroup({}, pool=WinCounts(pool.lost, pool.won, fields=turned))
    )
    losing = other.predict(book).probability
    np.testing.assert_allclose(1.0 - losing, evidence.predict(book).probability, rtol=1e-9)


def test_no_probability_is_0_or_1_whatever_speaks_for_it() -> None:
    """Twenty fields that all but prove it: the log odds tell more than the probability can."""
    n = 2_000
    fields = [f"f{i}" for i in range(20)]
    past: dict[str, Any] = {f: ["y"] * n + ["n"] * n for f in fields}
    past["won"] = [True] * n + [False] * n
    found = fitted(past, fields).predict({f: ["y", "n"] for f in fields})
    assert found.log_odds[0] > 100.0
    assert 1.0 - 1e-15 < found.probability[0] < 1.0
    assert 0.0 < found.probability[1] < 1e-15


def test_a_field_that_says_nothing_has_factors_of_1() -> None:
    """One label on every deal, or nothing known at all: the base rate stays as it is."""
    past = {"x": ["same"] * 4, "y": [None] * 4, "won": [1, 0, 0, 0]}
    evidence = fitted(past, ["x", "y"])
    found = evidence.predict({"x": ["same"], "y": ["whatever"]})
    assert found.probability[0] == pytest.approx(0.25)
    assert found.factors.tolist() == [[0.0, 0.0]]
    assert evidence.table()["label"].tolist() == ["same"]


# --- What it shows --------------------------------------------------------------------------------


def test_a_deal_shows_its_reasons() -> None:
    """Each fact with its label, its factor and the deals behind it; neutral ones say why."""
    found = fitted().predict({"sector": ["retail", "media"], "product": ["a", None]})
    ratio = ((7 + 1) / (9 + 2)) / ((3 + 1) / (11 + 2))
    row = found.row(0)
    assert row["evidence"]["sector"] == f"'retail' ×{ratio:.3g}, on 7 won and 3 lost deals"
    assert row["before any fact"] == "45 % (9 won and 11 lost deals)"
    assert found.row(-1)["evidence"] == {
        "sector": "'media' was never seen, so neutral",
        "product": "missing, so neutral",
    }
    assert found.deals_behind.tolist() == [[10, 10], [0, 0]]
    (finding,) = found.findings
    assert (finding.code, finding.count, finding.examples) == ("unseen", 1, ("media",))
    assert not found.pooled.any()


def test_results_come_as_columns() -> None:
    """Aligned with the input; what is written row by row is among them."""
    evidence = fitted()
    found = evidence.predict(PAST)
    columns = found.columns()
    assert list(evidence.writes) == [
        "win_probability", "win_log_odds", "factor_sector", "factor_product",
    ]  # fmt: skip
    assert set(evidence.writes) < set(columns)
    assert all(len(column) == len(found) == 20 for column in columns.values())
    assert columns["deals_sector"].tolist() == [10] * 20
    assert "20 deals" in found._repr_html_()
    assert repr(found) == "<WinProbabilities of 20 deals by sector, product>"
    with pytest.raises(ka.RowError):
        found.row(20)


@pytest.mark.parametrize("how", CONTAINERS)
def test_deals_come_in_any_container(how: Any) -> None:
    """Learned from and predicted for, they say the same."""
    past = as_container(PAST, how)
    evidence = ka.WinEvidence.fit(past, FIELDS)
    assert evidence == fitted()
    assert_same_bits(
        evidence.predict(past).probability, fitted().predict(PAST).probability, str(how)
    )


def test_integer_fields_are_labels() -> None:
    """1, 1.0 and "1" are one label, however long the column is."""
    past = {"x": np.array([1, 2] * 100), "won": np.array([True, True, False, True] * 50)}
    evidence = fitted(past, ["x"])
    found = [evidence.predict({"x": x}).log_odds[0] for x in (1, 1.0, "1", np.int8(1))]
    assert len(set(found)) == 1
    assert evidence.table()["label"].tolist() == ["1", "2"]


def test_no_deals_make_no_probabilities() -> None:
    """Empty in, empty out, in every part of the result."""
    found = fitted().predict({"sector": [], "product": []})
    assert len(found) == 0
    assert found.factors.shape == found.known.shape == found.deals_behind.shape == (0, 2)
    assert found.findings == ()


# --- What it is -----------------------------------------------------------------------------------


@given(evidence=win_evidence())
def test_evidence_is_a_value(evidence: ka.WinEvidence) -> None:
    """Frozen, hashable, and equal after a trip through data or a pickle, used or not."""
    book = {"sector": ["retail"], "product": [1], "amount": [5.0], "team": ["east"]}
    before = evidence.predict(book).probability
    for copy in (ka.from_data(ka.to_data(evidence)), pickle.loads(pickle.dumps(evidence))):  # noqa: S301 - our own
        assert copy == evidence
        assert hash(copy) == hash(evidence)
        assert_same_bits(copy.predict(book).probability, before, "copied")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        evidence.smoothing = 2.0  # type: ignore[misc]


def test_evidence_that_has_learned_nothing_cannot_be_used() -> None:
    """It can be stored; every use says what is missing."""
    spec = ka.WinEvidence(fields=["sector"])
    assert ka.from_data(ka.to_data(spec)) == spec
    for use in (lambda: spec.predict({"sector": "a"}), lambda: spec.base_rate, spec.table):
        with pytest.raises(ka.NotFittedError, match="win evidence has learned nothing yet"):
            use()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fields": "sector"}, "WinEvidence.fields must be texts"),
        ({"fields": []}, "must name at least one column"),
        ({"fields": ["sector", "sector"]}, "must have unique names (got ['sector'])"),
        ({"fields": ["sector", "won"]}, "must not hold what is only known with the outcome"),
        ({"fields": ["sector"], "team": "won"}, "only known with the outcome (got 'won')"),
        ({"team": "sector"}, "WinEvidence.team must be none of the fields (got 'sector')"),
        ({"bands": {"amount": (1, 2)}}, "WinEvidence.bands must map some of the fields"),
        ({"bands": {"sector": (2, 1)}}, "Cuts.edges must be finite numbers, each above"),
        ({"bands": 5}, "WinEvidence.bands must map some of the fields"),
        ({"smoothing": 0}, "WinEvidence.smoothing must be a number from 1e-09 to 1e+09 (got 0.0)"),
        ({"smoothing": math.nan}, "WinEvidence.smoothing must be a number"),
        ({"team_strength": -1}, "WinEvidence.team_strength must be a number"),
        ({"min_team": -1}, "WinEvidence.min_team must be a whole number"),
        ({"closed": "closed"}, "closed, before) go together (got ('closed', None))"),
        ({"before": "2026-07-01"}, "go together"),
        ({"closed": "closed", "before": "soon"}, "WinEvidence.before must be a date (got 'soon')"),
        ({"closed": "sector", "before": "2026-07-01"}, "only known with the outcome"),
    ],
)
def test_options_that_cannot_be_are_refused(change: Any, said: str) -> None:
    """The error names the option, with what was met."""
    with pytest.raises(ka.SpecError, match=re.escape(said)):
        ka.WinEvidence.fit(PAST, **{"fields": FIELDS, **change})


@pytest.mark.parametrize(
    ("past", "error", "said"),
    [
        ({**PAST, "won": [True] * 20}, ka.NotEnoughDataError, "(got 20 won and 0 lost)"),
        ({**PAST, "won": [None] * 20}, ka.NotEnoughDataError, "(got 0 won and 0 lost)"),
        ({"sector": [], "product": [], "won": []}, ka.NotEnoughDataError, "got 0 won"),
        ({**PAST, "won": [2] + [1] * 19}, ka.RowError, "1 row holds neither true nor false"),
        ({**PAST, "won": ["Won"] * 20}, ka.RowError, "'Won'"),
        ({**PAST, "won": [True] * 3}, ka.ColumnError, "columns differ in length"),
        ({"sector": ["a"], "Product": ["b"], "won": [1]}, ka.ColumnNotFoundError, "'Product'"),
        ({"sector": ["a"], "product": ["b"], "Won": [1]}, ka.ColumnNotFoundError, "'Won'"),
        ([1, 2], ka.ColumnError, "columns must come in a container that names them (got list)"),
    ],
)
def test_deals_that_cannot_be_learned_from_are_refused(past: Any, error: Any, said: str) -> None:
    """Typed errors in plain words."""
    with pytest.raises(error, match=re.escape(said)):
        ka.WinEvidence.fit(past, FIELDS)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: LabelCounts("x", {"a": (0, 0)}), "must hold labels that were seen"),
        (lambda: LabelCounts("x", {"a": (1, -1)}), "must map labels to their won and lost"),
        (lambda: LabelCounts("x", {"a": 3}), "must map labels to their won and lost"),
        (lambda: LabelCounts("x", [("a", (1, 1)), ("a", (2, 2))]), "must name each label once"),
        (lambda: LabelCounts("x", {None: (1, 1)}), "must name each label once"),
        (lambda: LabelCounts("x", 7), "must map labels"),
        (lambda: WinCounts(1, 1, fields=[LabelCounts("x", {"a": (2, 0)})]), "no more deals than"),
        (lambda: WinCounts(1, 1, fields=["x"]), "must be label counts"),
        (lambda: WinCounts(-1, 1, fields=[]), "WinCounts.won must be a whole number"),
        (
            lambda: ka.WinEvidence(
                fields=["y"],
                counts=ka.ByGroup(
                    {}, pool=WinCounts(1, 1, fields=[LabelCounts("x", {"a": (1, 1)})])
                ),
            ),
            "WinEvidence.counts must count won and lost deals by the fields",
        ),
        (lambda: ka.WinEvidence(fields=["y"], counts=nonsense(5)), "WinEvidence.counts must count"),
        (lambda: ka.WinEvidence(fields=["y"], left_out={"open": -1}), "WinEvidence.left_out"),
        (lambda: ka.WinEvidence(fields=["y"], left_out=3), "must map reasons"),
    ],
)
def test_counts_that_cannot_be_are_refused(make: Any, said: str) -> None:
    """A spec written by hand is held to the same."""
    with pytest.raises(ka.SpecError, match=re.escape(said)):
        make()
