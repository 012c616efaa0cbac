"""Any frame in, the same kind out: one short module per engine, all through one protocol."""

from keyaccount.engines.applying import apply
from keyaccount.engines.fitting import fit

__all__ = ["apply", "fit"]
