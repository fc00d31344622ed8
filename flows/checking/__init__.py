"""The steps of a check: read, load, match, report, publish."""
