"""JSON text in and out, with orjson where Prefect brought it: a sweep is mostly parsing."""

import json
from typing import Any

try:
    import orjson
except ModuleNotFoundError:  # pragma: no cover - Prefect brings it; without it only slower
    orjson = None  # type: ignore[assignment]  # the name stands for "not there"


def loads(text: bytes | str) -> Any:
    """Return the value of a JSON text; raise ValueError when it is none.

    Half a surrogate pair, which orjson refuses, becomes U+FFFD: an odd name is no reason to lose a listing.
    """
    if orjson is not None:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            if b"\\ud" not in (text if isinstance(text, bytes) else text.encode()).lower():
                raise
    clean = json.dumps(json.loads(text), ensure_ascii=False)
    return json.loads(clean.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def dumps(value: object) -> bytes:
    """Return compact JSON in UTF-8, without a line end."""
    if orjson is not None:
        return orjson.dumps(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
