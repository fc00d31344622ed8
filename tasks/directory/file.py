"""People from a file: CSV, Parquet or JSON."""

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from tasks.directory.content import Content, read_content
from tasks.directory.csv_file import csv_values
from tasks.directory.json_file import json_values
from tasks.directory.parquet_file import parquet_values
from tasks.directory.people import nobody, people_of
from tasks.directory.read import DirectoryRead
from tasks.directory.verdict import LastAccepted, compare
from tasks.errors import DirectoryError

log = logging.getLogger(__name__)


def read_people_file(
    path: Path,
    *,
    source: str,
    columns: Mapping[str, str],
    absence: str,
    max_age_h: float,
    now: datetime,
    last: LastAccepted | None,
) -> DirectoryRead:
    """Return the file's people with the verdict on the read: accepted, or refused with the reason.

    `columns` maps our names to the file's. A file that can't be read is a refused read without people,
    never an error: the last accepted read stays in use. Times are UTC; `made_at` is the file's own. Reasons
    are logged and stored, so they name lines and places, and nothing that stands there.
    """
    try:
        content = read_content(path)
        people, filled = _parse(path, content, columns)
    except (DirectoryError, OSError) as error:
        refusal = str(error) if isinstance(error, DirectoryError) else f"can't be read: {error.strerror}"
        log.warning("directory source %s refused: %s", source, refusal)
        return DirectoryRead(source, now, now, False, refusal, "", absence, nobody())
    reason = compare(people, filled, content.made_at, now=now, max_age=timedelta(hours=max_age_h), last=last)
    digest = hashlib.sha256(content.data).hexdigest()
    return DirectoryRead(
        source, now, content.made_at, reason is None, reason, digest, absence, people, filled
    )


def parse_people(path: Path, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return one row per person with `PEOPLE_COLUMNS`, in the order of person_id.

    Missing text is NaN; aliases and groups are lists. Raises DirectoryError, naming what is wrong and where,
    when the file is not whole, or must be guessed at (see people.py), and OSError when it can't be opened.
    """
    return _parse(path, read_content(path), columns)[0]


def _parse(path: Path, content: Content, columns: Mapping[str, str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return what `parse_people` does, and which columns have values."""
    if not content.data:
        raise DirectoryError("is empty")
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            values = csv_values(content.data, columns)
        case ".json" | ".ndjson" | ".jsonl":
            values = json_values(content.data, columns)
        case ".parquet":
            values = parquet_values(path, columns)
            if read_content(path) != content:  # DuckDB opens it once more, by its name
                raise DirectoryError("changed while it was read; check again when it is written")
        case other:
            raise DirectoryError(f"is a {other or 'file without ending'}; it must be .csv, .parquet or .json")
    return people_of(values)
