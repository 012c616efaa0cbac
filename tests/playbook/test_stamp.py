"""Every result of a spec says which spec made it."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings

import keyaccount as ka
from keyaccount.testing import quarter_pairs


def scorer() -> ka.CompositeScorer:
    """Make a scorer that is ready to use."""
    return ka.CompositeScorer(
        criteria=[
            ka.Criterion("sales", column="sales", value=ka.Linear(0, 9)),
            ka.Criterion("rating", column="rating", value=ka.Linear(1, 5)),
        ],
        weights={"sales": 0.5, "rating": 0.5},
    )


BOOK = {"sales": [1.0, 5.0], "rating": [3.0, None]}


def made() -> dict[str, tuple[Any, Any]]:
    """Make one result of each kind, with its spec."""
    policy = ka.SelectionPolicy(ka.TopCount(1))
    inference = ka.ExperienceInference([ka.Gate("g", [ka.Question("fit", "Fit?")], pass_mark=0.5)])
    bridge = inference.to_composite(scorer(), at=0.5, min_accounts=1).fit({**BOOK, "fit": [0, 1]})
    past = {"sector": ["x", "y"], "won": [True, False]}
    evidence = ka.WinEvidence.fit(past, ["sector"])
    rfm = ka.Rfm(cuts=ka.FixedCut(recency=9, frequency=2, monetary=5))
    orders = {"days_since": [3, 30], "count": [1, 5], "total": [1.0, 9.0]}
    pcv, cascade, loyalty = ka.pcv(), ka.Cascade(), ka.loyalty()
    customers = {
        "status": ["vip"],
        "output": [3e8],
        "budget": [1e5],
        "share_of_wallet": [0.5],
        "satisfaction": [5],
        "repurchase_probability": [0.5],
        "recommendation": ["possible"],
    }
    funnel = ka.opportunity_funnel()
    deal = funnel.open("OPP-1", at="2026-01-05")
    pipeline = funnel.replay(ka.event_log(deal.history))
    model = ka.LifecycleModel()
    known = ka.information_map()
    entries = {"account": ["A"], "field": [known.leaves[0].code], "value": ["x"]}
    return {
        "scores": (scorer().score(BOOK), scorer()),
        "one score": (scorer().score({"sales": 3.0, "rating": 2.0}), scorer()),
        "selection": (policy.select([0.1, 0.2]), policy),
        "inferences": (inference.infer({"fit": [0.2]}), inference),
        "bridged": (bridge.score({**BOOK, "fit": [0, 1]}), bridge),
        "odds": (evidence.predict(past), evidence),
        "rfm": (rfm.assign(orders), rfm),
        "pcv": (pcv.assign(customers), pcv),
        "cascade": (cascade.assign(customers), cascade),
        "loyalty": (loyalty.assign(customers), loyalty),
        "pipeline": (pipeline, funnel),
        "standing": (pipeline.at("2026-02-01"), funnel),
        "information": (known.assess(entries, as_of="2026-09-30", date=None), known),
        "stages": (model.classify({name: [1.0] for name in model.reads}), model),
    }


RESULTS = made()


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_has_the_spec_and_digest_that_made_it(name: str) -> None:
    """And keeps them where it goes."""
    result, spec = RESULTS[name]
    assert result.spec == spec
    assert result.digest == ka.digest(spec)
    again = pickle.loads(pickle.dumps(result))  # noqa: S301 - our own
    assert again.digest == result.digest


@settings(deadline=None, max_examples=3)
@given(quarter_pairs())
def test_a_review_has_the_digest_of_its_rules(pair: tuple[ka.Quarter, ka.Quarter]) -> None:
    """The quarters have those of scorer and policy."""
    rules = ka.ReviewRules(watch_fall=0.1)
    found = ka.review(*pair, rules=rules)
    assert found.digest == ka.digest(rules)
    assert pair[1].scores.digest == ka.digest(pair[1].scorer)
    assert pair[1].selection.digest == ka.digest(pair[1].policy)


def test_nobody_pays_for_a_digest_that_is_not_asked_for() -> None:
    """The room that digests is loaded with the first one."""
    code = (
        "import sys, keyaccount as ka\n"
        "c = ka.Criterion('a', column='a', value=ka.Linear(0, 1))\n"
        "s = ka.CompositeScorer(criteria=[c], weights={'a': 1.0}).score({'a': [0.5]})\n"
        "assert not [m for m in sys.modules if m.startswith('keyaccount.playbook')]\n"
        "assert s.digest == ka.digest(s.spec)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code
