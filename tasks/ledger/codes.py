"""Codes that stand for an answer or a person, given out by mail; the ledger keeps only their hashes.

A hash is scrypt's with one random salt per ledger, so that a code is found by its hash. A code has 49 bits:
over a plain sha256 somebody with a stolen copy of the ledger would try them all within days, while they live;
over scrypt he needs centuries. It is set low (0.7 ms, 256 kB), as a review may give out thousands within one
transaction.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import insert, select, update

from tasks.ledger.entry import moment, payload_text, stamp
from tasks.ledger.secret import secret_of
from tasks.ledger.tables import codes
from tasks.ledger.tries import count_try, forgive, locked, scope_of

if TYPE_CHECKING:
    from tasks.ledger.book import Book

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no I, L, O, 0 and 1, which people take for each other
LENGTH = 10
LONGEST = 100  # of what somebody typed
REUSABLE = {"page"}  # as often as needed while they live; every other purpose is used up by the first time
# Strangers can type at the page's door, operators into Prefect's form: wrong codes there would close them for
# Owners, so the page counts by network. A login code lives 15 minutes, and a new one opens its door again.
LOCKABLE = {"login", "claim"}
COST = 2**8
AT_ONCE = 500  # parameters of one statement

UNKNOWN = "this code is not valid here: look for the one in the newest mail, and type all ten characters"
EXPIRED = "this code has expired: ask for a new mail"
USED = "this code was used already: what it said was recorded then"
VOID = "this code is not valid any more, as what it stood for has changed: use the one in the newest mail"
LOCKED = "too many wrong codes: nothing is accepted here until a new mail brings a new code"


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A code that was accepted, and what it stands for."""

    purpose: str
    hub: str
    review: str
    owner: str
    meaning: dict[str, Any] | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RefusedCode:
    """A code that was not accepted. `reason` is a sentence for the person who typed it."""

    kind: Literal["unknown", "expired", "used", "void", "locked"]
    reason: str


def issue(
    book: Book,
    *,
    purpose: str,
    hub: str,
    review: str,
    owner: str,
    meaning: Mapping[str, Any] | None,
    expires_at: datetime,
) -> str:
    """Return a new code, ten characters in clear, which is kept nowhere.

    A new "page" or "login" code forgives the wrong tries at its owner's and its review's door.
    """
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    row = {
        "hash": _hash(book, code),
        "purpose": purpose,
        "hub": hub,
        "review": review,
        "owner": owner,
        "meaning": None if meaning is None else payload_text(meaning),
        "issued_at": stamp(book.now),
        "expires_at": stamp(expires_at),
    }
    book.change(insert(codes).values(row))
    if purpose in ("page", "login"):
        forgive(book, review=review, owner=owner)
    return code


def redeem(
    book: Book,
    code: str,
    *,
    purposes: Collection[str],
    owner: str | None = None,
    review: str | None = None,
) -> Redeemed | RefusedCode:
    """Accept a code, of this owner and this review where they are given, or say why not.

    Case, spaces and dashes don't matter. A code of single use is used up by it. One that is unknown counts as
    a wrong try at the owner's or review's door, and 15 lock it (not for verdicts alone). The count is part of
    the transaction: let it commit. A code of somebody else, or for another purpose, is refused in the words
    for one that never was.
    """
    scope = scope_of(review=review, owner=owner) if LOCKABLE & set(purposes) else None
    if scope and locked(book, scope):
        return RefusedCode("locked", LOCKED)
    typed = _as_issued(code)
    found = book.rows(select(codes).where(codes.c.hash == _hash(book, typed))) if typed else []
    row = found[0] if found else None
    if (
        row is None
        or row.purpose not in purposes
        or (owner is not None and row.owner != owner)
        or (review is not None and row.review != review)
    ):
        if scope and _is_door(book, review, owner):
            count_try(book, scope)
        return RefusedCode("unknown", UNKNOWN)
    if row.used_at is not None:
        return RefusedCode("used", USED)
    if row.voided_at is not None:
        return RefusedCode("void", VOID)
    if moment(row.expires_at) <= book.now:
        return RefusedCode("expired", EXPIRED)
    if row.purpose not in REUSABLE:
        book.change(update(codes).where(codes.c.hash == row.hash).values(used_at=stamp(book.now)))
    meaning = None if row.meaning is None else json.loads(row.meaning)
    return Redeemed(row.purpose, row.hub, row.review, row.owner, meaning, moment(row.expires_at))


def void(
    book: Book,
    *,
    review: str | None = None,
    owner: str | None = None,
    purpose: str | None = None,
    meanings: Collection[str] | None = None,
) -> int:
    """Make codes that are still open worthless: those for which all that is given holds; return how many.

    `meanings` are ids (of changes, say): it holds for a code whose meaning has one of them, at any depth.
    Without any of the four, ValueError.
    """
    if review is owner is purpose is meanings is None:
        raise ValueError("say which codes: of a review, an owner, a purpose or a meaning")
    asked = select(codes.c.hash, codes.c.meaning).where(
        codes.c.used_at.is_(None), codes.c.voided_at.is_(None)
    )
    for column, value in ((codes.c.review, review), (codes.c.owner, owner), (codes.c.purpose, purpose)):
        if value is not None:
            asked = asked.where(column == value)
    wanted = None if meanings is None else set(meanings)
    found = [row.hash for row in book.rows(asked) if wanted is None or _mentions(row.meaning, wanted)]
    return void_these(book, found)


def still_open(book: Book, *, review: str, owner: str) -> list[str]:
    """Return the hashes of an Owner's open codes of a review: what a new mail takes the place of."""
    mine = (codes.c.review == review, codes.c.owner == owner)
    asked = select(codes.c.hash).where(*mine, codes.c.used_at.is_(None), codes.c.voided_at.is_(None))
    return [row.hash for row in book.rows(asked)]


def void_these(book: Book, hashes: Sequence[str]) -> int:
    """Make these codes worthless, those that are used up excepted; return how many."""
    count = 0
    for start in range(0, len(hashes), AT_ONCE):
        some = (codes.c.hash.in_(hashes[start : start + AT_ONCE]), codes.c.used_at.is_(None))
        count += book.change(update(codes).where(*some).values(voided_at=stamp(book.now)))
    return count


def _is_door(book: Book, review: str | None, owner: str | None) -> bool:
    """Say whether anything was ever given out there: else whoever invents reviews would fill the ledger."""
    asked = select(codes.c.hash).limit(1)
    for column, value in ((codes.c.review, review), (codes.c.owner, owner)):
        if value is not None:
            asked = asked.where(column == value)
    return bool(book.rows(asked))


def _hash(book: Book, code: str) -> str:
    salt = secret_of(book, "codes")
    return hashlib.scrypt(code.encode(), salt=salt, n=COST, r=8, p=1, dklen=32).hex()


def _as_issued(typed: str) -> str | None:
    """Return a typed code as it was issued, or None when it can't be one."""
    folded = unicodedata.normalize("NFKC", typed[:LONGEST]).upper()
    code = "".join(character for character in folded if character.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def _mentions(meaning: str | None, ids: Collection[str]) -> bool:
    return meaning is not None and any(one in ids for one in texts_of(json.loads(meaning)))


def texts_of(value: Any) -> list[str]:
    """Return every text in a value of JSON, keys included."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for one in value for text in texts_of(one)]
    if isinstance(value, dict):
        return [text for key, one in value.items() for text in (key, *texts_of(one))]
    return []
