"""A review as one page that a sales director reads in five minutes."""

from keyaccount.report.page import render_report
from keyaccount.report.report import Report

__all__ = ["Report", "render_report"]
