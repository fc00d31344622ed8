"""A look at a hub that changes nothing: its tokens, its business, whose they are (§1.1, §1.8)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from matching.preflight.facts import Business, SystemUser, Token
from tasks.errors import MetaError, MetaLimited
from tasks.meta.batch import Answer
from tasks.meta.client import MetaClient
from tasks.meta.questions import Inquiry, Question, Questions
from tasks.meta.refusals import told
from tasks.meta.relisting import Held, Listed, read_nodes
from tasks.meta.selection import Selection
from tasks.meta.wire import ASSIGNED_EDGES, Edge, Scope, keeping

CONTROL = frozenset({"FULL_CONTROL", "MANAGE", "PROFILE_PLUS_FULL_CONTROL"})
_BUSINESS = "id,name,primary_page,verification_status,two_factor_type"
_CODES = (("code", "code"), ("subcode", "subcode"))
ASSETS = ("pages", "ad_accounts")
_ID = keeping(("id",))
_LISTED = (
    Edge("business_users", ("id", "role"), (), keeping(("id", "role"))),
    Edge(
        "system_users",
        ("id", "name", "role"),
        ("created_time",),
        keeping(("id", "name", "role", "created_time")),
    ),
    Edge("owned_apps", ("id",), (), _ID),
    Edge("client_apps", ("id",), (), _ID),
    Edge("pending_client_apps", ("id", "application"), (), keeping(("id",), ("application",))),
)


async def look_at_token(client: MetaClient, token: str) -> Token:
    """Return what Meta says of the client's own token. Never raises MetaError.

    debug_token is asked in a batch: there the token stands in the body, and not in a URL that logs keep.
    """
    urls = [
        f"debug_token?input_token={quote(token, safe='')}",
        "me?fields=id,name",
        "me/permissions?limit=200",
    ]
    try:
        debug, me, permissions = await client.batch(urls)
    except MetaError as error:
        about_proof = error.code == 100 and "appsecret_proof" in error.message
        return Token(
            problem=str(error),
            passing=isinstance(error, MetaLimited),
            proof_problem=str(error) if about_proof else "",
        )
    said: Mapping[str, Any] = {}
    if not isinstance(debug, MetaError) and isinstance(debug.get("data"), dict):
        said = debug["data"]
    if said.get("is_valid") is False:
        return Token(problem=f"Meta says that it is not valid{_why(said.get('error'))}")
    owner: Mapping[str, Any] = {} if isinstance(me, MetaError) else me
    return Token(
        kind=_text(said.get("type")),
        app_id=_text(said.get("app_id")),
        expiry_known=_is_time(said.get("expires_at")),
        expires_at=_moment(said.get("expires_at")),
        data_until=_moment(said.get("data_access_expires_at")),
        scopes=_scopes(said, permissions),
        owner_id=_text(owner.get("id")) or _text(said.get("user_id")),
        owner_name=_text(owner.get("name")),
    )


async def look_at_business(client: MetaClient, business_id: str, app_id: str) -> Business:
    """Return what Meta says of a business, and whether the app is in it. Never raises MetaError."""
    try:
        node = await _business(client, business_id)
    except MetaError as error:
        return Business(problem=told(error), seen=await _seen(client))
    listed = await _listed(client, business_id, _LISTED)
    users, robots = listed["business_users"], listed["system_users"]
    app, app_unread = _app_in(listed, app_id)
    return Business(
        name=_text(node.get("name")),
        shows_primary_page=isinstance(node.get("primary_page"), dict),
        verification=_text(node.get("verification_status")),
        two_factor=_text(node.get("two_factor_type")),
        admins=None if users.reason else sum(row.get("role") == "ADMIN" for row in users.rows.values()),
        people_unread=users.reason,
        system_users=None if robots.reason else tuple(map(_system_user, robots.rows.values())),
        system_users_unread=robots.reason,
        app=app,
        app_unread=app_unread,
    )


async def look_at_owner(client: MetaClient, token: Token, business: Business, business_id: str) -> Token:
    """Return the token with its user's role and age, and how many assets that user controls."""
    if token.problem or business.problem or token.owner_id is None:
        return token
    robot = next((one for one in business.system_users or () if one.id == token.owner_id), None)
    if robot is not None:
        token = replace(token, owner_role=robot.role, owner_since=robot.created_at)
    elif token.kind == "USER":
        token = await _person(client, token, business_id)
    if token.owner_role is None or token.owner_role == "ADMIN" or token.owner_id is None:
        return token
    counts = []
    for name in ("assigned_pages", "assigned_ad_accounts", "assigned_product_catalogs"):
        listed = (await read_nodes(client, ASSIGNED_EDGES[name], [token.owner_id]))[token.owner_id]
        if listed.reason:
            return token
        counts.append(sum(map(_controls, listed.rows.values())))
    return replace(token, controls=sum(counts))


