"""Canonical JSON and the hashes over it: what a report, and later an approval, is bound to (design §9)."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any


def canonical_json(value: Any) -> bytes:
    """Return sorted keys, UTF-8, no spaces; the same value always gives the same bytes.

    Raises ValueError on a number that JSON can't write (NaN, infinity).
    """
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode("utf-8", errors="replace")


def canonical_pieces(value: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the canonical JSON of a mapping in pieces: the items of its lists one by one.

    A large report as one text would take several times its size.
    """
    yield b"{"
    for place, key in enumerate(sorted(value)):
        yield (b"," if place else b"") + canonical_json(key) + b":"
        part = value[key]
        if isinstance(part, list):
            yield b"["
            for number, item in enumerate(part):
                yield (b"," if number else b"") + canonical_json(item)
            yield b"]"
        else:
            yield canonical_json(part)
    yield b"}"


def sha256_of(value: Any) -> str:
    """Return the hex sha256 of the canonical JSON."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def subject_key(kind: str, hub: str, member: str, about: str = "") -> str:
    """Return what rejections stick to: a kind of proposal, a hub, a member, and a person or asset."""
    return sha256_of(["subject", kind, hub, member, about])


def change_id(subject: str, evidence: str) -> str:
    """Return the id that people see for one proposal: 12 hex digits over its subject and its evidence."""
    return sha256_of(["change", subject, evidence])[:12]


def digest_of(hub: Mapping[str, str], policy: str, proposals: list[tuple[str, str]]) -> str:
    """Return the digest over a report's proposals: (subject key, evidence hash) each, in any order.

    `hub` identifies the hub (business id, graph URL); `policy` is the version of the rules.
    """
    return sha256_of({"hub": dict(hub), "policy": policy, "proposals": sorted(proposals)})
