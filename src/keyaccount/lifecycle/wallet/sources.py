"""Where a figure of potential comes from: the words that every result carries."""

from __future__ import annotations

from typing import Final

__all__ = ["FROM_PEERS", "FROM_REGRESSION", "STATED", "WALLET_SOURCES"]

STATED: Final = "stated budget"
FROM_PEERS: Final = "budget estimated from nearest peers"
FROM_REGRESSION: Final = "budget estimated by quantile regression"

WALLET_SOURCES: Final = (STATED, FROM_PEERS, FROM_REGRESSION)
"""What a budget may rest on."""
