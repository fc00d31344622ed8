"""The append-only, hash-chained book of what people decided, and of every change made at Meta (design §7)."""
