"""The Owners of a hub: who they are, naming another, dropping one, claiming the role."""

from dataclasses import dataclass, replace
from datetime import timedelta

from flows.mails.notify import notify
from flows.opening.ledger import known_refs, ledger_of, people_by_id, person_ref
from flows.opening.mail_server import mail_server
from flows.owners.acting import Actor, acting, reason_of
from flows.owners.requesting import Asking, Requested, put, request
from flows.owners.seat_of import ActionRefused, Seat, person_of, seat_of
from flows.review.owner_roles import WAIT_H, name_owner
from flows.review.reviewing import ask_requests
from flows.settings import Settings
from matching.review.owners import NAMED, Known, is_fit, owners_of
from tasks.ledger.book import Book
from tasks.ledger.codes import RefusedCode, issue, redeem
from tasks.mail.letters import ClaimCode
from tasks.mail.message import letter
from tasks.mail.send import send

CLAIM_MIN = 60
INVITED_H = 7 * 24
INVITED = "owner_invited"
# links that rest on an address or on an Owner's word, never on a name
SURE_RULES = ("exact_address", "alias", "user_name", "decision")


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """One Owner: reference, name and address as the directory has them, if he can act now, since when."""

    ref: str
    name: str
    address: str
    can_act: bool
    counts_from: str


def owners(settings: Settings, label: str) -> list[OwnerRow]:
    """Return the Owners of a hub, those who don't count yet included."""
    settings.hub(label)
    with ledger_of(settings) as ledger, ledger.reading() as book:
        rows = book.entries(hub=label)
        refs = owners_of(rows, label, book.now + timedelta(hours=WAIT_H))
        counting = owners_of(rows, label, book.now)
        known = known_refs(settings, book, refs)
        names = book.named(refs)
    since = {row.payload["person"]: row.payload["counts_from"] for row in rows if row.kind == NAMED}
    return [
        OwnerRow(
            ref,
            known[ref].name if ref in known else names[ref].get("name", ""),
            known[ref].address if ref in known else names[ref].get("address", ""),
            ref in counting and ref in known and is_fit(known[ref]),
            since[ref],
        )
        for ref in refs
    ]


def owner_add(settings: Settings, label: str, address: str, reason: str) -> Requested:
    """Name another Owner: a second one has to approve it.

    Where there is only one who can act, the person who is named gets a code by mail, to accept with
    (`hubroster owner-accept`), and counts 24 hours later. Raises ActionRefused.
    """
    person, why = _fit_person(settings, address), reason_of(reason)
    with acting(settings, label) as (book, actor):
        rows = book.entries(hub=label)
        there = owners_of(rows, label, book.now + timedelta(hours=WAIT_H))
        ref = person_ref(book, person)
        if ref in there:
            raise ActionRefused("that person is an Owner already, and nothing was done")
        if person.address.strip().lower() in {
            one.address.strip().lower() for one in known_refs(settings, book, there).values()
        }:
            raise ActionRefused("this is an Owner's own address: a second Owner is another person")
        fit = [one for one, known in known_refs(settings, book, there).items() if is_fit(known)]
        if len(fit) > 1:
            change = put(settings, book, label, actor, _about(person, "owner_add"), why)
            review = ask_requests(settings, book, label).review or ""
            code = ""
        else:
            change, review = "", ""
            code = _invite(book, label, actor.ref, ref, why)
    if code:
        mail = ClaimCode(
            person.address,
            person.name,
            settings.workspace.name,
            label,
            code,
            f"run `hubroster owner-accept {label} {person.address}`",
            INVITED_H * 60,
        )
        send(mail_server(settings), letter(mail))
    notify(settings, label)
    return Requested(label, change, "owner_add" if change else INVITED, review)


def owner_drop(settings: Settings, label: str, address: str, reason: str) -> Requested:
    """Ask to take the role from an Owner: another one has to approve it, and the last one stays."""
    person = person_of(settings, address)
    with acting(settings, label) as (book, _):
        there = owners_of(book.entries(hub=label), label, book.now)
        ref = book.find("person", person.person_id)
    if ref not in there:
        raise ActionRefused("that person is no Owner of this hub, and nothing was done")
    if len(there) == 1:
        raise ActionRefused("the last Owner can't be dropped: name another first (hubroster owner-add)")
    return request(settings, label, [_about(person, "owner_drop")], reason)[0]


