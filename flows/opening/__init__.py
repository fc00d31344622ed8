"""What the settings lead to: the warehouse, the ledger, a hub, a source of the directory, the mail server."""
