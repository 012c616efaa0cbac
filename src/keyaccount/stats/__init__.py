"""Statistics the domain packages share: exact sums and shrunk rates."""
