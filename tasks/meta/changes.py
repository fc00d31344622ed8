"""Writing to Meta: one approved change, one call, never sent twice (meta-graph-api.md §1, §4).

Nothing else in this program writes there. Who may call it, and when, is the apply flow's business.
"""

import re

from tasks.errors import MetaError
from tasks.meta.batch import Answer
from tasks.meta.change import KINDS, ON_ASSETS, REMOVALS, Called, Change
from tasks.meta.client import MetaClient
from tasks.meta.refusals import Course, Refusal

_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+")
_NOT_SAVED = 3912  # §4: "your changes were not saved", the one technical trouble that says so
_UNSURE = "it may have been done: hubroster reads the hub again to see, and does not repeat it"
_UNSENT = "nothing was changed"


async def make(writer: MetaClient, business_id: str, change: Change) -> Called:
    """Send one change and return what Meta said. Raise ValueError for a change that must never be sent.

    Whether it was done is for `prove` to say, whatever Meta said.
    """
    check(business_id, change)
    method, path, fields = _call(business_id, change)
    try:
        answer = await writer.write(method, path, fields)
    except MetaError as error:
        return _refused(error, f"{_without_addresses(error.message)}; {_UNSENT}")
    return _told(answer) if isinstance(answer, Refusal) else _accepted(answer)


def check(business_id: str, change: Change) -> None:
    """Raise ValueError unless the change may be sent: a system user is never removed."""
    if change.kind not in KINDS:
        raise ValueError(f"no kind of change: {change.kind!r}")
    if change.member_kind not in ("user", "pending") and change.kind not in ON_ASSETS:
        raise ValueError("a system user is never removed, invited or given another role")
    ids = [business_id]
    if change.kind != "invite":
        ids.append(change.member_id)
    if change.kind in ON_ASSETS:
        ids.append(change.asset_id.removeprefix("act_"))
    if not all(one.isascii() and one.isdigit() for one in ids):
        raise ValueError("an id of Meta's is a number; without one, the call would be about something else")


def _call(business_id: str, change: Change) -> tuple[str, str, dict[str, str]]:
    """Return method, path and parameters."""
    if change.kind in REMOVALS:
        return "DELETE", change.member_id, {}
    raise ValueError(f"no call for {change.kind!r}")


def _accepted(answer: Answer) -> Called:
    made = answer.get("id")
    if answer.get("success") is True or (isinstance(made, str) and made):
        return Called("accepted", "Meta accepted it", meta_id=made if isinstance(made, str) else "")
    if answer.get("success") is False:  # §9.12: a failure, and no reason with it
        return Called("refused", f"Meta said that it failed, and not why; {_UNSENT}: see Meta's settings")
    return Called("lost", f"Meta's answer was neither a yes nor a no; {_UNSURE}")


def _told(refusal: Refusal) -> Called:
    error = refusal.error
    if not refusal.sent:
        return _refused(error, f"Meta could not be reached; {_UNSENT}: run it again when the network is back")
    unsure = refusal.course in (Course.RETRY, Course.SHRINK) and error.code != _NOT_SAVED
    if unsure:
        return _called("lost", error, f"{_without_addresses(refusal.said)}; {_UNSURE}")
    return _refused(error, _without_addresses(error.message))


def _refused(error: MetaError, words: str) -> Called:
    return _called("refused", error, words)


def _called(state: str, error: MetaError, words: str) -> Called:
    reason = str(MetaError(words, error.code, error.subcode, error.trace_id))
    return Called(state, reason, code=error.code, subcode=error.subcode)


def _without_addresses(text: str) -> str:
    """Return the text without mail addresses: Meta quotes what it was sent."""
    return _ADDRESS.sub("[address]", text)
