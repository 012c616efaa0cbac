"""One file per claim; peers are measured in the same run, on the same data, and agree first."""
