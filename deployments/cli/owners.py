"""`hubroster owners`, `owner-add`, `owner-drop`, `owner-accept`, `claim-owner`: who answers for a hub."""

import sys
from dataclasses import asdict
from datetime import datetime

from deployments.cli.output import day, print_json, print_table, stderr, stdout
from flows.owners import naming as owner_naming
from flows.owners.requesting import Requested
from flows.review.words import counted
from flows.settings import Settings, load_settings


def owners(label: str, *, json: bool = False) -> None:
    """List the Owners of a hub, and whether each can act.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    json
        Print one object on one line.
    """
    settings = load_settings()
    found = owner_naming.owners(settings, label)
    if json:
        print_json({"hub": label, "owners": [asdict(one) for one in found]})
        return
    cells = [
        [
            o.name,
            o.address,
            day(o.counts_from, settings.zone),
            _can_act(o, settings),
        ]
        for o in found
    ]
    if not found:
        first = ", ".join(settings.hub(label).owners) or "nobody: name them in the hub's settings"
        stdout.print(
            f"{label}: no Owners yet; the first check takes them from the settings: {first}",
            markup=False,
            soft_wrap=True,
        )
        return
    print_table(f"{label}: {counted(len(found), 'Owner')}", ["name", "address", "since", "can act"], cells)


def _can_act(one: owner_naming.OwnerRow, settings: Settings) -> str:
    if one.can_act:
        return "yes"
    from_then = datetime.fromisoformat(one.counts_from)
    if from_then > settings.now():
        return f"from {from_then.astimezone(settings.zone):%Y-%m-%d %H:%M %Z} on"
    return "no: not an active employee"


def owner_add(label: str, address: str, *, reason: str, json: bool = False) -> None:
    """Name another Owner: a second Owner approves it, or, where you are the only one, they accept by mail.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    address
        The person's exact address or id in the directory.
    reason
        Why; other Owners and auditors read it.
    json
        Print one object on one line.
    """
    _tell(owner_naming.owner_add(load_settings(), label, address, reason), json=json)


def owner_drop(label: str, address: str, *, reason: str, json: bool = False) -> None:
    """Ask to take the role from an Owner; another Owner approves it, and the last one stays.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    address
        The Owner's exact address or id in the directory.
    reason
        Why; other Owners and auditors read it.
    json
        Print one object on one line.
    """
    _tell(owner_naming.owner_drop(load_settings(), label, address, reason), json=json)


def owner_accept(label: str, address: str, *, json: bool = False) -> None:
    """Accept being an Owner with the code from your mail; it counts 24 hours later.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    address
        Your address in the directory.
    json
        Print one object on one line.
    """
    owner_naming.owner_accept(load_settings(), label, address, _code())
    if json:
        print_json({"hub": label, "accepted": True})
        return
    stdout.print(f"You will be an Owner of {label} in 24 hours; all Owners are told", markup=False)


def claim_owner(label: str, member: str, *, reason: str = "the seat is mine", json: bool = False) -> None:
    """Claim the role of Owner for your own seat, with a code that goes to the address you have at Meta.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    member
        Your seat: its Meta id, or the address that it shows at Meta.
    reason
        Why; other Owners and auditors read it.
    json
        Print one object on one line.
    """
    settings = load_settings()
    member_id = owner_naming.send_claim(settings, label, member)
    stderr.print("A code is on its way to the address that the seat shows at Meta.")
    _tell(owner_naming.claim(settings, label, member_id, _code(), reason), json=json)


def _code() -> str:
    stderr.print("Code: ", end="")
    return sys.stdin.readline()


def _tell(asked: Requested, *, json: bool) -> None:
    if json:
        print_json({"hub": asked.hub, "change": asked.change or None, "state": asked.kind})
    elif asked.change:
        stdout.print(
            f"{asked.change} waits for another Owner's answer in review {asked.review}; to take it back: "
            f"hubroster withdraw {asked.hub} {asked.change}",
            markup=False,
            soft_wrap=True,
        )
    elif asked.kind == owner_naming.INVITED:
        stdout.print(
            f"A code was mailed to them, for hubroster owner-accept {asked.hub} ADDRESS; "
            "it counts 24 hours later",
            markup=False,
            soft_wrap=True,
        )
    else:
        stdout.print(f"You are an Owner of {asked.hub} from now on", markup=False)
