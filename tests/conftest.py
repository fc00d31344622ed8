"""What every test session needs."""

import atexit

from deployments.cli.main import end_quietly

atexit.register(end_quietly)  # DuckDB's binding would end the session with 60 lines about references
