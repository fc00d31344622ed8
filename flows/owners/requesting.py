"""What an Owner asks for that changes Meta, or who the Owners are: it waits for another Owner's answer.

A request is a question of the hub's review, like what a check proposes. Who asks can't approve it. Nothing
here calls Meta: `apply` does, after the answer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flows.mails.notify import notify
from flows.opening.ledger import known_refs, people_by_id, person_ref
from flows.owners.acting import BY_LOGIN, Actor, acting, reason_of
from flows.owners.seat_of import ActionRefused, Seat
from flows.review.reviewing import ask_requests
from flows.settings import Settings
from matching.review.asked import DO, DONT, Asked, by_policy
from matching.review.owners import Known, is_fit, owners_of
from matching.review.requests import REQUEST_ENDED, REQUESTED, open_requests
from matching.review.wanted import Wanted
from matching.roster.canonical import canonical_json, change_id, sha256_of, subject_key
from tasks.ledger.book import Book

LIFE = timedelta(days=14)
ADDRESS = re.compile(r"[^\s@<>\"'(),;:\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
ROLE = re.compile(r"[A-Z][A-Z_]{1,40}")
TASK = re.compile(r"[A-Z][A-Z_]{1,60}")


@dataclass(frozen=True, slots=True)
class Asking:
    """What is to be asked: the change, about whom, and what people see of it.

    `member`: as in a proposal of a report. `about`: ids of everybody whose seat it is or could be, who can't
    answer. `key`: what makes two requests the same.
    """

    kind: str
    member: Mapping[str, Any]
    stay: str
    about: tuple[str, ...]
    role: str
    address: str
    grants: tuple[tuple[str, str, tuple[str, ...]], ...]
    shown: Mapping[str, Any]
    rights: tuple[Mapping[str, Any], ...] = ()
    person: Known | None = None
    digest: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Requested:
    """A request that stands in a review; `change` is its id, to answer and to withdraw."""

    hub: str
    change: str
    kind: str
    review: str


def request(settings: Settings, label: str, asked_for: Sequence[Asking], reason: str) -> list[Requested]:
    """Put what the Owner who is logged in asks for before the other Owners; all of it, or nothing.

    Raises ActionRefused, saying why and what to do.
    """
    why = reason_of(reason)
    with acting(settings, label) as (book, actor):
        changes = [(one.kind, put(settings, book, label, actor, one, why)) for one in asked_for]
        asking = ask_requests(settings, book, label)
    notify(settings, label)
    return [Requested(label, change, kind, asking.review or "") for kind, change in changes]


def put(settings: Settings, book: Book, label: str, actor: Actor, one: Asking, reason: str) -> str:
    """Write one request; return its change id. Raises ActionRefused where nobody could approve it."""
    asked = _asked(settings, book, label, actor, one)
    _require_approvers(settings, book, label, asked)
    book.append(
        REQUESTED,
        hub=label,
        actor=actor.ref,
        identified_by=BY_LOGIN,
        payload={
            "asked": asked.as_payload(),
            "expires_at": (book.now + LIFE).isoformat(),
            "reason": book.text(reason),
            "shown": book.text(canonical_json(_shown(one, asked, actor, reason)).decode("utf-8")),
        },
    )
    return asked.id


def _asked(settings: Settings, book: Book, label: str, actor: Actor, one: Asking) -> Asked:
    """Return the question. Raises ActionRefused where it is asked already."""
    people = people_by_id(settings, sorted(one.about))
    persons = tuple(
        person_ref(book, people[who]) if who in people else book.ref("person", who) for who in one.about
    )
    wanted = Wanted(
        kind=one.kind,
        proposer=actor.ref,
        role=one.role,
        address=book.ref("address", one.address.strip().lower()) if one.address else "",
        grants=one.grants,
        person=person_ref(book, one.person) if one.person else "",
        digest=one.digest,
        on=one.on,
    )
    rows = book.entries(hub=label)
    for other in open_requests(rows, label, book.now):
        if _same(other.asked, wanted, one):
            raise ActionRefused(f"that is asked already, as {other.asked.id}; nothing was done")
    facts = {"member": dict(one.member), "wanted": wanted.as_payload(), "seq": book.head().seq}
    subject = subject_key(one.kind, label, str(one.member["member_id"]), str(book.head().seq))
    evidence = sha256_of(facts)
    asked = Asked(
        id=change_id(subject, evidence),
        subject=subject,
        evidence=evidence,
        kind=one.kind,
        stay=one.stay,
        member_kind=str(one.member["kind"]),
        member_id=str(one.member["member_id"]),
        role=str(one.member.get("role") or ""),
        persons=persons,
        needs=1,
        base=subject,
        options=(DO, DONT),
        recommended="",
        wanted=wanted,
    )
    return by_policy(asked, settings.policy.two_approvers_for)


def withdraw(settings: Settings, label: str, change: str) -> None:
    """Take back a request of one's own, before it is carried out. Raises ActionRefused."""
    with acting(settings, label) as (book, actor):
        found = [r for r in open_requests(book.entries(hub=label), label, book.now) if r.asked.id == change]
        if not found or found[0].asked.wanted is None or found[0].asked.wanted.proposer != actor.ref:
            raise ActionRefused(
                f"there is no open request {change[:12]!r} of yours in {label}, and nothing was done: "
                "`hubroster reviews` lists what is open"
            )
        book.append(
            REQUEST_ENDED,
            hub=label,
            actor=actor.ref,
            identified_by=BY_LOGIN,
            payload={"change": change, "review": "", "state": "withdrawn"},
        )
        ask_requests(settings, book, label)
    notify(settings, label)


def member_facts(seat: Seat) -> dict[str, Any]:
    """Return a seat as the proposals of a report have it."""
    names = ("kind", "member_id", "name", "email", "role", "finance_permission", "status")
    return {name: seat.facts[name] if isinstance(seat.facts.get(name), str) else None for name in names}


def _require_approvers(settings: Settings, book: Book, label: str, asked: Asked) -> None:
    assert asked.wanted is not None  # noqa: S101, asked for by an Owner
    owners = owners_of(book.entries(hub=label), label, book.now)
    known = known_refs(settings, book, owners)
    free = [
        one
        for one in owners
        if one in known and is_fit(known[one]) and one != asked.wanted.proposer and one not in asked.persons
    ]
    if len(free) < asked.needs:
        raise ActionRefused(
            f"this needs the yes of {asked.needs} other Owner{'s' if asked.needs > 1 else ''} whom it is not "
            f"about, and {label} has {len(free)}; nothing was asked: name another with hubroster owner-add"
        )


def _same(other: Asked, wanted: Wanted, one: Asking) -> bool:
    theirs = other.wanted
    return (
        theirs is not None
        and (other.kind, other.member_id) == (one.kind, str(one.member["member_id"]))
        and (theirs.role, theirs.address, theirs.grants, theirs.person, theirs.digest, theirs.on)
        == (wanted.role, wanted.address, wanted.grants, wanted.person, wanted.digest, wanted.on)
    )


def _shown(one: Asking, asked: Asked, actor: Actor, reason: str) -> dict[str, Any]:
    return {
        "id": asked.id,
        "kind": asked.kind,
        "subject": asked.subject,
        "evidence": asked.evidence,
        "stay": asked.stay,
        "member": dict(one.member),
        "rights_known": True,
        "rights": list(one.rights),
        "request": {
            "by": actor.known.name,
            "role": one.role,
            "address": one.address,
            "person": (one.person.name or one.person.address) if one.person else "",
            "reason": reason,
            "assets": [],
        }
        | dict(one.shown),
    }
