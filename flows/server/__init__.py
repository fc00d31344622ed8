"""Prefect's server and what our processes need around it: its home, its start, their logs."""
