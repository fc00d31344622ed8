"""The book of a hub, or what it says of one member, for people: in order and with names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tasks.ledger.book import Book
from tasks.ledger.codes import texts_of
from tasks.ledger.entry import Entry, stamp

REF = re.compile(r"[a-z_]+:[0-9a-f]{20}")


def export(book: Book, *, hub: str | None = None, member: str | None = None) -> list[dict[str, Any]]:
    """Return the entries in order, of one hub, and of one member (an id of Meta's, or a reference).

    Each has the columns as they were hashed, `at` as text, and `names`: {ref: {"id", "name" …}} for what it
    refers to, {} for what was erased. An entry is of a member when its payload names the id anywhere.
    """
    found = book.entries(hub)
    if member is not None:
        wanted = {member, book.find("member", member)}
        found = [entry for entry in found if wanted.intersection(texts_of(entry.payload))]
    refs = {entry.seq: sorted(_refs(entry)) for entry in found}
    known = book.named({ref for some in refs.values() for ref in some})
    return [_row(entry, {ref: known[ref] for ref in refs[entry.seq]}) for entry in found]


def head_of(book: Book) -> dict[str, Any]:
    """Return where the whole chain ends, as a witness keeps it: {"seq", "hash", "at"}."""
    head = book.head()
    return {"seq": head.seq, "hash": head.hash, "at": stamp(head.at)}


def _refs(entry: Entry) -> Iterator[str]:
    for text in (entry.actor, *texts_of(entry.payload)):
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
