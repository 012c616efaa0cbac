"""A million deals through their events, and where each stood at any date."""

from keyaccount.funnel.pipeline.pipeline import Pipeline, replay
from keyaccount.funnel.pipeline.snapshot import snapshot
from keyaccount.funnel.pipeline.standing import Standing
from keyaccount.funnel.pipeline.visits import Visits

__all__ = ["Pipeline", "Standing", "Visits", "replay", "snapshot"]
