"""How a line of a log looks: as text, or as one JSON object; never with what looks like a secret."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from tasks.secret_words import without_secrets

LOG = "HUBROSTER_LOG"  # text or json: set by `up` for its processes, or by an operator
TEXT, JSON = "text", "json"
LONGEST = 8000  # characters of one line; more is cut


def line_of(part: str, text: str, form: str, at: datetime | None = None) -> str:
    """Return a line that a process printed, as it stands in the log; one that is JSON of ours stays so."""
    clean = "".join(one if one.isprintable() else " " for one in without_secrets(text[:LONGEST])).rstrip()
    when = (at or datetime.now(UTC)).isoformat(timespec="milliseconds")
    if form != JSON:
        return f"{when} {clean}"
    return json.dumps({"at": when, "part": part, **_fields(clean)}, ensure_ascii=False)


def _fields(text: str) -> dict[str, Any]:
    if text.startswith("{"):
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if isinstance(found, dict) and "message" in found:
            return found
    return {"message": text}


class JsonLine(logging.Formatter):
    """Formats a record as {"at", "level", "logger", "message"}, "error" too where one was raised."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        fields = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if record.exc_info and record.exc_info[0]:
            fields["error"] = record.exc_info[0].__name__  # its text may name people
        return json.dumps(fields, ensure_ascii=True)


class TextLine(logging.Formatter):
    """Formats a record as "level logger: message"."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        return f"{record.levelname.lower()} {record.name}: {without_secrets(record.getMessage())}"
