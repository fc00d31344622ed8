"""A review in the ledger: opened, answered, what an answer comes to, closed."""
