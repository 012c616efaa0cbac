"""The example service answers as the library does, whoever asks, and refuses the rest."""

from __future__ import annotations

import asyncio
import http.client
import json
import multiprocessing
import pickle
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka

pytest.importorskip("starlette")
uvicorn: Any = pytest.importorskip("uvicorn")

EXAMPLES = Path(__file__).parents[2] / "examples"

ACCOUNTS: dict[str, list[Any]] = {
    "sales": [800_000.0, 0.0, None, 1_200_000, -5.0],
    "margin": [0.3, None, None, 0.1, 0.4],
    "rating": [4, 5, None, 1, 2],
}


@pytest.fixture(scope="module")
def service() -> Iterator[Any]:
    """Give the module of the service; its folder stays on the path for processes to come."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(EXAMPLES)
        yield import_module("service")


@pytest.fixture(scope="module")
def playbook() -> ka.Playbook:
    """Give the playbook of the example."""
    return ka.Playbook.load(EXAMPLES / "playbook.toml")


@pytest.fixture(scope="module")
def judge(service: Any, playbook: ka.Playbook) -> Any:
    """Give the judge of the example's playbook."""
    return service.Judge(playbook)


@pytest.fixture(scope="module")
def app(service: Any, playbook: ka.Playbook) -> Any:
    """Give the service itself."""
    return service.make_app(playbook)


@pytest.fixture(scope="module")
def port(app: Any) -> Iterator[int]:
    """Serve on this machine, on a port that is free."""
    held = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield held.getsockname()[1]
    server.should_exit = True
    thread.join()


def asked(app: Any, path: str, content: Any, method: str = "POST") -> tuple[int, bytes]:
    """Ask the service without a network; bytes are sent as they are."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(m.get("body", b"") for m in sent[1:])


def over_the_wire(port: int, path: str, body: bytes, method: str = "POST") -> tuple[int, bytes]:
    """Ask the service over the loopback."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        found = connection.getresponse()
        return found.status, found.read()
    finally:
        connection.close()


def one(i: int) -> dict[str, Any]:
    """Give one of the accounts."""
    return {name: column[i] for name, column in ACCOUNTS.items()}


# --- Answers -------------------------------------------------------------------------------------


def test_one_account_is_judged_as_the_library_does(judge: Any, playbook: ka.Playbook) -> None:
    """Score, bounds, coverage and contributions are its numbers; the verdict says why."""
    found = judge.score({"id": "A-17", **one(0)})
    assert playbook.scorer is not None
    scores = playbook.scorer.score(one(0))
    assert found["id"] == "A-17"
    assert (found["score"], found["low"], found["high"]) == (
        scores.value[0],
        scores.low[0],
        scores.high[0],
    )
    assert found["coverage"] == 1.0
    assert list(found["contributions"].values()) == scores.contributions[0].tolist()
    assert found["verdict"]["is_key"] is True
    assert found["verdict"]["cut"] == 0.6
    assert found["reasons"][0] == "in: by its score"
    assert found["digest"] == ka.digest(playbook)


def test_what_is_not_known_is_null_and_said(app: Any) -> None:
    """Nothing known: the score of the worst, the bounds of anything, and undecided."""
    status, body = asked(app, "/score", one(2))
    found = json.loads(body)
    assert status == 200
    assert (found["low"], found["high"], found["coverage"]) == (0.0, 1.0, 0.0)
    assert found["unknown"] == ["sales", "margin", "showcase"]
    assert found["verdict"]["undecided"] is True
    assert found["reasons"][1] == "sales (weight 0.5): unknown"


def test_a_batch_is_its_accounts_in_either_form(judge: Any) -> None:
    """Columns or rows, one at a time or together: the same numbers."""
    ids = ["a", "b", "c", "d", "e"]
    by_columns = judge.score_batch({"columns": {"id": ids, **ACCOUNTS}})
    rows = [{"id": name, **one(i)} for i, name in enumerate(ids)]
    assert judge.score_batch({"rows": rows}) == by_columns
    assert by_columns["refused"] == []
    for i, row in enumerate(rows):
        alone = judge.score(row)
        for name, theirs in (
            ("id", "id"),
            ("score", "score"),
            ("low", "score_low"),
            ("high", "score_high"),
            ("coverage", "coverage"),
        ):
            assert alone[name] == by_columns["columns"][theirs][i]
        assert alone["verdict"]["is_key"] == by_columns["columns"]["is_key"][i]
        for name in ("reason", "borderline", "undecided"):
            assert alone["verdict"][name] == by_columns["columns"][name][i]


