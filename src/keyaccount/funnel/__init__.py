"""Where each deal stands: the stages of the opportunity funnel."""

from keyaccount.funnel.presets.opportunity import opportunity_stages
from keyaccount.funnel.stages import Outcome, Stage

__all__ = ["Outcome", "Stage", "opportunity_stages"]