async def look_at_assets(client: MetaClient, business_id: str) -> dict[str, frozenset[str]] | None:
    """Return the ids of the Pages and ad accounts that a token sees, by kind; None if that can't be read."""
    edges = [Edge(f"{whose}_{kind}", ("id",), (), _ID) for kind in ASSETS for whose in ("owned", "client")]
    listed = await _listed(client, business_id, edges)
    if any(one.reason for one in listed.values()):
        return None
    return {
        kind: frozenset({*listed[f"owned_{kind}"].rows, *listed[f"client_{kind}"].rows}) for kind in ASSETS
    }


async def _listed(client: MetaClient, business_id: str, edges: Sequence[Edge]) -> dict[str, Listed]:
    held = {edge.name: Held(edge) for edge in edges}
    scope = Scope("business", business_id)
    await Questions(
        client, [Question(Inquiry(edge.name, Selection(edge)), scope, held[edge.name]) for edge in edges]
    ).ask()
    return {name: one.listed for name, one in held.items()}


async def _person(client: MetaClient, token: Token, business_id: str) -> Token:
    """§1.8: `/me/business_users` is how a person learns their own seat and role."""
    try:
        answer = await client.get("me/business_users", {"fields": "id,role,business", "limit": "100"})
    except MetaError:
        return token
    rows = answer.get("data")
    for row in rows if isinstance(rows, list) else ():
        business = row.get("business") if isinstance(row, dict) else None
        if isinstance(business, dict) and business.get("id") == business_id:
            return replace(token, owner_id=_text(row.get("id")), owner_role=_text(row.get("role")))
    return token


async def _business(client: MetaClient, business_id: str) -> Answer:
    try:
        return await client.get(business_id, {"fields": _BUSINESS})
    except MetaError as error:
        if client.stopped or (error.code, error.subcode) == (100, 33):
            raise
        # one field that this token may not see must not hide the business
        return await client.get(business_id, {"fields": "id,name"})


async def _seen(client: MetaClient) -> tuple[str, ...]:
    """Return the first businesses that the token's user belongs to (§1.8); none where that isn't told."""
    try:
        answer = await client.get("me/businesses", {"fields": "id,name", "limit": "5"})
    except MetaError:
        return ()
    rows = answer.get("data")
    return tuple(
        f"{row.get('name') or 'one without a name'} ({row['id']})"
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict) and _text(row.get("id"))
    )


def _app_in(listed: Mapping[str, Listed], app_id: str) -> tuple[str | None, str]:
    if app_id in listed["owned_apps"].rows:
        return "owned", ""
    if app_id in listed["client_apps"].rows:
        return "shared", ""
    if any(row.get("application") == app_id for row in listed["pending_client_apps"].rows.values()):
        return "requested", ""
    unread = listed["owned_apps"].reason or listed["client_apps"].reason
    return (None, unread) if unread else ("absent", "")


def _system_user(row: Mapping[str, Any]) -> SystemUser:
    made = row.get("created_time")
    try:
        created_at = datetime.fromisoformat(made) if isinstance(made, str) else None
    except ValueError:
        created_at = None
    if created_at is not None and created_at.tzinfo is None:
        created_at = created_at.replace(tzinfo=UTC)
    return SystemUser(str(row["id"]), str(row.get("name") or ""), str(row.get("role") or ""), created_at)


def _controls(row: Mapping[str, Any]) -> bool:
    tasks = row.get("tasks")
    return isinstance(tasks, list) and any(isinstance(one, str) and one in CONTROL for one in tasks)


def _scopes(said: Mapping[str, Any], permissions: Answer | MetaError) -> frozenset[str] | None:
    """Return what the token may do: debug_token says it, else `/me/permissions`."""
    if isinstance(said.get("scopes"), list):
        return frozenset(map(str, said["scopes"]))
    if isinstance(permissions, MetaError) or not isinstance(permissions.get("data"), list):
        return None
    rows = [row for row in permissions["data"] if isinstance(row, dict)]
    return frozenset(str(row.get("permission")) for row in rows if row.get("status") == "granted")


def _is_time(seconds: Any) -> bool:
    return isinstance(seconds, int) and not isinstance(seconds, bool) and seconds >= 0


def _moment(seconds: Any) -> datetime | None:
    """Return a time in seconds since 1970; 0 is never (§1.8)."""
    if not _is_time(seconds) or seconds == 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _why(error: object) -> str:
    """Return Meta's codes. Not its words: they might quote the token."""
    facts = error if isinstance(error, dict) else {}
    named = [f"{name} {facts[key]}" for name, key in _CODES if isinstance(facts.get(key), int)]
    return f" ({', '.join(named)})" if named else ""
