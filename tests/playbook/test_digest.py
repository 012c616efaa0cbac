"""A digest names a spec: the same everywhere, and computable elsewhere (RFC 8785)."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.playbook.canonical import canonical_json

FIXED = ka.CompositeScorer(
    criteria=(
        ka.Criterion(
            "sales",
            column="sales_24m",
            value=ka.ByGroup(
                {"finance": ka.Percentile(knots=[(0, 0), (1e21, 1)])}, pool=ka.Percentile()
            ),
            missing="neutral",
            neutral=0.1,
        ),
        ka.Criterion("示范", column=None, value=ka.Bands((1, 2.5), (0, 1 / 3, 1))),
    ),
    weights={"示范": 0.25, "sales": 0.75},
    group="industry",
)
DIGEST = "73de3d6b869e9af7c5b89e98ee48e615cc94da4349cad26439bc1e1a85681bbb"


def test_the_digest_of_a_fixed_spec_stays() -> None:
    """Stored digests must keep naming their specs: a change here needs a new schema version."""
    assert ka.digest(FIXED) == DIGEST


def test_the_order_of_stored_weights_means_nothing() -> None:
    """A tool that sorts the keys of a stored table does not make another spec of it."""
    data = ka.to_data(FIXED)
    turned = {**data, "weights": dict(reversed(data["weights"].items()))}
    assert ka.from_data(turned) == FIXED
    assert ka.digest(ka.from_data(turned)) == DIGEST


def test_the_digest_is_the_hash_of_a_document_anyone_can_write() -> None:
    """SHA-256 over canonical JSON with the schema version in it."""
    document = b'{"schema_version":1,"spec":{"kind":"weights","pairs":[["b",0.5],["a",0.5]]}}'
    weights = ka.Weights({"b": 0.5, "a": 0.5})
    assert ka.digest(weights) == hashlib.sha256(document).hexdigest()


@pytest.mark.parametrize("seed", ["0", "1", "77"])
def test_the_digest_is_the_same_in_another_process(seed: str) -> None:
    """Neither hash seed nor process has a say."""
    code = (
        "import keyaccount as ka;"
        "print(ka.digest(ka.AtLeast(ka.ByGroup({'b': 0.1, 'a': 0.3}, pool=0.2))), end='')"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout == ka.digest(ka.AtLeast(ka.ByGroup({"a": 0.3, "b": 0.1}, pool=0.2)))


RFC_8785_APPENDIX_B = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "text"), RFC_8785_APPENDIX_B)
def test_rfc_8785_appendix_b(bits: str, text: str) -> None:
    """Numbers are written as the sample values of the standard."""
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical_json(number) == text


def test_rfc_8785_section_3_2_3() -> None:
    """Keys are sorted by UTF-16 code units, as the example of the standard."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = json.loads(canonical_json(dict.fromkeys(keys, 1.5)), object_pairs_hook=list)
    assert [key for key, _ in written] == [
        "\r",
        "1",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]


def test_rfc_8785_section_3_2_2_2() -> None:
    """Texts are escaped as little as JSON allows."""
    assert canonical_json('\u20ac$\u000f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


JSON_DATA = st.recursive(
    st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(data=JSON_DATA)
def test_canonical_json_reads_back_equal(data: Any) -> None:
    """It is JSON, loses no bit, and has one form."""
    text = canonical_json(data)
    read = json.loads(text, parse_int=float)  # RFC 8785 knows doubles only
    assert read == data
    assert canonical_json(read) == text


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_canonical_numbers_are_the_shortest(number: float) -> None:
    """As many digits as it takes to read back equal, as Python's own."""
    text = canonical_json(number)
    assert float(text) == number
    assert len(text) <= len(repr(number)) + 5  # 0.00001 is longer than 1e-05


# --- Equal specs, equal digests -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, True, False),
        (0, False, False),
        (1, 1.0, True),
        (2**60, float(2**60), True),
        (2**53 + 1, float(2**53), False),
        (10**400, 10**400, True),
    ],
)
def test_constants_are_equal_where_their_digests_are(one: Any, other: Any, equal: bool) -> None:
    """True is not 1, and a whole number is the float that equals it."""
    a, b = (ka.ByGroup({"a": value}, pool=value) for value in (one, other))
    assert (a == b) is equal
    assert (ka.digest(a) == ka.digest(b)) is equal
    assert (len(ka.diff(a, b)) == 0) is equal
