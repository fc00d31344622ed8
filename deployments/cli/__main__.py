"""`python -m deployments.cli` is `hubroster`."""

from deployments.cli.main import run

run()
