"""Scoring: who is a key account, why, and how sure."""