def test_a_bad_row_does_not_decide_about_the_others(judge: Any) -> None:
    """It is refused with its reason, and its columns are null."""
    good = judge.score_batch({"rows": [one(0), one(3)]})
    bad = [{**one(1), "sales": "much"}, 7, {"slaes": 1.0}, {**one(1), "rating": [1]}, {"sales": 1}]
    found = judge.score_batch({"rows": [one(0), *bad, one(3)]})
    for name, column in found["columns"].items():
        assert column[1:6] == [None] * 5
        assert [column[0], column[6]] == good["columns"][name]
    said = {r["row"]: (r["fact"], r["hint"]) for r in found["refused"]}
    assert sorted(said) == [1, 2, 3, 4, 5]
    assert said[1][0] == "'sales' is 'much'"
    assert said[3] == ("no column 'slaes'", "did you mean 'sales'?")
    assert said[5][0] == "column 'margin' is missing"


def test_a_criterion_that_must_be_known(service: Any) -> None:
    """No score, and the same reason alone and in a batch."""
    scorer = ka.CompositeScorer(
        criteria=(
            ka.Criterion("sales", column="sales", value=ka.Linear(0, 1), missing="reject"),
            ka.Criterion("rating", column="rating", value=ka.Linear(1, 5)),
        ),
        weights={"sales": 0.5, "rating": 0.5},
    )
    policy = ka.SelectionPolicy(ka.AtLeast(0.5))
    judge = service.Judge(ka.Playbook("p", "1", scorer=scorer, selection=policy))
    account = {"sales": None, "rating": 5}
    alone, batch = judge.score(account), judge.score_batch({"rows": [account, account]})
    assert alone["score"] is None
    assert batch["columns"]["score"] == [None, None]
    assert alone["verdict"]["reason"] == "rejected"
    assert batch["columns"]["reason"] == ["rejected"] * 2
    assert batch["refused"] == []


def test_the_service_says_by_which_rules(app: Any, playbook: ka.Playbook) -> None:
    """Name, version, digest and the columns it reads; and that it is there."""
    status, body = asked(app, "/playbook", b"", "GET")
    assert (status, json.loads(body)) == (
        200,
        {
            "name": playbook.name,
            "version": "1",
            "valid_from": None,
            "digest": playbook.digest,
            "reads": ["sales", "margin", "rating"],
        },
    )
    status, body = asked(app, "/health", b"", "GET")
    assert (status, json.loads(body)["status"]) == (200, "ok")


def test_a_rule_that_needs_the_whole_book_gives_no_verdict(
    service: Any, playbook: ka.Playbook
) -> None:
    """The best fifth of one account is no question."""
    scorer = playbook.scorer
    for selection in (None, ka.SelectionPolicy(ka.TopShare(0.2))):
        judge = service.Judge(ka.Playbook("p", "1", scorer=scorer, selection=selection))
        assert judge.score(one(0))["verdict"] is None
        assert "is_key" not in judge.score_batch({"columns": ACCOUNTS})["columns"]


def test_a_playbook_without_a_fitted_scorer_is_refused_at_the_start(service: Any) -> None:
    """Not when the first account comes."""
    unfitted = ka.CompositeScorer(
        criteria=(
            ka.Criterion("sales", column="sales", value=ka.Percentile()),
            ka.Criterion("rating", column="rating", value=ka.Linear(1, 5)),
        ),
        weights={"sales": 0.5, "rating": 0.5},
    )
    for scorer in (None, unfitted):
        with pytest.raises(ka.NotFittedError, match="the scorer of this playbook"):
            service.make_app(ka.Playbook("p", "1", scorer=scorer))


# --- Bad requests --------------------------------------------------------------------------------

DEEP = b"[" * 50_000


