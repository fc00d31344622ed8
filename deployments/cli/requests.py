"""`hubroster invite`, `set-role`, `grant`, `revoke`, `remove`, `restore`, `withdraw`: after `login`.

Nothing changes at Meta before another Owner has said "do".
"""

from datetime import date

from deployments.cli.output import print_json, stdout
from flows.owners import member_requests
from flows.owners.over_budget import ask_over_budget
from flows.owners.requesting import Requested
from flows.owners.requesting import withdraw as withdraw_request
from flows.settings import load_settings


def invite(
    label: str,
    *addresses: str,
    reason: str,
    role: str = "EMPLOYEE",
    asset: tuple[str, ...] = (),
    json: bool = False,
) -> None:
    """Ask to invite people; access to assets follows once they have accepted.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    addresses
        Whom to invite.
    reason
        Why; other Owners and auditors read it.
    role
        Their role as Meta writes it: EMPLOYEE (Basic), ADMIN (Full control), ...
    asset
        What they get, KIND:ID=TASK,TASK; once for each asset.
    json
        Print one object on one line.
    """
    _tell(member_requests.invite(load_settings(), label, addresses, role, asset, reason), json=json)


def set_role(label: str, member: str, role: str, *, reason: str, json: bool = False) -> None:
    """Ask to give a member another role.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    member
        The member's Meta id or exact address.
    role
        The new role as Meta writes it: EMPLOYEE (Basic), ADMIN (Full control), ...
    reason
        Why; other Owners and auditors read it.
    json
        Print one object on one line.
    """
    _tell(member_requests.set_role(load_settings(), label, member, role, reason), json=json)


def grant(label: str, member: str, asset: str, tasks: str, *, reason: str, json: bool = False) -> None:
    """Ask to give a member tasks on an asset, on top of what is there.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    member
        The member's Meta id or exact address.
    asset
        KIND:ID, for example page:123 or ad_account:act_456.
    tasks
        The tasks as Meta writes them, separated by commas.
    reason
        Why; other Owners and auditors read it.
    json
        Print one object on one line.
    """
    _tell(member_requests.grant(load_settings(), label, member, asset, tasks, reason), json=json)


def revoke(label: str, member: str, asset: str, *, reason: str, json: bool = False) -> None:
    """Ask to take all that a member may do on an asset.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    member
        The member's Meta id or exact address.
    asset
        KIND:ID, for example page:123 or ad_account:act_456.
    reason
        Why; other Owners and auditors read it.
    json
        Print one object on one line.
    """
    _tell(member_requests.revoke(load_settings(), label, member, asset, reason), json=json)


def remove(label: str, member: str, *, reason: str, json: bool = False) -> None:
    """Ask to remove a member, seat and permissions, or to call an invitation back.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    member
        The member's Meta id or exact address.
    reason
        Why; other Owners and auditors read it.
    json
        Print one object on one line.
    """
    _tell(member_requests.remove(load_settings(), label, member, reason), json=json)


def restore(label: str, member: str, *, reason: str, json: bool = False) -> None:
    """Ask to bring back a member whom hubroster removed: invited again, with the role and access of then.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    member
        The Meta id that the member had.
    reason
        Why; other Owners and auditors read it.
    json
        Print one object on one line.
    """
    _tell(member_requests.restore(load_settings(), label, member, reason), json=json)


def over_budget(label: str, *, on: date, reason: str, json: bool = False) -> None:
    """Ask that what the open review proposes may go over the limit of 24 hours, on one date only.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    on
        The date, in the workspace's time zone: 2026-12-08.
    reason
        Why; other Owners and auditors read it.
    json
        Print one object on one line.
    """
    _tell([ask_over_budget(load_settings(), label, on, reason)], json=json)


def withdraw(label: str, change: str, *, json: bool = False) -> None:
    """Take back what you asked for, before it is carried out.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    change
        The id of the change, as `hubroster reviews` shows it.
    json
        Print one object on one line.
    """
    withdraw_request(load_settings(), label, change)
    if json:
        print_json({"hub": label, "withdrawn": change})
        return
    stdout.print(f"{change} is withdrawn", markup=False)


def _tell(asked: list[Requested], *, json: bool) -> None:
    if json:
        rows = [{"change": one.change, "kind": one.kind, "review": one.review} for one in asked]
        print_json({"hub": asked[0].hub, "asked": rows})
        return
    for one in asked:
        stdout.print(
            f"{one.change} waits for another Owner's answer in review {one.review}; to take it back: "
            f"hubroster withdraw {one.hub} {one.change}",
            markup=False,
            soft_wrap=True,
        )
