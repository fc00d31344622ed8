"""What our processes say of their work when nobody looks on: on stderr, which `up` keeps in files."""

import atexit
import logging
import os
import sys
from pathlib import Path

from flows.settings import Settings
from tasks.log_lines import JSON, LOG, TEXT, JsonLine, TextLine

FOLDER = "logs"


def log_form(settings: Settings) -> str:
    """Return text or json: what the environment says, else the configuration."""
    form = os.environ.get(LOG) or settings.log.format
    return form if form in (TEXT, JSON) else TEXT


def log_folder(settings: Settings) -> Path:
    """Return where `up` keeps its logs."""
    return settings.home / FOLDER


def keep_log() -> None:
    """Write what we log to stderr, where HUBROSTER_LOG asks for it; called twice it does nothing more."""
    form = os.environ.get(LOG)
    logger = logging.getLogger("hubroster")
    if form not in (TEXT, JSON) or any(isinstance(one, _Own) for one in logger.handlers):
        return
    handler = _Own(sys.stderr)
    handler.setFormatter(JsonLine() if form == JSON else TextLine())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False  # Prefect's root handlers would say it again
    atexit.register(_end_quietly)


def _end_quietly() -> None:
    """Close stderr to what DuckDB's binding (nanobind) says at the end: 60 lines that nobody can act on."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


class _Own(logging.StreamHandler):  # type: ignore[type-arg]  # generic in the stubs alone
    pass