def owner_accept(settings: Settings, label: str, address: str, code: str) -> None:
    """Accept being an Owner with the code that came by mail; it counts 24 hours later."""
    person = _fit_person(settings, address)
    with ledger_of(settings) as ledger, ledger.writing() as book:
        found = redeem(book, code, purposes={"claim"}, owner=person_ref(book, person), review=_door(label))
        refused = found.reason if isinstance(found, RefusedCode) else ""
        if not isinstance(found, RefusedCode):
            there = owners_of(book.entries(hub=label), label, book.now)
            if (found.meaning or {}).get("by") not in there:
                refused = "who named you is no Owner any more: ask another one"
            elif sum(is_fit(one) for one in known_refs(settings, book, there).values()) > 1:
                refused = "by now there are two Owners, and both must say so: ask for hubroster owner-add"
            else:
                name_owner(
                    book, label, found.owner, actor=found.owner, identified_by="claim code", wait_h=WAIT_H
                )
    if refused:  # after the transaction, which counts a wrong try
        raise ActionRefused(refused)
    notify(settings, label)


def send_claim(settings: Settings, label: str, member: str) -> str:
    """Mail a code to the address that a member shows at Meta; return the Meta id. Raises ActionRefused."""
    seat, person = _claimant(settings, label, member)
    with ledger_of(settings) as ledger, ledger.writing() as book:
        code = issue(
            book,
            purpose="claim",
            hub=label,
            review=_door(label),
            owner=person_ref(book, person),
            meaning={"seat": seat.member_id},
            expires_at=book.now + timedelta(minutes=CLAIM_MIN),
        )
    mail = ClaimCode(
        seat.email.strip(),
        person.name,
        settings.workspace.name,
        label,
        code,
        "go back to where you ran `hubroster claim-owner`",
        CLAIM_MIN,
    )
    send(mail_server(settings), letter(mail))
    return seat.member_id


def claim(settings: Settings, label: str, member_id: str, code: str, reason: str) -> Requested:
    """Claim the role of Owner with the code; where the hub has an Owner, one has to approve it."""
    seat, person = _claimant(settings, label, member_id)
    refused, change, review = "", "", ""
    with ledger_of(settings) as ledger, ledger.writing() as book:
        ref = person_ref(book, person)
        found = redeem(book, code, purposes={"claim"}, owner=ref, review=_door(label))
        if isinstance(found, RefusedCode):
            refused = found.reason
        elif (found.meaning or {}).get("seat") != seat.member_id:
            refused = "this code is for something else"
        else:
            there = owners_of(book.entries(hub=label), label, book.now)
            if [one for one in known_refs(settings, book, there).values() if is_fit(one)]:
                about = replace(_about(person, "owner_add"), shown={"member_id": seat.member_id})
                change = put(settings, book, label, Actor(ref, person), about, reason_of(reason))
                review = ask_requests(settings, book, label).review or ""
            else:
                name_owner(book, label, ref, actor=ref, identified_by="claim code")
    if refused:
        raise ActionRefused(refused)
    notify(settings, label)
    return Requested(label, change, "owner_add" if change else NAMED, review)


def _claimant(settings: Settings, label: str, member: str) -> tuple[Seat, Known]:
    seat = seat_of(settings, label, member)
    if seat.kind != "user" or not seat.email or seat.linked is None or seat.facts["rule"] not in SURE_RULES:
        raise ActionRefused(
            "the role can be claimed for a seat that shows its address at Meta and is linked to a person by "
            "an exact address or an Owner's word; this one is not: ask an Owner to name you (owner-add)"
        )
    person = people_by_id(settings, [seat.linked]).get(seat.linked)
    if person is None or not is_fit(person):
        raise ActionRefused("an Owner must be an active employee of the directory; this person is not")
    return seat, person


def _fit_person(settings: Settings, address: str) -> Known:
    person = person_of(settings, address)
    if not is_fit(person):
        raise ActionRefused("an Owner must be an active employee of the directory; this person is not")
    if not person.address:
        raise ActionRefused("the directory has no address for this person, so no mail can reach them")
    return person


def _invite(book: Book, label: str, by: str, ref: str, reason: str) -> str:
    book.append(
        INVITED,
        hub=label,
        actor=by,
        identified_by="login code",
        payload={
            "person": ref,
            "reason": book.text(reason),
            "said": book.text("A second Owner was named, and has to accept by a code that was mailed."),
        },
    )
    return issue(
        book,
        purpose="claim",
        hub=label,
        review=_door(label),
        owner=ref,
        meaning={"by": by},
        expires_at=book.now + timedelta(hours=INVITED_H),
    )


def _door(label: str) -> str:
    return f"owners of {label}"


def _about(person: Known, kind: str) -> Asking:
    member = {"kind": "person", "member_id": "", "role": ""}  # a person's id may be an address
    return Asking(
        kind=kind,
        member=member | {"name": person.name, "email": person.address},
        stay="",
        about=(person.person_id,),
        role="",
        address="",
        grants=(),
        shown={},
        person=person,
    )