@pytest.mark.parametrize(
    ("path", "content", "status", "said"),
    [
        ("/score", b"", 400, "the request is no JSON"),
        ("/score", b"{", 400, "the request is no JSON"),
        ("/score", b'{"sales": NaN, "margin": 1, "rating": 1}', 400, "NaN is none of its words"),
        ("/score", b'{"sales": 1, "sales": 2}', 400, "a name occurs twice"),
        ("/score", b'"\xff"', 400, "the request is no JSON"),
        ("/score", DEEP, 400, "it is too deep"),
        ("/score", b"9" * 10_000, 400, "the request is no JSON"),
        ("/score", [1], 422, "one account is a JSON object"),
        ("/score", {}, 422, "column 'sales' is missing"),
        ("/score", {**one(0), "salse": 1}, 422, "no column 'salse'"),
        ("/score", {**one(0), "sales": "much"}, 422, "hold no number|holds no number"),
        ("/score", {**one(0), "sales": [1]}, 422, "must hold one value"),
        ("/score", {**one(0), "sales": {"a": 1}}, 422, "must hold one value"),
        ("/score/batch", {}, 422, "either columns or rows"),
        ("/score/batch", [], 422, "either columns or rows"),
        ("/score/batch", {"rows": [], "columns": {}}, 422, "either columns or rows"),
        ("/score/batch", {"rows": []}, 422, "the batch is empty"),
        ("/score/batch", {"rows": 7}, 422, "rows must be a list"),
        ("/score/batch", {"columns": {name: [] for name in ACCOUNTS}}, 422, "the batch is empty"),
        ("/score/batch", {"columns": {**ACCOUNTS, "ratings": []}}, 422, "no column 'ratings'"),
        ("/score/batch", {"columns": {**ACCOUNTS, "sales": 7}}, 422, "'sales' must be a list"),
        ("/score/batch", {"columns": {**ACCOUNTS, "sales": [7]}}, 422, "differ in length"),
        ("/score/batch", {"columns": {**ACCOUNTS, "id": [7]}}, 422, "differ in length"),
        ("/score/batch", {"rows": [{"slaes": 1}, {"slaes": 2}]}, 422, "no column 'slaes'"),
        ("/scores", {}, 404, "not found"),
        ("/playbook", {}, 405, "method not allowed"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong_and_the_way_out(
    app: Any, path: str, content: Any, status: int, said: str
) -> None:
    """Never 500, never a page of HTML."""
    found, body = asked(app, path, content)
    told = json.loads(body)
    assert found == status
    assert sorted(told) == ["fact", "hint"]
    assert re.search(said, told["fact"])
    assert told["hint"]


def test_a_request_that_is_too_large_is_not_read_to_its_end(app: Any, service: Any) -> None:
    """However long it claims to be."""
    found, body = asked(app, "/score/batch", b" " * (service.LARGEST_BATCH + 1))
    assert found == 413
    assert json.loads(body)["fact"] == "the request is too large"


def test_a_batch_of_too_many_rows_is_refused_before_any_is_judged(app: Any, service: Any) -> None:
    """A request of some megabytes may hold millions of rows, each to be told what is wrong."""
    rows, most = service.MOST_ROWS + 1, f"the batch has {service.MOST_ROWS + 1:,} rows"
    for batch in ({"rows": [0] * rows}, {"columns": dict.fromkeys(ACCOUNTS, [1] * rows)}):
        status, body = asked(app, "/score/batch", batch)
        assert (status, json.loads(body)["fact"]) == (413, most)


@pytest.mark.parametrize("number", [b"1e999", b"-1e999"])
def test_an_id_that_cannot_be_said_again_is_refused(app: Any, number: bytes) -> None:
    """JSON has no infinity to answer with; the other rows of a batch are judged."""
    account = b'{"id": ' + number + b', "sales": 1, "margin": 0.1, "rating": 3}'
    status, body = asked(app, "/score", account)
    assert (status, json.loads(body)["fact"]) == (422, "the id is a number beyond all floats")
    status, body = asked(app, "/score/batch", b'{"rows": [%b]}' % account)
    assert status == 422
    good = json.dumps({"id": "b", **one(0)}).encode()
    status, body = asked(app, "/score/batch", b'{"rows": [%b, %b]}' % (account, good))
    told = json.loads(body)
    assert (status, told["columns"]["id"]) == (200, [None, "b"])
    assert [r["row"] for r in told["refused"]] == [0]


def test_a_client_that_goes_away_breaks_nothing(app: Any) -> None:
    """What it sent of its request is no question, and no fault of the service."""
    scope = {"type": "http", "method": "POST", "path": "/score", "headers": []}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope | {"query_string": b""}, receive, send))
    assert sent[0]["status"] == 400


def test_numbers_beyond_all_floats_are_not_known(app: Any) -> None:
    """1e999 is infinite, and infinite is missing; the answer is JSON that anybody reads."""
    for number in (b"1e999", b"-1e999", b"1" + b"0" * 400):
        body = b'{"sales": ' + number + b', "margin": 0.1, "rating": 3}'
        status, found = asked(app, "/score", body)
        assert status == 200
        told = json.loads(found, parse_constant=pytest.fail)
        assert "sales" in told["unknown"]


CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=3)
    | st.just("\ud800")
)
JSON = st.recursive(
    CELLS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*ACCOUNTS, "id", "rows", "columns", "slaes"]), inner, max_size=5
        )
    ),
    max_leaves=12,
)
ACCOUNT = st.fixed_dictionaries(dict.fromkeys(ACCOUNTS, CELLS), optional={"id": JSON})
BATCH = st.fixed_dictionaries({"rows": st.lists(ACCOUNT | JSON, max_size=4)}) | (
    st.fixed_dictionaries(
        {"columns": st.fixed_dictionaries(dict.fromkeys(ACCOUNTS, st.lists(JSON, max_size=3)))}
    )
)


