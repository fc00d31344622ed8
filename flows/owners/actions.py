"""What an Owner decides unasked, and what changes nothing at Meta: whose a seat is, and exceptions.

Each is one transaction of the ledger: who, how that is known, why; all Owners get a receipt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from flows.mails.notify import notify
from flows.opening.ledger import people_by_id, person_ref
from flows.opening.warehouse import reading_warehouse
from flows.owners.acting import BY_LOGIN, Actor, acting, reason_of, require_not_own
from flows.owners.seat_of import ActionRefused, Seat, person_of, seat_of, text_of
from flows.review.reviewing import decisions_of
from flows.settings import Settings
from matching.people.decisions import facts_of
from matching.review.decisions import EXEMPTED, EXEMPTION_ENDED, MATCHED, UNLINKED
from matching.review.owners import Known
from matching.roster.action_words import exempted_words, matched_words, reassigned_words, unexempted_words
from tasks.ledger.book import Book
from tasks.warehouse import queries

LONGEST_EXEMPTION = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Done:
    """One decision that stands in the ledger: what it says in words, and its row."""

    hub: str
    kind: str
    member_id: str
    said: str
    seq: int


def match(settings: Settings, label: str, member: str, person: str, reason: str = "") -> Done:
    """Say whose an unmatched seat is. Raises ActionRefused when it is somebody's already: reassign it."""
    seat, known = seat_of(settings, label, member), person_of(settings, person)
    if seat.linked == known.person_id and seat.facts["rule"] == "decision":
        raise ActionRefused("an Owner said so already, and nothing was done")
    if seat.linked not in (None, known.person_id):
        raise ActionRefused(
            f"the seat is taken to be somebody else's, and nothing was done: hubroster reassign {label} "
            f"{seat.member_id} PERSON"
        )
    with acting(settings, label) as (book, actor):
        _require_may_match(actor, seat, known)
        said = matched_words(seat.facts, _plain(known))
        done = _write(book, label, actor, MATCHED, seat, said, reason, {"person": person_ref(book, known)})
    notify(settings, label)
    return done


def reassign(settings: Settings, label: str, member: str, person: str, reason: str) -> Done:
    """Say that a seat is another person's than it is taken for: the old link is rejected for good.

    It comes back only when a name or an address of either changes. Raises ActionRefused.
    """
    seat, known, why = seat_of(settings, label, member), person_of(settings, person), reason_of(reason)
    if seat.linked is None:
        raise ActionRefused(f"the seat is nobody's yet: hubroster match {label} {seat.member_id} PERSON")
    if seat.linked == known.person_id:
        raise ActionRefused("the seat is that person's already, and nothing was done")
    evidence = _facts(settings, label, seat, seat.linked)
    before = people_by_id(settings, [seat.linked]).get(seat.linked) or Known(seat.linked, "", "")
    with acting(settings, label) as (book, actor):
        _require_may_match(actor, seat, known)
        old = {"person": person_ref(book, before) if before.kind else book.ref("person", seat.linked)}
        said = reassigned_words(seat.facts, _plain(before), _plain(known))
        _write(book, label, actor, UNLINKED, seat, "", why, old | {"evidence": evidence})
        done = _write(book, label, actor, MATCHED, seat, said, why, {"person": person_ref(book, known)})
    notify(settings, label)
    return done


def exempt(settings: Settings, label: str, member: str, until: date, reason: str) -> Done:
    """Let a seat stay until a day, with what it may do now and no more. Raises ActionRefused.

    The exemption of somebody who has left holds, as it was given after it.
    """
    seat, why = seat_of(settings, label, member), reason_of(reason)
    if seat.kind == "system":
        raise ActionRefused(
            "system users are never proposed for removal: there is nothing to except them from"
        )
    ends = datetime.combine(until, time(0), ZoneInfo(settings.workspace.timezone)) + timedelta(days=1)
    with acting(settings, label) as (book, actor):
        require_not_own(actor, seat)
        if ends <= book.now or ends - book.now > LONGEST_EXEMPTION:
            raise ActionRefused("an exception ends within a year, on a day to come: --until YYYY-MM-DD")
        more = {
            "until": ends.astimezone(book.now.tzinfo).isoformat(),
            "role": seat.role,
            "money": text_of(seat.facts["finance_permission"]),
            "rights": _rights(seat.rights),
            "after_leaving": seat.facts["person_status"] == "deprovisioned",
        }
        said = exempted_words(seat.facts, until)
        done = _write(book, label, actor, EXEMPTED, seat, said, why, more)
    notify(settings, label)
    return done


def unexempt(settings: Settings, label: str, member: str, reason: str = "") -> Done:
    """End a seat's exemption at once. Raises ActionRefused where there is none."""
    seat = seat_of(settings, label, member)
    given = {(one.kind, one.member_id) for one in decisions_of(settings, label).exemptions}
    if (seat.kind, seat.member_id) not in given:
        raise ActionRefused("no exception was made for this member, and nothing was done")
    with acting(settings, label) as (book, actor):
        require_not_own(actor, seat)
        said = unexempted_words(seat.facts)
        done = _write(book, label, actor, EXEMPTION_ENDED, seat, said, reason.strip(), {})
    notify(settings, label)
    return done


def _require_may_match(actor: Actor, seat: Seat, known: Known) -> None:
    if seat.kind == "system":
        raise ActionRefused("a system user is nobody's seat; nothing was done")
    require_not_own(actor, seat)
    if known.person_id == actor.known.person_id:
        raise ActionRefused("nobody takes a seat for his own: another Owner must say so; nothing was done")


def _write(
    book: Book,
    label: str,
    actor: Actor,
    kind: str,
    seat: Seat,
    said: str,
    reason: str,
    more: Mapping[str, Any],
) -> Done:
    payload = {
        "stay": seat.stay,
        "member_kind": seat.kind,
        "member_id": seat.member_id,
        "by": [actor.ref],
        "reason": book.text(reason) if reason else None,
        "said": book.text(said) if said else None,
    }
    row = book.append(kind, hub=label, actor=actor.ref, identified_by=BY_LOGIN, payload=payload | dict(more))
    return Done(label, kind, seat.member_id, said, row.seq)


def _rights(rights: pd.DataFrame) -> list[list[str]]:
    return sorted(
        [row["asset_kind"], row["asset_id"], str(task)]
        for row in rights.to_dict("records")
        for task in row["tasks"]
    )


def _facts(settings: Settings, label: str, seat: Seat, person: str) -> str | None:
    """Return what is known of a seat and a person now: a rejection holds while it is so."""
    with reading_warehouse(settings) as con:
        members, people = queries.members(con, label), queries.people(con)
    mine = members[(members["kind"] == seat.kind) & (members["member_id"] == seat.member_id)]
    pair = pd.DataFrame({"member_id": [seat.stay], "person_id": [person]})
    return facts_of(
        mine.assign(member_id=seat.stay).rename(columns={"kind": "pool"}),
        people[people["person_id"] == person].drop_duplicates("person_id"),
        pair,
    )[0]


def _plain(known: Known) -> dict[str, str]:
    return {
        "person_id": known.person_id,
        "name": known.name,
        "address": known.address,
        "status": known.status,
    }
