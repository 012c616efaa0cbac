"""What becomes of the deals of a stage, and which open ones do not move."""

from keyaccount.funnel.conversion.conversion_at import ConversionAt
from keyaccount.funnel.conversion.conversion_curves import StageConversion
from keyaccount.funnel.conversion.conversion_table import conversion_table
from keyaccount.funnel.conversion.plan import ShrunkConversion
from keyaccount.funnel.conversion.stage_conversion import stage_conversion
from keyaccount.funnel.conversion.stall_rule import StallRule
from keyaccount.funnel.conversion.stalled import StalledDeals
from keyaccount.funnel.conversion.stalled_deals import stalled_deals
from keyaccount.funnel.conversion.table import ConversionTable

__all__ = [
    "ConversionAt",
    "ConversionTable",
    "ShrunkConversion",
    "StageConversion",
    "StallRule",
    "StalledDeals",
    "conversion_table",
    "stage_conversion",
    "stalled_deals",
]