@settings(max_examples=60, deadline=None)
@given(JSON | ACCOUNT | BATCH, st.sampled_from(["/score", "/score/batch"]))
def test_no_json_breaks_the_service(app: Any, content: Any, path: str) -> None:
    """Whatever is asked, the answer is 200 or 422 and strict JSON."""
    status, body = asked(app, path, content)
    told = json.loads(body, parse_constant=pytest.fail)
    assert status in {200, 422}
    assert ("digest" in told) if status == 200 else (sorted(told) == ["fact", "hint"])


# --- Rules that change ---------------------------------------------------------------------------


def _digests(app: Any) -> tuple[str, ...]:
    """Ask for the digest wherever it is told."""
    batch = {"columns": ACCOUNTS}
    answers = [asked(app, "/score", one(0)), asked(app, "/score/batch", batch)]
    answers += [asked(app, path, b"", "GET") for path in ("/playbook", "/health")]
    assert {status for status, _ in answers} == {200}
    return tuple(json.loads(body)["digest"] for _, body in answers)


def test_a_playbook_that_is_written_anew_holds_from_then_on(
    service: Any, playbook: ka.Playbook, tmp_path: Path
) -> None:
    """Every answer tells by which rules it is; a file that is no good changes none of them."""
    path = tmp_path / "playbook.toml"
    playbook.dump(path)
    app = service.make_app(service.WatchedPlaybook(path))
    assert _digests(app) == (playbook.digest,) * 4
    newer = attrs.evolve(playbook, version="2")
    newer.dump(path)
    assert _digests(app) == (newer.digest,) * 4
    unfitted = ka.CompositeScorer(
        criteria=[ka.Criterion("rating", column="rating", value=ka.Percentile())],
        weights={"rating": 1},
    )
    for spoil, said in (
        (lambda: path.write_text("half = "), "no TOML"),
        (lambda: ka.Playbook("p", "1", scorer=unfitted).dump(path), "has learned nothing yet"),
        (path.unlink, ""),
    ):
        spoil()
        assert _digests(app) == (newer.digest,) * 4
        health = json.loads(asked(app, "/health", b"", "GET")[1])
        assert said in health["refused"]["fact"]
        assert health["refused"]["hint"]
    playbook.dump(path)
    assert _digests(app) == (playbook.digest,) * 4
    assert "refused" not in json.loads(asked(app, "/health", b"", "GET")[1])


def test_a_service_does_not_start_by_rules_that_are_no_good(service: Any, tmp_path: Path) -> None:
    """There are none before to hold on to."""
    with pytest.raises(ka.KeyAccountError):
        service.WatchedPlaybook(tmp_path / "nowhere.toml")


# --- Whoever asks --------------------------------------------------------------------------------


def test_threads_processes_and_copies_give_the_same_bytes(service: Any, judge: Any) -> None:
    """Eight threads, forked and spawned processes, and a judge that was pickled."""
    rng = np.random.default_rng(5)
    accounts = [
        {"sales": s, "margin": m, "rating": float(r)}
        for s, m, r in zip(
            rng.uniform(0, 1.5e6, 60).tolist(),
            rng.uniform(0, 0.5, 60).tolist(),
            rng.integers(1, 6, 60).tolist(),
            strict=True,
        )
    ]
    expected = [service.answer(judge.score(a)).body for a in accounts]
    with ThreadPoolExecutor(8) as threads:
        fresh = service.Judge(pickle.loads(pickle.dumps(judge.playbook)))  # noqa: S301 - our own
        assert [service.answer(f).body for f in threads.map(fresh.score, accounts * 4)] == (
            expected * 4
        )
    copy = pickle.loads(pickle.dumps(judge))  # noqa: S301 - our own
    assert [service.answer(copy.score(a)).body for a in accounts] == expected


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_other_processes_give_the_same_bytes(service: Any, judge: Any, method: str) -> None:
    """However they are started."""
    accounts = [one(i) for i in range(5)]
    expected = [service.answer(judge.score(a)).body for a in accounts]
    with multiprocessing.get_context(method).Pool(1) as processes:
        found = processes.map(judge.score, accounts)
    assert [service.answer(f).body for f in found] == expected


