"""People from a file: CSV, Parquet or JSON."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from tasks.directory.columns import Layout, Mapped
from tasks.directory.content import Content, read_content
from tasks.directory.csv_file import csv_values
from tasks.directory.json_file import json_values
from tasks.directory.parquet_file import parquet_values
from tasks.directory.people import nobody, people_of
from tasks.directory.read import DirectoryRead
from tasks.directory.verdict import LastAccepted, Told, compare, nobody_active, told
from tasks.errors import DirectoryError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's people, which columns have values, how the file is laid out, and what is compared of it."""

    people: pd.DataFrame
    columns: tuple[str, ...]
    layout: Layout
    told: Told


_parsed: dict[Path, tuple[str, Mapped, Parsed]] = {}  # the last of each file


def read_people_file(
    path: Path,
    *,
    source: str,
    columns: Mapping[str, str],
    statuses: Mapping[str, str] | None = None,
    absence: str,
    max_age_h: float,
    now: datetime,
    last: LastAccepted | None,
) -> DirectoryRead:
    """Return the file's people with the verdict on the read: accepted, or refused with the reason.

    `columns` maps our names to the file's, `statuses` its words to our statuses. A file that can't be read is
    a refused read without people, never an error: the last accepted read stays in use. Times are UTC;
    `made_at` is the file's own. Reasons are logged and stored, so they name lines and places, and nothing
    that stands there.
    """
    try:
        content = read_content(path)
        digest = hashlib.sha256(content.data).hexdigest()
        parsed = _parsed_once(path, content, digest, Mapped(columns, statuses or {}))
    except (DirectoryError, OSError) as error:
        refusal = str(error) if isinstance(error, DirectoryError) else f"can't be read: {error.strerror}"
        log.warning("directory source %s refused: %s", source, refusal)
        return DirectoryRead(source, now, now, False, refusal, "", absence, nobody())
    reason = compare(
        parsed.told, parsed.columns, content.made_at, now=now, max_age=timedelta(hours=max_age_h), last=last
    ) or (nobody_active(parsed.people) if parsed.layout.export else None)
    return DirectoryRead(
        source,
        now,
        content.made_at,
        reason is None,
        reason,
        digest,
        absence,
        parsed.people,
        parsed.columns,
        parsed.layout.format,
    )


def _parsed_once(path: Path, content: Content, digest: str, mapped: Mapped) -> Parsed:
    """Return what `_parse` does: of a file that this process has parsed before, what it got then.

    Whoever checks many hubs reads the same file for each; the frame is nobody's to change.
    """
    known = _parsed.get(path)
    if known is None or known[:2] != (digest, mapped):
        known = _parsed[path] = (digest, mapped, _parse(path, content, mapped))
    return known[2]


def parse_people(
    path: Path, columns: Mapping[str, str], statuses: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return one row per person with `PEOPLE_COLUMNS`, in the order of person_id.

    Missing text is NaN; aliases and groups are lists. Raises DirectoryError, naming what is wrong and where,
    when the file is not whole, or must be guessed at (see people.py), and OSError when it can't be opened.
    """
    return _parse(path, read_content(path), Mapped(columns, statuses or {})).people


def _parse(path: Path, content: Content, mapped: Mapped) -> Parsed:
    """Return what `parse_people` does, and what else there is to say of the file."""
    if not content.data:
        raise DirectoryError("is empty")
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            values, layout = csv_values(content.data, mapped)
        case ".json" | ".ndjson" | ".jsonl":
            values, layout = json_values(content.data, mapped)
        case ".parquet":
            values, layout = parquet_values(path, mapped)
            if read_content(path) != content:  # DuckDB opens it once more, by its name
                raise DirectoryError("changed while it was read; check again when it is written")
        case other:
            raise DirectoryError(f"is a {other or 'file without ending'}; it must be .csv, .parquet or .json")
    people, filled = people_of(values)
    return Parsed(people, filled, layout, told(people))
