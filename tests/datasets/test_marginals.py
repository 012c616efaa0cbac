"""The distributions that the reference states are those that come out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

import keyaccount as ka
from keyaccount.datasets import SyntheticBook

AS_OF = "2026-09-30"


@pytest.fixture(scope="module")
def summary(clean: SyntheticBook) -> ka.PurchaseSummary:
    """Sum the purchase log up."""
    return ka.purchase_summary(
        clean.orders, customer="account_id", at="date", amount="amount", as_of=AS_OF
    )


def hill(values: NDArray[np.float64], largest: int) -> float:
    """Estimate the tail index from the largest values (Hill 1975)."""
    found = np.sort(values)[::-1][: largest + 1]
    return float(1.0 / np.mean(np.log(found[:-1] / found[-1])))


def test_size_and_spend_have_the_stated_tail(
    clean: SyntheticBook, summary: ka.PurchaseSummary
) -> None:
    """The tail index of size is 1.6, and that of spend is as heavy."""
    assert hill(clean.truth["size"], 100) == pytest.approx(1.6, abs=0.4)
    assert hill(summary.total, 100) == pytest.approx(1.6, abs=0.5)


def test_a_fifth_of_the_customers_brings_most_of_the_money(summary: ka.PurchaseSummary) -> None:
    """A fifth of the customers brings two thirds of the money, about."""
    spend = np.sort(summary.total)[::-1]
    assert 0.58 < spend[: len(spend) // 5].sum() / spend.sum() < 0.78


def test_orders_peak_before_the_end_of_the_year(clean: SyntheticBook) -> None:
    """Two and a half times as much is ordered in December as in June; at weekends hardly any."""
    orders = clean.orders
    repeats = np.array([deal is None for deal in orders["deal_id"]]) & (orders["amount"] > 0)
    month = orders["date"][repeats].astype("datetime64[M]").astype(int) % 12
    by_month = np.bincount(month, minlength=12)
    assert by_month.argmax() in {10, 11}
    assert by_month.argmin() in {4, 5}
    weekday = (orders["date"][repeats].astype(int) + 3) % 7
    assert (weekday >= 5).mean() == pytest.approx(0.2 / 5.2, abs=0.01)


def test_schools_buy_in_august(clean: SyntheticBook) -> None:
    """The season is that of the sector: education buys in August."""
    of = dict(zip(clean.accounts["account_id"], clean.accounts["sector"], strict=True))
    orders = clean.orders
    rows = np.array([of[a] == "education" for a in orders["account_id"]]) & (orders["amount"] > 0)
    month = orders["date"][rows].astype("datetime64[M]").astype(int) % 12
    assert np.bincount(month).argmax() in {6, 7, 8}


def test_a_quarter_of_the_customers_has_left(clean: SyntheticBook) -> None:
    """The share that left is that of the stated Gamma of leaving rates, 0.12 a year."""
    truth = clean.truth
    years = (np.datetime64(AS_OF) - truth["customer_since"]).astype(float) / 365.25
    expected = 1.0 - (1.0 + 0.08 * years) ** -1.5
    assert (~np.isnat(truth["left_on"])).mean() == pytest.approx(expected.mean(), abs=0.02)


def test_who_left_orders_no_more(clean: SyntheticBook) -> None:
    """No repeat order comes after a customer left, nor before it came."""
    truth, orders = clean.truth, clean.orders
    place = {a: i for i, a in enumerate(truth["account_id"])}
    repeats = np.array([deal is None for deal in orders["deal_id"]]) & (orders["amount"] > 0)
    rows = np.array([place[a] for a in orders["account_id"][repeats]])
    days = orders["date"][repeats]
    left = truth["left_on"][rows]
    assert (np.isnat(left) | (days <= left)).all()
    assert (days >= truth["customer_since"][rows]).all()


def test_orders_come_at_the_rate_of_the_customer(clean: SyntheticBook) -> None:
    """The rates behind the orders are in them: customers of the upper half order more."""
    truth, orders = clean.truth, clean.orders
    place = {a: i for i, a in enumerate(truth["account_id"])}
    repeats = np.array([deal is None for deal in orders["deal_id"]]) & (orders["amount"] > 0)
    found = np.bincount([place[a] for a in orders["account_id"][repeats]], minlength=len(place))
    until = np.where(np.isnat(truth["left_on"]), np.datetime64(AS_OF), truth["left_on"])
    years = (until - truth["customer_since"]).astype(float) / 365.25
    expected = truth["orders_per_year"] * years
    assert found.sum() / expected.sum() == pytest.approx(1.0, abs=0.03)
    pearson = (found - expected) / np.sqrt(np.maximum(expected, 0.1))
    assert np.mean(pearson[expected > 5] ** 2) == pytest.approx(1.0, abs=0.2)


def test_refunds_are_few_and_never_more_than_their_order(clean: SyntheticBook) -> None:
    """Two or three rows of a hundred are refunds: of an earlier order, and of no more than it."""
    orders = clean.orders
    refund = orders["amount"] < 0
    assert refund.mean() == pytest.approx(0.025, abs=0.006)
    assert (np.isnan(orders["refund_of"]) != refund).all()
    of = orders["refund_of"][refund].astype(int) - 1
    assert (orders["order_id"][of] == of + 1).all()
    assert (-orders["amount"][refund] <= orders["amount"][of]).all()
    assert (orders["account_id"][refund] == orders["account_id"][of]).all()
    assert (orders["date"][refund] > orders["date"][of]).all()
    whole = -orders["amount"][refund] == orders["amount"][of]
    assert whole.mean() == pytest.approx(0.5, abs=0.06)


def test_budgets_are_of_at_least_what_was_spent(clean: SyntheticBook) -> None:
    """A budget holds the spend of the last year, as logged; three budgets of ten are unknown."""
    wallets, orders = clean.wallets, clean.orders
    known = ~np.isnan(wallets["budget"])
    assert known.mean() == pytest.approx(0.7, abs=0.03)
    assert (wallets["budget"][known] >= wallets["spent_12m"][known]).all()
    assert (wallets["attainable_share"][known] >= wallets["present_share"][known] - 5e-5).all()
    assert (
        (wallets["present_share"][known] >= 0) & (wallets["attainable_share"][known] <= 1)
    ).all()
    late = orders["date"] > np.datetime64(AS_OF) - np.timedelta64(365, "D")
    total = np.rint(orders["amount"][late] * 100).sum() / 100
    spent = wallets["spent_12m"]
    assert spent.sum() == pytest.approx(total, rel=0.01)  # a few got more back than they paid
    found = ka.wallet_potential(
        wallets["budget"],
        wallets["attainable_share"],
        np.minimum(wallets["present_share"], wallets["attainable_share"]),
    )
    assert (found.value[known] >= 0).all()


def test_the_flow_of_lifecycle_shows_what_is_true(clean: SyntheticBook) -> None:
    """The lifecycle finds every stage, and most of what it calls gone has left."""
    features = ka.lifecycle_features(
        clean.orders, customer="account_id", at="date", amount="amount", as_of=AS_OF
    )
    found = ka.LifecycleModel().fit(features).classify(features)
    assert set(found.labels) == {"acquisition", "growth", "maturity", "decline", "churn"}
    left = dict(zip(clean.truth["account_id"], ~np.isnat(clean.truth["left_on"]), strict=True))
    gone = np.array([left[account] for account in features.id])
    assert gone[found.labels == "churn"].mean() > 0.6
    assert gone[found.labels == "maturity"].mean() < 0.15


def test_groups_are_of_three_levels_and_very_different_size(clean: SyntheticBook) -> None:
    """A tenth of the accounts is under another; a few groups are large."""
    tree = clean.hierarchy
    level = dict(zip(tree["account_id"], tree["level"], strict=True))
    share = {k: (tree["level"] == k).mean() for k in ("subsidiary", "site")}
    assert share == {"subsidiary": pytest.approx(0.07), "site": pytest.approx(0.03)}
    above = {"subsidiary": "group", "site": "subsidiary", "group": None, "single": None}
    for kind, parent in zip(tree["level"], tree["parent"], strict=True):
        assert level.get(parent) == above[kind]
    rolled = ka.roll_up(
        {**tree, "one": np.ones(4_000)}, id="account_id", parent="parent", decides=None
    )
    assert set(rolled.ids) == set(tree["group_id"])
    sizes = np.sort(rolled.size[rolled.size > 1])[::-1]
    assert sizes[0] > 5 * np.median(sizes)
    assert tree["parent"].tolist() == clean.accounts["subsidiary_of"].tolist()


def test_a_third_of_the_accounts_is_rated_by_one_to_three_people(made: SyntheticBook) -> None:
    """A third of the accounts is rated by one to three people."""
    ids, counts = np.unique(made.ratings["account_id"].astype(str), return_counts=True)
    assert len(ids) == 150
    assert set(counts.tolist()) == {1, 2, 3}
    assert set(made.ratings["rating"].tolist()) == {1.0, 2.0, 3.0, 4.0, 5.0}
    pairs = set(zip(made.ratings["account_id"], made.ratings["rater"], strict=True))
    assert len(pairs) == len(made.ratings["rater"])


def test_what_nobody_knows_is_missing(clean: SyntheticBook) -> None:
    """Staff, budgets, stances and amounts of open deals are missing in their measure."""
    assert np.isnan(clean.accounts["employees"]).mean() == pytest.approx(0.06, abs=0.015)
    stance = clean.people["stance"]
    coach = clean.people["role"] == "user, coach"
    assert np.mean([s is None for s in stance[~coach]]) == pytest.approx(0.25, abs=0.02)
    assert set(stance[coach]) == {"supports"}
