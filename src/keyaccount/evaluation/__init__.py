"""Dynamic evaluation: two quarters in; findings, drivers, migration and decisions out."""

from keyaccount.evaluation.check import ReviewCheck
from keyaccount.evaluation.data_digest import data_digest
from keyaccount.evaluation.decision_log import DecisionLog, decision_log
from keyaccount.evaluation.drivers import Drivers
from keyaccount.evaluation.four_findings import FourFindings
from keyaccount.evaluation.presets import review_checks
from keyaccount.evaluation.quarter import Quarter
from keyaccount.evaluation.replay import LogDifference, Replay, replay_log
from keyaccount.evaluation.review import review
from keyaccount.evaluation.reviewed import Review
from keyaccount.evaluation.rules import ReviewRules
from keyaccount.evaluation.sign import ReviewSign
from keyaccount.evaluation.ways import WaysToFail

__all__ = [
    "DecisionLog",
    "Drivers",
    "FourFindings",
    "LogDifference",
    "Quarter",
    "Replay",
    "Review",
    "ReviewCheck",
    "ReviewRules",
    "ReviewSign",
    "WaysToFail",
    "data_digest",
    "decision_log",
    "replay_log",
    "review",
    "review_checks",
]
