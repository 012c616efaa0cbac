"""A purchase log in one pass: who bought when, how often and for how much."""
