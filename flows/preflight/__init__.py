"""Preflight: is everything connected as it must be."""
