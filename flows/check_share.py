"""A process that checks one hub after the other: labels come by stdin, each is answered with a line of JSON.

`flows.check_all` starts some of them (`python -m flows.check_share`); the end of stdin ends them.
"""

import asyncio
import json
import os
import sys
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
    """Check one hub and publish nothing; return `{"hub", "result"}`, or `{"hub", "error"}` with one line."""
    try:
        return {"hub": label, "result": asyncio.run(check_for_updates(label, publish=False))}
    except HubrosterError as error:
        return {"hub": label, "error": str(error)}
    except Exception as error:  # noqa: BLE001, our bug, or a broken disk: it harms no other hub
        return {"hub": label, "error": place_of(error)}


if __name__ == "__main__":
    main()
