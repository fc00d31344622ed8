"""The mails to Owners: which are due, what each says."""
