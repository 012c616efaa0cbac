"""Chains of states: counted, smoothed, tested, projected and valued."""

from keyaccount.lifecycle.chain.chain import StageChain
from keyaccount.lifecycle.chain.chain_test import ChainTest
from keyaccount.lifecycle.chain.projection import Projection

__all__ = ["ChainTest", "Projection", "StageChain"]
