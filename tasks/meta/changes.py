"""Writing to Meta: one approved change, one call, never sent twice (meta-graph-api.md §1, §4).

Nothing else in this program writes there. Who may call it, and when, is the apply flow's business.
"""

import json
import re
from collections.abc import Callable

from tasks.errors import MetaError, PermissionMissing
from tasks.meta.batch import Answer
from tasks.meta.change import KINDS, ON_ASSETS, REMOVALS, Called, Change
from tasks.meta.client import MetaClient, nothing_more
from tasks.meta.refusals import Course, Refusal
from tasks.meta.standing import ASSIGNED, standings

_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+")
_NOT_SAVED = 3912  # §4: "your changes were not saved", the one technical trouble that says so
_UNSURE = "it may have been done: the hub is read again to see, and the call is not repeated"
_UNSENT = "nothing was sent"

_PERMISSION = (
    "the write token needs business_management (and pages_manage_metadata, ads_management or"
    " catalog_management for that kind of asset), and its system user Full control of the business"
)
_ADVICE: dict[tuple[int, int | None], str] = {
    (3914, None): "it is the last one with Full control: give Full control to somebody else first",
    # §8.1: the words of the refusal say "in a few minutes"; it doesn't pass in minutes
    (10, 2859030): "Meta doesn't let this app or its system user do it, as it restricts new ones for about"
    " seven days: wait until they are over (hubroster preflight), then raise the app's access level",
    (2620, None): "see in Meta's settings whether the member and the ad account still are in this business",
    (_NOT_SAVED, None): "Meta didn't save it: run it again later",
}


async def make(
    writer: MetaClient, business_id: str, change: Change, *, before: Callable[[], None] = nothing_more
) -> Called:
    """Send one change and return what Meta said. Raise ValueError for a change that must never be sent.

    One request; a grant reads first what is there, because Meta puts the new tasks in its place (§1.5): so
    two grants for one member on one asset are made one after the other. Whether it was done is for `prove`
    to say, whatever Meta said. `before` is called right before it is sent, and again after a wait; what it
    raises keeps it from being sent.
    """
    check(business_id, change)
    tasks = change.tasks
    if change.kind == "grant":
        union = await _union(writer, business_id, change)
        if isinstance(union, Called):
            return union
        tasks = union
    method, path, fields = _call(business_id, change, tasks)
    try:
        answer = await writer.write(method, path, fields, before=before)
    except MetaError as error:
        return _refused(error, f"{_without_addresses(error.message)}; {_UNSENT}")
    return _told(answer) if isinstance(answer, Refusal) else _accepted(answer)


def check(business_id: str, change: Change) -> None:
    """Raise ValueError unless the change may be sent: a system user is never removed."""
    if change.kind not in KINDS:
        raise ValueError(f"no kind of change: {change.kind!r}")
    if change.member_kind not in ("user", "pending") and change.kind not in ON_ASSETS:
        raise ValueError("a system user is never removed, invited or given another role")
    if change.kind == "cancel_invitation" and change.member_kind != "pending":
        raise ValueError("only an invitation is cancelled; a seat is removed")
    ids = [business_id]
    if change.kind != "invite":
        ids.append(change.member_id)
    if change.kind in ON_ASSETS:
        ids.append(change.asset_id.removeprefix("act_"))
    if not all(one.isascii() and one.isdigit() for one in ids):
        raise ValueError("an id of Meta's is a number; without one, the call would be about something else")
    _check_details(change)


def _check_details(change: Change) -> None:
    if change.kind in ("invite", "set_role") and not change.role:
        raise ValueError("the role is missing")
    if change.kind == "invite" and "@" not in change.address:
        raise ValueError("there is no address to invite")
    if change.kind in ON_ASSETS and change.asset_kind not in ASSIGNED:
        raise ValueError(f"no kind of asset: {change.asset_kind!r}")
    if change.kind == "grant" and not change.tasks:
        raise ValueError("a grant without tasks")


async def _union(writer: MetaClient, business_id: str, change: Change) -> tuple[str, ...] | Called:
    """Return the tasks that are there and those to add; or what there is to say when none is to be sent."""
    if change.asset_kind == "business_asset_group":
        # §1.7: its tasks come in four lists, and no source says which of them it shows again
        return Called("refused", f"tasks on an asset group are given in Meta's settings; {_UNSENT}")
    (there,) = await standings(writer, business_id, [change])
    if there.reason or (there.listed and there.tasks is None):
        why = there.reason or "Meta doesn't show the tasks that are there"
        return Called("refused", _without_addresses(f"{why}; a grant would replace them: {_UNSENT}"))
    held = there.tasks or frozenset()
    if held.issuperset(change.tasks):
        return Called("accepted", f"the member has these tasks already; {_UNSENT}")
    return tuple(sorted(held.union(change.tasks)))


def _call(business_id: str, change: Change, tasks: tuple[str, ...]) -> tuple[str, str, dict[str, str]]:
    """Return method, path and parameters (§1.1, §1.2, §1.4–1.7)."""
    if change.kind in REMOVALS:
        return "DELETE", change.member_id, {}
    if change.kind == "set_role":
        return "POST", change.member_id, {"role": change.role}
    if change.kind == "invite":
        fields = {"email": change.address.strip(), "role": change.role}
        return "POST", f"{business_id}/business_users", fields
    fields = {"user": change.member_id, "business": business_id}  # §1.5, box: `business` always
    if change.kind == "revoke":
        return "DELETE", f"{change.asset_id}/assigned_users", fields
    return "POST", f"{change.asset_id}/assigned_users", {**fields, "tasks": json.dumps(tasks)}


def _accepted(answer: Answer) -> Called:
    made = answer.get("id")
    if answer.get("success") is True or (isinstance(made, str) and made):
        return Called("accepted", "Meta accepted it", meta_id=made if isinstance(made, str) else "")
    if answer.get("success") is False:  # §9.12: a failure, and no reason with it
        return Called("refused", f"Meta said that it failed, and not why; {_UNSENT}: see Meta's settings")
    return Called("lost", f"Meta's answer was neither a yes nor a no; {_UNSURE}")


def _told(refusal: Refusal) -> Called:
    error, said = refusal.error, _without_addresses(refusal.said)
    if not refusal.sent:
        return _refused(error, f"Meta could not be reached; {_UNSENT}: run it again when the network is back")
    if refusal.course in (Course.RETRY, Course.SHRINK) and error.code != _NOT_SAVED:
        return _called("lost", error, f"{said}; {_UNSURE}")
    return _refused(
        error, f"{said}; {advice}" if (advice := _advice(error)) else _without_addresses(error.message)
    )


def _advice(error: MetaError) -> str:
    """Return what to do about a refused write where that is something else than for a read; else nothing."""
    code = error.code or 0
    advice = _ADVICE.get((code, error.subcode)) or _ADVICE.get((code, None))
    if advice is None and isinstance(error, PermissionMissing) and code != 3:
        return _PERMISSION
    return advice or ""


def _refused(error: MetaError, words: str) -> Called:
    return _called("refused", error, words)


def _called(state: str, error: MetaError, words: str) -> Called:
    reason = str(MetaError(words, error.code, error.subcode, error.trace_id))
    return Called(state, reason, code=error.code, subcode=error.subcode)


def _without_addresses(text: str) -> str:
    """Return the text without mail addresses: Meta quotes what it was sent."""
    return _ADDRESS.sub("[address]", text)
