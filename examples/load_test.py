"""Measure a running service on this machine: p50, p99 and throughput, one account and batches.

    python examples/service.py examples/playbook.toml --port 8000 &
    python examples/load_test.py --port 8000

It speaks to 127.0.0.1 alone, ends after so many requests or seconds, whichever comes first, and
takes the time of every request. Each connection asks again as soon as it is answered.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from collections.abc import Sequence
from time import perf_counter

import attrs

HOST = "127.0.0.1"
MOST_REQUESTS, MOST_SECONDS, MOST_CONNECTIONS = 100_000, 60.0, 64


@attrs.frozen
class Measured:
    """What a run of requests took.

    Parameters
    ----------
    times
        Seconds from asking to the last byte of the answer, one per request.
    seconds
        How long the run took.
    refused
        How many answers were not 200.
    """

    times: tuple[float, ...]
    seconds: float
    refused: int

    def quantile(self, q: float) -> float:
        """Give the time that a share of the requests did not exceed."""
        ordered = sorted(self.times)
        return ordered[max(0, -int(-q * len(ordered) // 1) - 1)]

    def told(self, what: str, accounts: int) -> str:
        """Write one row of a table."""
        rate = len(self.times) / self.seconds
        p50, p99 = 1e3 * self.quantile(0.5), 1e3 * self.quantile(0.99)
        return f"{what:<24}{p50:>9.2f}{p99:>9.2f}{rate:>12,.0f}{rate * accounts:>14,.0f}"


def posted(path: str, content: object) -> bytes:
    """Write a request."""
    body = json.dumps(content).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def answered(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end, and give its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = head.partition("content-length:")[2].partition("\r\n")[0]
    await reader.readexactly(int(length))
    return int(head.split(" ", 2)[1])


async def measure(
    port: int, asked: Sequence[bytes], *, requests: int, seconds: float, connections: int
) -> Measured:
    """Ask on several connections, each request after the answer to the one before."""
    left = iter(range(min(requests, MOST_REQUESTS)))
    end = perf_counter() + min(seconds, MOST_SECONDS)
    times: list[float] = []
    statuses: list[int] = []

    async def ask() -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        for i in left:
            began = perf_counter()
            if began > end:
                break
            writer.write(asked[i % len(asked)])
            statuses.append(await answered(reader))
            times.append(perf_counter() - began)
        writer.close()
        await writer.wait_closed()

    began = perf_counter()
    await asyncio.gather(*(ask() for _ in range(min(connections, MOST_CONNECTIONS))))
    refused = sum(status != 200 for status in statuses)  # noqa: PLR2004 - HTTP's word for fine
    return Measured(tuple(times), perf_counter() - began, refused)


def some_accounts(n: int, seed: int) -> dict[str, list[float | None]]:
    """Draw accounts for the playbook of the example, some with gaps."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    margin = [None if rng.random() < 0.1 else rng.uniform(0.0, 0.5) for _ in range(n)]  # noqa: PLR2004 - one in ten
    return {
        "sales": [rng.uniform(0.0, 1.5e6) for _ in range(n)],
        "margin": margin,
        "rating": [float(rng.randint(1, 5)) for _ in range(n)],
    }


async def run(port: int, *, requests: int, seconds: float, connections: int, batch: int) -> None:
    """Measure one account at a time, batches and bad requests; print a table."""
    many = some_accounts(256, seed=1)
    ones = [
        posted("/score", {name: column[i] for name, column in many.items()}) for i in range(256)
    ]
    batches = [posted("/score/batch", {"columns": some_accounts(batch, s)}) for s in range(8)]
    bad = [posted("/score", {"slaes": 1.0, "margin": None, "rating": 3.0})]
    print(f"{'':<24}{'p50 ms':>9}{'p99 ms':>9}{'requests/s':>12}{'accounts/s':>14}")
    for what, asked, accounts, share in (
        ("one account", ones, 1, 1),
        (f"batch of {batch:,}", batches, batch, 20),
        ("bad request", bad, 0, 4),
    ):
        _ = await measure(port, asked, requests=20, seconds=5.0, connections=connections)
        found = await measure(
            port,
            asked,
            requests=max(requests // share, 1),
            seconds=seconds,
            connections=connections,
        )
        print(found.told(what, accounts))
        expected = len(found.times) if what == "bad request" else 0
        if found.refused != expected:
            print(f"  {found.refused:,} of {len(found.times):,} answers were not 200")


def main() -> None:
    """Measure a service that runs on this machine."""
    parser = argparse.ArgumentParser(description="Measure a running example service.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--batch", type=int, default=1_000)
    asked = parser.parse_args()
    least = min(asked.requests, asked.connections, asked.batch)
    if least < 1 or asked.seconds <= 0:
        parser.error("--requests, --connections, --batch and --seconds must be above 0")
    measuring = run(
        asked.port,
        requests=asked.requests,
        seconds=asked.seconds,
        connections=asked.connections,
        batch=asked.batch,
    )
    try:
        asyncio.run(measuring)
    except (OSError, EOFError) as error:
        parser.error(
            f"no service answers on port {asked.port} ({error}): start examples/service.py"
        )


if __name__ == "__main__":
    main()
