"""What an Owner does at the command line in the approval drill: he asks for changes, or decides unasked."""

import re
from datetime import timedelta

from flows.owners.actions import exempt, match, reassign, unexempt
from flows.owners.login import log_in, send_code
from flows.owners.member_requests import grant, invite, remove, restore, revoke, set_role
from flows.owners.naming import owner_accept, owner_add, owner_drop
from flows.owners.requesting import withdraw
from tests.reliability.approval_book import AuditedBook
from tests.reliability.approval_hands import seat_among
from tests.reliability.approval_scene import LABEL, Approving
from tests.reliability.approval_seen import Moment, Typed
from tests.reliability.approval_steps import Step
from tests.reliability.approval_world import OWNERS, REST, SEATED, STAFF, address, person_id

CODE = re.compile(r"^\s*Your code:\s+([A-Z0-9]{10})\s*$", re.MULTILINE)
NEW_OWNERS = (REST[0], REST[0], STAFF[0], STAFF[1])
ACTS = frozenset({"asks", "decides"})


def owner_among(hub: Approving, who: int) -> str:
    """Return the name of somebody who is or was an Owner."""
    book = book_of(hub)
    named = {book.id_of(one.said["person"]) for one in book.of("owner_named")}
    names = [name for name in dict.fromkeys((*OWNERS, *NEW_OWNERS)) if person_id(name) in named]
    return names[who % len(names)]


def book_of(hub: Approving) -> AuditedBook:
    return AuditedBook(hub.ws.folder / ".hubroster" / "ledger.db")


def _log_in(hub: Approving, step: Step, moment: Moment) -> None:
    name = owner_among(hub, step.who)
    moment.typed.append(Typed(person_id(name), None, ACTS))
    ref = send_code(hub.settings, address(name))
    log_in(hub.settings, ref, _code(hub, name))


def _code(hub: Approving, name: str) -> str:
    """Return the code of the newest mail that brings one to log in, or to become an Owner."""
    found = (CODE.search(mail["text"]) for mail in reversed(hub.mails(name)))
    return next((one[1] for one in found if one is not None), "")


def ask_for(hub: Approving, step: Step, moment: Moment) -> None:
    """Let an Owner ask for a change of a member or of the Owners, or take back what was asked last."""
    _log_in(hub, step, moment)
    settings, member = hub.settings, seat_among(hub, step.what)
    asset = f"page:{('700', '701')[step.what % 2]}"
    if step.how == "remove":
        remove(settings, LABEL, member, "moved on")
    elif step.how in ("set_role", "demote"):
        set_role(settings, LABEL, member, "ADMIN" if step.how == "set_role" else "EMPLOYEE", "a new job")
    elif step.how == "grant":
        tasks = ("MANAGE", "ADVERTISE", "CREATE_CONTENT")[step.what % 3]
        grant(settings, LABEL, member, asset, tasks, "for a client")
    elif step.how == "revoke":
        revoke(settings, LABEL, member, asset, "no more needed")
    elif step.how == "invite":
        who = address(REST[step.what % len(REST)])
        invite(settings, LABEL, [who], "EMPLOYEE", [f"{asset}=ADVERTISE"], "a colleague")
    elif step.how == "restore":
        _bring_back(hub, step)
    elif step.how == "owner_add":
        owner_add(settings, LABEL, address(NEW_OWNERS[step.what % len(NEW_OWNERS)]), "runs the accounts")
    elif step.how == "owner_drop":
        owner_drop(settings, LABEL, address(owner_among(hub, step.what)), "has another job")
    else:
        asked = [one.said["asked"]["id"] for one in book_of(hub).of("requested")]
        if asked:
            withdraw(settings, LABEL, asked[-1])


def _bring_back(hub: Approving, step: Step) -> None:
    """Ask for somebody whom the program removed; as a rule one who is in the company again."""
    done = {one.said["member_id"] for one in book_of(hub).of("result") if one.said["outcome"] == "done"}
    gone = sorted(done & SEATED.keys() - hub.box.world.users.keys())
    active = {one["person_id"] for one in hub.box.world.directory if one["status"] == "active"}
    back = [one for one in gone if person_id(SEATED[one]) in active] if step.what % 4 else gone
    if back:
        restore(hub.settings, LABEL, back[step.what % len(back)], "came back")


def decide_unasked(hub: Approving, step: Step, moment: Moment) -> None:
    """Let an Owner make or end an exception, or say whose a seat is; or whoever was named accept."""
    settings, member = hub.settings, seat_among(hub, step.what)
    if step.how == "accept":
        who = NEW_OWNERS[step.what % len(NEW_OWNERS)]
        moment.typed.append(Typed(person_id(who), None, ACTS))
        owner_accept(settings, LABEL, address(who), _code(hub, who))
        return
    _log_in(hub, step, moment)
    if step.how == "exempt":
        until = (hub.now() + timedelta(days=20)).date()
        exempt(settings, LABEL, member, until, "a contract")
    elif step.how == "unexempt":
        unexempt(settings, LABEL, member)
    elif step.how == "reassign":
        whose = (*REST, *STAFF)[step.what * 7 % (len(REST) + len(STAFF))]
        reassign(settings, LABEL, member, person_id(whose), "it is not theirs")
    else:
        match(settings, LABEL, "10012", person_id(REST[step.what % len(REST)]))
