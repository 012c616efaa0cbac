"""How accounts are doing over time, where the book is heading, and what an account may be worth."""
