"""Where a bug of ours showed itself, in words that name nobody."""

import traceback
from pathlib import Path


def place_of(error: BaseException) -> str:
    """Return the kind of an error and where it was raised; not its text, which may name people."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
