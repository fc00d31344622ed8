"""`hubroster match`, `reassign`, `exempt`, `unexempt`: what an Owner says about a member after `login`."""

from datetime import date

from deployments.cli.output import print_json, stdout
from flows.owners.actions import Done
from flows.owners.actions import exempt as exempt_member
from flows.owners.actions import match as match_member
from flows.owners.actions import reassign as reassign_member
from flows.owners.actions import unexempt as unexempt_member
from flows.settings import load_settings
from tasks.errors import UsageError


def match(label: str, member: str, person: str, *, reason: str = "", json: bool = False) -> None:
    """Say which person of the directory a member is; nothing changes at Meta.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    member
        The member's Meta id or exact address.
    person
        The person's id in the directory, or exact address.
    reason
        Why; other Owners and auditors read it.
    json
        Print one object on one line.
    """
    _tell(match_member(load_settings(), label, member, person, reason), json=json)


def reassign(label: str, member: str, person: str, *, reason: str, json: bool = False) -> None:
    """Say that a member is another person than was thought; the old link doesn't come back by itself.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    member
        The member's Meta id or exact address.
    person
        The person's id in the directory, or exact address.
    reason
        Why; other Owners and auditors read it.
    json
        Print one object on one line.
    """
    _tell(reassign_member(load_settings(), label, member, person, reason), json=json)


def exempt(label: str, member: str, *, reason: str, until: str, json: bool = False) -> None:
    """Let a member stay as an exception, until a day within a year, with what they may do now and no more.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    member
        The member's Meta id or exact address.
    reason
        Why; other Owners and auditors read it.
    until
        The last day, as YYYY-MM-DD.
    json
        Print one object on one line.
    """
    try:
        day = date.fromisoformat(until)
    except ValueError as error:
        raise UsageError(f"--until takes a day as YYYY-MM-DD, not {until[:20]!r}") from error
    _tell(exempt_member(load_settings(), label, member, day, reason), json=json)


def unexempt(label: str, member: str, *, reason: str = "", json: bool = False) -> None:
    """End a member's exception at once.

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
    _tell(unexempt_member(load_settings(), label, member, reason), json=json)


def _tell(done: Done, *, json: bool) -> None:
    if json:
        print_json({"hub": done.hub, "done": done.kind, "member_id": done.member_id, "entry": done.seq})
        return
    stdout.print(f"{done.said} The next check goes by it.", markup=False, soft_wrap=True)
