"""Genes: which industries or customers hold many large deals, learned from the deals themselves."""

from keyaccount.scoring.genes.entry import GeneCounts, GeneEntry, GeneMeasure, GenePrior
from keyaccount.scoring.genes.gene import Gene

__all__ = ["Gene", "GeneCounts", "GeneEntry", "GeneMeasure", "GenePrior"]
