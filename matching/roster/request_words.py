"""What an Owner asked for, in plain sentences, the same in mail, page and command line.

A request looks like a proposal of a report, with `request`: by (a name), role, address, person, assets (each
with asset_kind, asset_id, asset_name, tasks), reason, and `cant`: what can't come back.
"""

from collections.abc import Mapping
from typing import Any

from matching.roster.ability_words import joined
from matching.roster.one_line import one_line, plain_address, quoted, their_words
from matching.roster.words import ASSETS, role_words

Row = Mapping[str, Any]


def request_sentence(proposal: Row) -> str:
    """Return who asks for what, for whom, and why."""
    request = proposal["request"]
    by = their_words(request.get("by")) or "An Owner"
    reason = f" Reason: {quoted(request['reason'], 300)}." if request.get("reason") else ""
    cant = f" Can't come back: {joined(request['cant'])}." if request.get("cant") else ""
    return one_line(f"{by} asks to {_what(proposal)}.{cant}{reason}")


def _what(proposal: Row) -> str:
    request, member = proposal["request"], _member(proposal["member"])
    role = their_words(role_words(request.get("role")))
    match proposal["kind"]:
        case "invite":
            return f"invite {_address(request)} as {role}{_with(request)}"
        case "restore":
            return f"bring {member} back: invite {_address(request)} as {role}{_with(request)}"
        case "set_role":
            now = their_words(role_words(proposal["member"].get("role")))
            return f"make {member} {role}; now it is {now}"
        case "grant":
            return f"give {member} {_assets(request)}"
        case "revoke":
            return f"take from {member} all access to {_assets(request, tasks=False)}"
        case "owner_add":
            return f"make {_person(request)} an Owner of this hub"
        case "owner_drop":
            return f"take the role of Owner from {_person(request)}"
        case "over_budget":
            count, on = their_words(request.get("removals")), their_words(request.get("on"))
            return (
                f"let what the report proposes ({count} removals) go over the limit of 24 hours, on {on} only"
            )
        case _:
            return f"remove {member}, who is {their_words(role_words(proposal['member'].get('role')))}"


def _with(request: Row) -> str:
    return f", with {_assets(request)} once the invitation is accepted" if request.get("assets") else ""


def _assets(request: Row, *, tasks: bool = True) -> str:
    shown = []
    for one in request.get("assets", ())[:3]:
        kind = ASSETS.get(one["asset_kind"], (one["asset_kind"],))[0]
        name = quoted(one.get("asset_name") or one["asset_id"])
        given = f"{', '.join(map(their_words, one['tasks']))} on " if tasks else ""
        shown.append(f"{given}the {their_words(kind)} {name}")
    more = len(request.get("assets", ())) - 3
    return joined(shown + ([f"{more} more"] if more > 0 else [])) if shown else "nothing"


def _member(member: Row) -> str:
    name = member.get("name")
    called = quoted(name) if isinstance(name, str) and their_words(name) else "the member"
    what = ", an invitation" if member.get("kind") == "pending" else ""
    return f"{called} (Meta id {their_words(member['member_id'])}{what})"


def _person(request: Row) -> str:
    return their_words(request.get("person")) or "somebody who was erased"


def _address(request: Row) -> str:
    return plain_address(request.get("address")) or "an address that was erased"
