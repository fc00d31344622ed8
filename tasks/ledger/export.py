"""The book of a hub, or what it says of one member, for people: in order and with names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tasks.ledger.book import Book
from tasks.ledger.codes import texts_of
from tasks.ledger.entry import Entry, stamp

REF = re.compile(r"[a-z_]+:[0-9a-f]{20}")


def export(book: Book, *, hub: str | None = None, member: str | None = None) -> list[dict[str, Any]]:
    """Return the entries in order, of one hub, and of one member (an id of Meta's, or a reference).

    Each has the columns as they were hashed, `at` as text, and `names`: {ref: {"id", "name" …}} for what it
    refers to, {} for what was erased. An entry is of a member when its payload names the id, or a change that
    was asked about it, anywhere; names of the others whom such an entry is about as well are left out.
    """
    found = book.entries(hub)
    about = {entry.seq: entry.payload for entry in found}
    if member is not None:
        seat = {member, book.find("member", member)}
        wanted = seat | {
            one["id"] for entry in found for one in _asked(entry) if one.get("member_id") in seat
        }
        found = [entry for entry in found if wanted.intersection(texts_of(entry.payload))]
        about = {entry.seq: _only_about(entry, wanted) for entry in found}
    refs = {entry.seq: sorted(_refs(entry.actor, about[entry.seq])) for entry in found}
    known = book.named({ref for some in refs.values() for ref in some})
    return [_row(entry, {ref: known[ref] for ref in refs[entry.seq]}) for entry in found]


def head_of(book: Book) -> dict[str, Any]:
    """Return where the whole chain ends, as a witness keeps it: {"seq", "hash", "at"}."""
    head = book.head()
    return {"seq": head.seq, "hash": head.hash, "at": stamp(head.at)}


def _asked(entry: Entry) -> list[dict[str, Any]]:
    """Return the questions that an entry holds: those of a review, or the one of a request."""
    asked = entry.payload.get("asked") or []
    return [one for one in (asked if isinstance(asked, list) else [asked]) if isinstance(one, dict)]


def _only_about(entry: Entry, wanted: set[str | None]) -> dict[str, Any]:
    """Return the payload of an entry without the questions about others."""
    if not isinstance(entry.payload.get("asked"), list):
        return dict(entry.payload)
    return {**entry.payload, "asked": [one for one in _asked(entry) if one.get("id") in wanted]}


def _refs(actor: str, payload: Mapping[str, Any]) -> Iterator[str]:
    for text in (actor, *texts_of(payload)):
        if REF.fullmatch(text):
            yield text


def _row(entry: Entry, names: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": stamp(entry.at),
        "hub": entry.hub,
        "actor": entry.actor,
        "identified_by": entry.identified_by,
        "kind": entry.kind,
        "payload": entry.payload,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
        "names": names,
    }
