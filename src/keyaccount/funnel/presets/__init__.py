"""Funnels that come with the library."""

from keyaccount.funnel.presets.account_process import account_process
from keyaccount.funnel.presets.appraisal import AppraisalShares
from keyaccount.funnel.presets.customer import customer_funnel, customer_phases
from keyaccount.funnel.presets.lead_to_cash import lead_to_cash
from keyaccount.funnel.presets.mapping import stage_mapping
from keyaccount.funnel.presets.opportunity import opportunity_funnel, opportunity_stages
from keyaccount.funnel.presets.phases import Phase
from keyaccount.funnel.presets.sales_progress import sales_progress

__all__ = [
    "AppraisalShares",
    "Phase",
    "account_process",
    "customer_funnel",
    "customer_phases",
    "lead_to_cash",
    "opportunity_funnel",
    "opportunity_stages",
    "sales_progress",
    "stage_mapping",
]
