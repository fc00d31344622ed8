"""Text from JSON values and back, with orjson where it is installed: a sweep answers 100,000 rows."""

import json
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

try:
    import orjson
except ImportError:  # Prefect brings it; the sandbox is only slower without
    orjson = None  # type: ignore[assignment]  # a module or nothing


def to_json(value: object) -> bytes:
    """Return UTF-8 JSON without spaces."""
    if orjson is not None:
        return orjson.dumps(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"not JSON: {value!r}")


def from_json(text: str | bytes) -> Any:
    """Return the value; raise ValueError for what isn't JSON."""
    if orjson is not None:
        return orjson.loads(text)
    return json.loads(text)
