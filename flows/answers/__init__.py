"""The three ways to answer a review, and what follows an answer outside the ledger."""
