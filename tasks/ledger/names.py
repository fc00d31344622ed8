"""What references stand for: names, addresses and free texts, beside the chain, where they can be erased."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from matching.roster.canonical import canonical_json
from tasks.ledger.entry import well_formed, without_address
from tasks.ledger.tables import names

if TYPE_CHECKING:
    from tasks.ledger.book import Book

AT_ONCE = 500  # parameters of one statement; SQLite takes 32,766


def ref(book: Book, what: str, id: str, facts: Mapping[str, str]) -> str:
    """Return the reference for (what, id), made if there is none; its facts are kept up to date."""
    new = {name: well_formed(fact) for name, fact in facts.items()}
    found = book.rows(select(names.c.ref, names.c.facts).where(names.c.what == what, names.c.id == id))
    if not found:
        return _put(book, what, id, new)
    known: dict[str, str] = json.loads(found[0].facts)
    if known | new != known:
        book.change(update(names).where(names.c.ref == found[0].ref).values(facts=_text(known | new)))
    return str(found[0].ref)


def text(book: Book, words: str) -> str:
    """Return a new reference to a free text, kept as its fact `words`."""
    return _put(book, "text", secrets.token_hex(10), {"words": well_formed(words)})


def find(book: Book, what: str, id: str) -> str | None:
    """Return the reference for (what, id), if it has one."""
    found = book.rows(select(names.c.ref).where(names.c.what == what, names.c.id == id))
    return str(found[0].ref) if found else None


def named(book: Book, refs: Collection[str]) -> dict[str, dict[str, str]]:
    """Return for each reference its id and facts, {} for one that is not there."""
    known: dict[str, dict[str, str]] = {one: {} for one in refs}
    wanted = list(known)
    for start in range(0, len(wanted), AT_ONCE):
        for row in book.rows(select(names).where(names.c.ref.in_(wanted[start : start + AT_ONCE]))):
            known[row.ref] = {**json.loads(row.facts), "id": row.id}
    return known


def rename(book: Book, what: str, ids: Mapping[str, str]) -> int:
    """Let the references for (what, old id) stand for the new ids (old → new); return how many did.

    The chain, which holds the references, is not touched. Ids may go round in a circle. One whose new id has
    a reference already keeps its old one.
    """
    refs = _refs(book, what, {*ids, *ids.values()})
    moving = {old: new for old, new in ids.items() if old in refs}
    while taken := {old for old, new in moving.items() if new in refs and new not in moving}:
        moving = {old: new for old, new in moving.items() if old not in taken}
    for old in moving:  # first out of each other's way
        _call(book, refs[old], f"moving {refs[old]}")
    for old, new in moving.items():
        _call(book, refs[old], new)
    return len(moving)


def _refs(book: Book, what: str, ids: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        asked = select(names.c.id, names.c.ref).where(
            names.c.what == what, names.c.id.in_(wanted[start : start + AT_ONCE])
        )
        found.update((row.id, row.ref) for row in book.rows(asked))
    return found


def _call(book: Book, ref: str, id: str) -> None:
    book.change(update(names).where(names.c.ref == ref).values(id=id))


def erase(book: Book, ref: str) -> None:
    """Forget what a reference stands for."""
    book.change(delete(names).where(names.c.ref == ref))


def _put(book: Book, what: str, id: str, facts: Mapping[str, str]) -> str:
    new = f"{without_address(what, 'what')}:{secrets.token_hex(10)}"
    book.change(insert(names).values(ref=new, what=what, id=id, facts=_text(facts)))
    return new


def _text(facts: Mapping[str, str]) -> str:
    return canonical_json(dict(facts)).decode("utf-8")
