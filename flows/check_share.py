"""A process that checks one hub after the other: labels come by stdin, each is answered with a line of JSON.

`flows.check_all` starts some of them (`python -m flows.check_share`); the end of stdin ends them.
"""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flows.check import check_for_updates
from flows.server.bug_place import place_of
from tasks.errors import HubrosterError
from tasks.warehouse.remembered import remember_directory


def main() -> None:
    """Answer until the end of stdin. What anything else prints goes to stderr: stdout is for the answers."""
    remember_directory()
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        for line in sys.stdin:
            answers.write(json.dumps(check_one(line.strip()), default=str) + "\n")
            answers.flush()
        sys.stderr.flush()
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno()
        )  # what DuckDB's binding says at the end


def check_one(label: str) -> dict[str, Any]:
    """Check one hub and publish nothing; return `{"hub", "result"}`, or `{"hub", "error"}` with one line.

    `notes` beside the result, where there are any: what is not all well although the check went well.
    """
    try:
        with _notes() as notes:
            result = asyncio.run(check_for_updates(label, publish=False))
        return {"hub": label, "result": result} | ({"notes": notes} if notes else {})
    except HubrosterError as error:
        return {"hub": label, "error": str(error)}
    except Exception as error:  # noqa: BLE001, our bug, or a broken disk: it harms no other hub
        return {"hub": label, "error": place_of(error)}


@contextmanager
def _notes() -> Iterator[list[str]]:
    """Collect what the progress log says as a warning."""
    notes: list[str] = []
    handler, logger = logging.Handler(logging.WARNING), logging.getLogger("hubroster.progress")
    handler.emit = lambda record: notes.append(record.getMessage())  # type: ignore[method-assign]  # a short one
    logger.addHandler(handler)
    try:
        yield notes
    finally:
        logger.removeHandler(handler)


if __name__ == "__main__":
    main()
