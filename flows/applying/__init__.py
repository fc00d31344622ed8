"""The steps of apply: what is due, the facts read again, the calls, what came of them."""
