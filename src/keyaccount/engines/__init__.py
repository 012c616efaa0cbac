"""Any frame in, the same kind out: one short module per engine, all through one protocol."""

from keyaccount.engines.applying import apply
from keyaccount.engines.fitting import fit
from keyaccount.engines.purchases import summarise_purchases

__all__ = ["apply", "fit", "summarise_purchases"]
