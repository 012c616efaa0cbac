"""What kind of customer each account is: matrices, RFM, loyalty, and what to do with each kind."""
