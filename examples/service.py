"""A service that scores accounts by a playbook, one at a time or in batches, over HTTP.

    pip install keyaccount starlette uvicorn
    python examples/service.py examples/playbook.toml --port 8000

`POST /score` takes one account as a JSON object, `POST /score/batch` several as ``{"columns": …}``
or ``{"rows": […]}``, `GET /playbook` says by which rules, `GET /health` that it is there. A request
that cannot be answered gets a 4xx with ``{"fact": …, "hint": …}``. A playbook that is written anew
holds from the next request on; one that cannot be used does not, and `GET /health` says why.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

import keyaccount as ka

LARGEST_ACCOUNT, LARGEST_BATCH = 64 * 2**10, 8 * 2**20
"""Bytes of the largest request that is read, for one account and for several."""

MOST_ROWS = 20_000
"""Rows of the largest batch: what is wrong with each of them is told."""

MOST_BATCHES = 4
"""So many batches are judged at a time; the others wait for their turn."""

Refusals = dict[int, ka.KeyAccountError]
"""Rows of a batch that are not judged, and why."""


class BadRequest(ka.KeyAccountError):
    """A request is no question that this service answers."""

    def __init__(self, fact: str, hint: str, *, status: int = 422) -> None:
        super().__init__(fact, hint, status=status)


@attrs.frozen(slots=False)
class Judge:
    """A fitted playbook made ready to judge accounts: plain data, shared by threads, picklable."""

    playbook: ka.Playbook

    def __attrs_post_init__(self) -> None:
        scorer = self.playbook.scorer
        if scorer is None or not scorer.is_fitted:
            raise ka.NotFittedError.from_spec("the scorer of this playbook")
        self.score(dict.fromkeys(scorer.reads))  # what is made once is made now

    @property
    def scorer(self) -> ka.CompositeScorer:
        """By what accounts are judged."""
        scorer = self.playbook.scorer
        assert scorer is not None
        return scorer

    @property
    def threshold(self) -> ka.AtLeast | None:
        """The rule of who is key, where it can be held to one account without the others."""
        rule = None if self.playbook.selection is None else self.playbook.selection.rule
        return rule if isinstance(rule, ka.AtLeast) and isinstance(rule.score, float) else None

    def about(self) -> dict[str, Any]:
        """Say by which rules accounts are judged."""
        since = self.playbook.valid_from
        return {
            "name": self.playbook.name,
            "version": self.playbook.version,
            "valid_from": None if since is None else since.isoformat(),
            "digest": self.playbook.digest,
            "reads": list(self.scorer.reads),
        }

    def score(self, account: Any) -> dict[str, Any]:
        """Judge one account."""
        if not isinstance(account, dict):
            raise BadRequest("one account is a JSON object", 'write {"sales": 80, …}.')
        refuse_unknown(account, self.scorer.reads)
        for name, cell in account.items():
            if isinstance(cell, list | dict):
                hint = "send several accounts to /score/batch."
                raise BadRequest(f"column {name!r} must hold one value", hint)
        if not is_said(account.get("id")):
            raise BadRequest(*_NO_ID)
        scores = self.scorer.score({name: cell for name, cell in account.items() if name != "id"})
        unknown = [n for n, known in zip(scores.names, scores.known[0], strict=True) if not known]
        verdict = self._verdict(scores)
        return {
            **({"id": account["id"]} if "id" in account else {}),
            "score": finite(scores.value)[0],
            "low": finite(scores.low)[0],
            "high": finite(scores.high)[0],
            "coverage": finite(scores.coverage)[0],
            "contributions": dict(zip(scores.names, finite(scores.contributions[0]), strict=True)),
            "unknown": unknown,
            "verdict": verdict,
            "reasons": reasons(scores, verdict, unknown),
            "digest": self.playbook.digest,
        }

    def score_batch(self, batch: Any) -> dict[str, Any]:
        """Judge several accounts; a row that cannot be read is refused, the others are judged."""
        columns, refused = self._read(batch)
        ids = columns.pop("id", None)
        scores = self._scored(columns, refused)
        found = {name: finite(column) for name, column in scores.row_wise_columns().items()}
        if self.threshold is not None:
            chosen = ka.select(scores, self.threshold, margin=self._margin).columns()
            found |= {name: chosen[name].tolist() for name in _TOLD}
        for row in refused:
            for column in found.values():
                column[row] = None
        told = [{"row": i, "fact": e.fact, "hint": e.hint} for i, e in sorted(refused.items())]
        return {
            "rows": len(scores),
            "columns": ({} if ids is None else {"id": ids}) | found,
            "refused": told,
            "digest": self.playbook.digest,
        }

    def _verdict(self, scores: ka.Scores) -> dict[str, Any] | None:
        if self.threshold is None:
            return None
        chosen = ka.select(scores, self.threshold, margin=self._margin).row(0)
        words = ("is_key", "reason", "meaning", "cut", "distance")
        verdict = {name: jsonable(chosen[name]) for name in words}
        return verdict | {name: bool(chosen.get(name)) for name in ("borderline", "undecided")}

    @property
    def _margin(self) -> float:
        assert self.playbook.selection is not None
        return self.playbook.selection.margin

    def _read(self, batch: Any) -> tuple[dict[str, Any], Refusals]:
        """Read either form of a batch as columns, and say which rows cannot be read."""
        form = set(batch) if isinstance(batch, dict) else set()
        if form not in ({"columns"}, {"rows"}):
            hint = 'write {"columns": {"sales": [80, …]}} or {"rows": [{"sales": 80}, …]}.'
            raise BadRequest("a batch has either columns or rows", hint)
        held = batch[form.pop()]
        columns, refused = self._columns(held) if isinstance(held, dict) else self._rows(held)
        rows = {name: len(column) for name, column in columns.items()}
        if len(set(rows.values())) > 1:
            raise ka.ColumnError.from_lengths(rows)
        if not all(rows.values()):
            raise BadRequest("the batch is empty", "send at least one account.")
        refuse_many(max(rows.values()))
        for column in columns.values():
            for i in [i for i, cell in enumerate(column) if isinstance(cell, list | dict)]:
                refused[i] = BadRequest("a cell must hold one value", "write a number or a text.")
                column[i] = None
        for i in [i for i, cell in enumerate(columns.get("id", ())) if not is_said(cell)]:
            refused[i] = BadRequest(*_NO_ID)
            columns["id"][i] = None
        return columns, refused

    def _columns(self, held: dict[str, Any]) -> tuple[dict[str, Any], Refusals]:
        refuse_unknown(held, self.scorer.reads)
        for name, column in held.items():
            if not isinstance(column, list):
                hint = "write one value per account, in brackets."
                raise BadRequest(f"column {name!r} must be a list", hint)
        return dict(held), {}

    def _rows(self, held: Any) -> tuple[dict[str, Any], Refusals]:
        if not isinstance(held, list):
            raise BadRequest("rows must be a list", "write one JSON object per account.")
        refuse_many(len(held))
        refused: Refusals = {}
        for i, row in enumerate(held):
            try:
                if not isinstance(row, dict):
                    raise BadRequest("a row is a JSON object", 'write {"sales": 80, …}.')
                refuse_unknown(row, self.scorer.reads)
            except ka.KeyAccountError as error:
                refused[i] = error
        rows = [{} if i in refused else row for i, row in enumerate(held)]
        with_ids = ["id"] if any("id" in row for row in rows) else []
        names = [*self.scorer.reads, *with_ids]
        return {name: [row.get(name) for row in rows] for name in names}, refused

    def _scored(self, columns: dict[str, Any], refused: Refusals) -> ka.Scores:
        """Score all rows; one that the library cannot read is told and scored as unknown."""
        while True:
            try:
                scores = self.scorer.score(columns)
            except ka.RowError as error:
                column = columns[error.parts["column"]]
                for i in error.parts["rows"]:
                    hint, value = error.hint, column[i]
                    refused[i] = BadRequest(f"{error.parts['column']!r} is {value!r}", hint)
                    column[i] = None
            else:
                break
        if len(refused) == len(scores):
            raise refused[0]  # none is left to be judged
        return scores


_TOLD = ("is_key", "reason", "borderline", "undecided")
"""What a batch tells of the verdict on each account."""

_NO_ID = ("the id is a number beyond all floats", "write it as a text.")


def is_said(cell: Any) -> bool:
    """Say whether a cell can be said again in JSON, which knows no infinity."""
    return not isinstance(cell, float) or math.isfinite(cell)


def refuse_many(rows: int) -> None:
    """Refuse more rows than are judged at a time."""
    if rows > MOST_ROWS:
        hint = f"send at most {MOST_ROWS:,} accounts at a time."
        raise BadRequest(f"the batch has {rows:,} rows", hint, status=413)


def refuse_unknown(given: Mapping[str, Any], reads: Iterable[str]) -> None:
    """Refuse columns that nobody reads, and columns that lack, with the nearest name there is."""
    known = (*reads, "id")
    for name in given:
        if name not in known:
            raise ka.ColumnNotFoundError.from_name(name, known)
    for name in reads:
        if name not in given:
            raise BadRequest(f"column {name!r} is missing", "write null for what is not known.")


def reasons(scores: ka.Scores, verdict: Mapping[str, Any] | None, unknown: list[str]) -> list[str]:
    """Say in words what the score is made of, and what it means."""
    said = [] if verdict is None else [str(verdict["meaning"])]
    for name, weight, part in zip(
        scores.names, scores.weights, scores.contributions[0], strict=True
    ):
        given = "unknown" if name in unknown else f"gives {part:.3g}"
        said.append(f"{name} (weight {weight:.3g}): {given}")
    return said


def jsonable(cell: Any) -> Any:
    """Write what is not finite as null."""
    return cell if is_said(cell) else None


def finite(column: Any) -> list[Any]:
    """Write a column of numbers; what is not finite is null."""
    cells: list[Any] = column.tolist()
    return cells if np.isfinite(column).all() else [jsonable(cell) for cell in cells]


# --- Rules that change ---------------------------------------------------------------------------


class WatchedPlaybook:
    """A playbook in a file, read again when it is written; one that is no good changes nothing.

    Parameters
    ----------
    path
        The file. Write it whole, beside its place, and move it there: `Playbook.dump` does.

    Attributes
    ----------
    refused
        Why the file as it is now cannot be used; None: it is what accounts are judged by.
    """

    def __init__(self, path: str | Path) -> None:
        self.path: Path = Path(path)
        self.refused: ka.KeyAccountError | None = None
        self._stamp: Any = self._stamped()
        self._judge: Judge = Judge(ka.Playbook.load(self.path))

    def __call__(self) -> Judge:
        """Give the judge by the rules that hold now."""
        stamp = self._stamped()
        if stamp != self._stamp:
            self._stamp = stamp
            self._renew()
        return self._judge

    def _stamped(self) -> Any:
        try:
            told = self.path.stat()
        except OSError:
            return None
        return told.st_mtime_ns, told.st_size, told.st_ino

    def _renew(self) -> None:
        try:
            self._judge, self.refused = Judge(ka.Playbook.load(self.path)), None
        except ka.KeyAccountError as error:
            self.refused = error
            _LOG.warning("%s is not used, the rules before hold on: %s", self.path, error.fact)
        else:
            _LOG.warning("judging by %s from now on", self._judge.playbook.digest)


_LOG = logging.getLogger("uvicorn.error")


# --- HTTP ----------------------------------------------------------------------------------------


def answer(content: Any, status: int = 200) -> Response:
    """Answer in JSON: the same content is the same bytes."""
    body = json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")
    return Response(body, status, media_type="application/json")


async def body_of(request: Request, largest: int) -> bytes:
    """Read a request, as far as it is not too long."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > largest:
                hint = f"send at most {largest:,} bytes at a time."
                raise BadRequest("the request is too large", hint, status=413)
    except ClientDisconnect:
        raise BadRequest("the request has no end", "send all of it.", status=400) from None
    return bytes(body)


