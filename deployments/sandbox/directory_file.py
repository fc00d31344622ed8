"""The directory as a file: what the company's own list of people looks like when somebody exports it."""

import csv
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from deployments.sandbox.people import COLUMNS
from deployments.sandbox.world import World


def write_directory(world: World, path: Path) -> None:
    """Write the directory as CSV (UTF-8, lists separated by `;`), in one step, dated to the world's clock.

    Whoever reads meanwhile sees the old file or the new one. Readers judge an export by the age of its file,
    so a moved clock re-dates it.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(COLUMNS)
            rows.writerows([_cell(person.get(column)) for column in COLUMNS] for person in world.directory)
        moment = world.now.timestamp()
        os.utime(draft, (moment, moment))
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return ";".join(str(one) for one in value)
    return str(value)
