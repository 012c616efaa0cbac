"""The page a review writes: one self-contained file that a sales director reads."""

from keyaccount.report.page import render_page

__all__ = ["render_page"]
