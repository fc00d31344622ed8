"""Points on the two tokens: whose they are, for how long, what they may do (meta-graph-api.md §1.8)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from matching.preflight.facts import Hub, Token
from matching.preflight.point import Point
from matching.roster.words import role_words

ADMIN = "ADMIN"
SOON = timedelta(days=14)
NEW = timedelta(days=7)  # Meta may restrict user management for about so long after a system user was made

# Each needs one of the names; what for. Catalogs are optional edges.
Needs = Mapping[tuple[str, ...], str]
TO_READ: Needs = {
    ("business_management",): "people and invitations",
    ("pages_show_list",): "Pages",
    ("ads_read", "ads_management"): "ad accounts",
}
TO_CHANGE: Needs = {
    ("business_management",): "people and invitations",
    ("pages_manage_metadata",): "access to Pages",
    ("ads_management",): "access to ad accounts",
}
CATALOGS: Needs = {("catalog_management",): "catalogs"}
AGAIN = "generate a new one, and put it where the hub's settings say"


def token_points(hub: Hub, now: datetime) -> list[Point]:
    """Return the points on both tokens; a hub without a write token is read-only, which is no fault."""
    reader, writer = hub.reader, hub.writer
    points = [
        _token("read-token", reader),
        _expiry("read-token-expires", reader, now),
        _scopes("read-scopes", reader, TO_READ, hub, "read"),
        _only_reads(hub),
    ]
    if writer is None:
        said = "there is none: the hub is read-only, and what Owners approve is done by hand"
        return [*points, Point("write-token", "ok", said)]
    return [
        *points,
        _sees(hub),
        _writer(writer),
        _expiry("write-token-expires", writer, now),
        _scopes("write-scopes", writer, TO_CHANGE, hub, "change"),
        _age(writer, now),
    ]


def _token(name: str, token: Token) -> Point:
    if token.passing:
        return Point(name, "unknown", token.problem)
    if token.problem:
        return Point(name, "broken", token.problem, AGAIN)
    whose = f"of {token.owner_name}" if token.owner_name else f"of user {token.owner_id or 'unknown'}"
    match token.kind:
        case "SYSTEM_USER":
            return Point(name, "ok", f"valid, a system user's: {whose}")
        case "USER":
            said = f"valid, but a person's ({whose}): it ends when they leave, or change their password"
            return Point(name, "look", said, "use the token of a system user")
        case "PAGE" | "APP":
            said = f"it is {'a Page' if token.kind == 'PAGE' else 'an app'}'s token, which sees no business"
            return Point(name, "broken", said, "use the token of a system user")
    return Point(name, "unknown", f"valid; Meta doesn't say what kind it is ({whose})", "")


def _writer(token: Token) -> Point:
    point = _token("write-token", token)
    if token.problem or point.state == "broken" or token.owner_role == ADMIN:
        return point
    if token.owner_role is None:
        said = f"{point.said}; whether its user is an Admin was not to be seen"
        return Point(
            "write-token", "unknown", said, "see in Meta's settings that its system user is an Admin"
        )
    said = f"{point.said}, whose role is {role_words(token.owner_role)}: it can't remove or invite anybody"
    return Point("write-token", "broken", said, "use the token of the Admin system user")


def _expiry(name: str, token: Token, now: datetime) -> Point:
    if token.problem or not token.expiry_known:
        return Point(name, "unknown", "Meta didn't say how long it is valid")
    ends = [one for one in (token.expires_at, token.data_until) if one is not None]
    if not ends:
        return Point(name, "ok", "never expires")
    end = min(ends)
    what = "expires" if end == token.expires_at else "may see data until"
    said = f"{what} {'on ' if what == 'expires' else ''}{end:%d %b %Y}"
    if end - now < SOON:
        said += f", in {max(0, (end - now).days)} days"
    return Point(name, "look", said, "generate one that never expires")


def _scopes(name: str, token: Token, needs: Needs, hub: Hub, verb: str) -> Point:
    if token.problem or token.scopes is None:
        return Point(name, "unknown", "Meta didn't say what it may do")
    lacks = _lacking(token.scopes, needs)
    mend = "generate a token with these permissions as well"
    if lacks:
        return Point(name, "broken", f"can't {verb} {_listed(lacks)}", mend)
    if hub.reads_catalogs and (lacks := _lacking(token.scopes, CATALOGS)):
        said = f"can't {verb} {_listed(lacks)}, which are optional"
        edges = '"owned_product_catalogs", "client_product_catalogs"'
        return Point(name, "look", said, f"{mend}, or skip = [{edges}] in the hub's settings")
    return Point(name, "ok", f"has all permissions it needs to {verb}")


def _lacking(scopes: frozenset[str], needs: Needs) -> dict[str, str]:
    return {" or ".join(names): what for names, what in needs.items() if scopes.isdisjoint(names)}


def _listed(lacks: Mapping[str, str]) -> str:
    return ", ".join(f"{what} (lacks {names})" for names, what in lacks.items())


def _only_reads(hub: Hub) -> Point:
    name, reader = "read-token-only-reads", hub.reader
    if reader.problem:
        return Point(name, "unknown", "the token could not be looked at")
    mend = "make a plain system user that can only look, and use its token for checks"
    if hub.same_token:
        return Point(
            name, "look", "token and write_token are the same: checks run with what may change all", mend
        )
    if reader.owner_role == ADMIN:
        return Point(name, "look", "it may change everything: its user has the role Admin", mend)
    if reader.owner_role is None:
        return Point(name, "unknown", "which role its user has was not to be seen", mend)
    if reader.controls:
        said = f"its user has full control of {reader.controls} assets, and may give others access to them"
        return Point(name, "look", said, "give that system user no more than 'view' on assets")
    if reader.controls is None:
        return Point(name, "unknown", "what its user may do on assets was not to be seen")
    return Point(name, "ok", "can change nothing: its user is no Admin, and controls no asset")


def _sees(hub: Hub) -> Point:
    name = "read-token-sees"
    if hub.same_token or hub.reader.owner_role == ADMIN:
        return Point(name, "ok", "its user is an Admin, who sees every asset")
    if hub.sees is None:
        said = "whether it sees all that the Admin's token sees was not to be found out"
        return Point(name, "unknown", said)
    words = {kind: kind.replace("_", " ").replace("pages", "Pages") for kind in hub.sees}
    if all(seen == there for seen, there in hub.sees.values()):
        told = " and ".join(f"{there} {words[kind]}" for kind, (_, there) in hub.sees.items())
        return Point(name, "ok", f"sees all that the Admin's token sees: {told}")
    told = " and ".join(f"{seen} of {there} {words[kind]}" for kind, (seen, there) in hub.sees.items())
    said = f"sees {told} that the Admin's token sees: who may do what on the others is never checked"
    return Point(
        name, "look", said, "give its system user every Page and ad account, with the least there is"
    )


def _age(writer: Token, now: datetime) -> Point:
    name, since = "system-user-age", writer.owner_since
    if writer.kind == "USER":
        return Point(name, "ok", "the write token is a person's, no system user's")
    if since is None:
        return Point(name, "unknown", "when its system user was made was not to be seen")
    if now - since >= NEW:
        return Point(name, "ok", f"its system user was made on {since:%d %b %Y}")
    said = f"its system user is new: Meta may refuse to change people until about {since + NEW:%d %b %Y}"
    return Point(name, "look", said, "wait; checks work meanwhile")