def question(body: bytes) -> Any:
    """Read JSON."""
    try:
        return json.loads(body, parse_constant=_no_json, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        said = "it is too deep" if isinstance(error, RecursionError) else str(error)
        hint = "send JSON in UTF-8; what is not known is null."
        raise BadRequest(f"the request is no JSON: {said}", hint, status=400) from None


def _no_json(word: str) -> None:
    raise ValueError(f"{word} is none of its words")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name occurs twice in one object")
    return found


async def refused(request: Request, error: Exception) -> Response:
    """Answer a question that cannot be answered with what is wrong and the way out."""
    if isinstance(error, ka.KeyAccountError):
        status = error.parts.get("status", 422)
        return answer({"fact": error.fact, "hint": error.hint}, status)
    if isinstance(error, HTTPException):
        there = "POST /score, POST /score/batch, GET /playbook or GET /health"
        fact = f"{request.method} {request.url.path}: {error.detail.lower()}"
        return answer({"fact": fact, "hint": f"ask {there}."}, error.status_code)
    return answer({"fact": "something broke", "hint": "the log of the service says what."}, 500)


def always(judge: Judge) -> Callable[[], Judge]:
    """Give one judge, whenever it is asked for."""
    return lambda: judge


def make_app(rules: ka.Playbook | WatchedPlaybook) -> Starlette:
    """Make the service of one playbook, or of a file that holds one.

    Each request is answered by the rules that hold when it is asked, whatever is written meanwhile.
    """
    judge_now = rules if isinstance(rules, WatchedPlaybook) else always(Judge(rules))
    turns = asyncio.Semaphore(MOST_BATCHES)

    async def score(request: Request) -> Response:
        body = await body_of(request, LARGEST_ACCOUNT)
        return answer(judge_now().score(question(body)))

    async def score_batch(request: Request) -> Response:
        body = await body_of(request, LARGEST_BATCH)
        judge = judge_now()
        async with turns:
            return await run_in_threadpool(lambda: answer(judge.score_batch(question(body))))

    async def about(_: Request) -> Response:
        return answer(judge_now().about())

    async def health(_: Request) -> Response:
        digest = judge_now().playbook.digest
        odd = rules.refused if isinstance(rules, WatchedPlaybook) else None
        told = {} if odd is None else {"refused": {"fact": odd.fact, "hint": odd.hint}}
        return answer({"status": "ok", "digest": digest, **told})

    routes = [
        Route("/score", score, methods=["POST"]),
        Route("/score/batch", score_batch, methods=["POST"]),
        Route("/playbook", about, methods=["GET"]),
        Route("/health", health, methods=["GET"]),
    ]
    kinds: list[type[Exception]] = [ka.KeyAccountError, HTTPException, Exception]
    return Starlette(routes=routes, exception_handlers=dict.fromkeys(kinds, refused))


def main() -> None:
    """Serve a playbook on this machine."""
    parser = argparse.ArgumentParser(description="Score accounts by a playbook over HTTP.")
    parser.add_argument("playbook", help="a fitted playbook, .toml or .json")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    asked = parser.parse_args()
    try:
        app = make_app(WatchedPlaybook(asked.playbook))
    except ka.KeyAccountError as error:
        parser.error(str(error))
    uvicorn.run(app, host=asked.host, port=asked.port, access_log=False)


if __name__ == "__main__":
    main()