def test_many_clients_at_once_get_the_same_bytes(port: int, app: Any) -> None:
    """Over the loopback, one account and batches mixed."""
    questions = [("/score", json.dumps(one(i)).encode()) for i in range(5)]
    questions.append(("/score/batch", json.dumps({"columns": ACCOUNTS}).encode()))
    expected = [asked(app, path, body) for path, body in questions]
    assert {status for status, _ in expected} == {200}
    with ThreadPoolExecutor(8) as clients:
        found = clients.map(lambda q: over_the_wire(port, *q), questions * 10)
        assert list(found) == expected * 10


def test_bad_requests_over_the_wire(port: int, service: Any) -> None:
    """The status and the words arrive, and the next request is served."""
    for body, status in ((b"{", 400), (b"{}", 422), (b" " * (service.LARGEST_ACCOUNT + 1), 413)):
        found, told = over_the_wire(port, "/score", body)
        assert (found, sorted(json.loads(told))) == (status, ["fact", "hint"])
    assert over_the_wire(port, "/health", b"", "GET")[0] == 200


def test_the_load_test_measures(
    port: int, service: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A short one: all rows of its table, every answer as expected."""
    del service
    load_test = import_module("load_test")
    asyncio.run(load_test.run(port, requests=60, seconds=2.0, connections=2, batch=20))
    told = capsys.readouterr().out.splitlines()
    assert [line[:13].strip() for line in told[1:]] == ["one account", "batch of 20", "bad request"]


def test_the_load_test_says_what_it_needs(
    port: int, service: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request of each kind is enough; none, or no service, is told in one line."""
    del service
    load_test = import_module("load_test")
    told = ["load_test.py", "--port", str(port), "--batch", "5", "--seconds", "2", "--requests"]
    monkeypatch.setattr("sys.argv", [*told, "1"])
    load_test.main()
    assert len(capsys.readouterr().out.splitlines()) == 4
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = str(closed.getsockname()[1])
    for argv, said in (
        ([*told, "0"], "must be above 0"),
        (["load_test.py", "--port", nobody], "no service answers on port"),
    ):
        monkeypatch.setattr("sys.argv", argv)
        with pytest.raises(SystemExit):
            load_test.main()
        assert said in capsys.readouterr().err


def test_quantiles_of_the_load_test_are_times_that_were_met(service: Any) -> None:
    """The median of four times is the second: at least half of them do not exceed it."""
    del service
    load_test = import_module("load_test")
    measured = load_test.Measured(times=(4.0, 1.0, 3.0, 2.0), seconds=1.0, refused=0)
    assert [measured.quantile(q) for q in (0.25, 0.5, 0.51, 0.99, 1.0)] == [1.0, 2.0, 3.0, 4.0, 4.0]


# --- What the documentation says -----------------------------------------------------------------


def test_the_page_shows_what_the_service_answers(app: Any, playbook: ka.Playbook) -> None:
    """One account and a batch, question and answer."""
    page = (EXAMPLES.parent / "docs" / "how-to" / "service.md").read_text("utf-8")
    shown = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    for path, question, answer in (("/score", *shown[:2]), ("/score/batch", *shown[2:])):
        status, body = asked(app, path, question)
        assert status == 200
        assert json.loads(body) == answer | {"digest": playbook.digest}


def test_the_page_shows_the_words_of_bad_requests(app: Any) -> None:
    """Fact and hint as they stand in its table."""
    page = (EXAMPLES.parent / "docs" / "how-to" / "service.md").read_text("utf-8")
    questions: list[dict[str, Any]] = [{"slaes": 1}, {"rows": []}, {"sales": 1}]
    for content in (*questions, {**one(0), "sales": "much"}):
        path = "/score/batch" if "rows" in content else "/score"
        told = json.loads(asked(app, path, content)[1])
        assert f"`{told['fact']}`" in page
