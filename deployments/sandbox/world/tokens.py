"""Tokens of every kind, given out while the sandbox runs (`POST /_admin/tokens`)."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from deployments.sandbox.world.state import Token, User, World, WorldError

# meta-graph-api.md §1.8: business_management, and the scopes of each kind of asset
SCOPES = (
    "business_management",
    "ads_management",
    "ads_read",
    "catalog_management",
    "pages_manage_metadata",
    "pages_read_engagement",
    "pages_show_list",
)
_PAGE_SCOPES = tuple(one for one in SCOPES if one.startswith("pages_"))
_TAKES = frozenset(
    {
        "kind",
        "user",
        "role",
        "two_factor",
        "created_at",
        "scopes",
        "without",
        "expires_at",
        "revoked",
        "app_id",
        "page",
    }
)


def give_token(world: World, given: dict[str, Any]) -> Token:
    """Give out a token as described.

    kind: SYSTEM_USER (default), USER or PAGE. user: whose it is; else the first with that `role` (ADMIN or
    EMPLOYEE, the default); a system user is made if there is none. two_factor: whether that person has it
    switched on. created_at: since when that user is there. scopes: those and no others; without: all but
    those. expires_at: ISO time. revoked: taken back already. app_id: of another app. page: of a PAGE token.
    """
    if unknown := given.keys() - _TAKES:
        raise WorldError(f"a token has no {min(unknown)!r}; there are {', '.join(sorted(_TAKES))}")
    kind = given.get("kind", "SYSTEM_USER")
    if kind not in ("SYSTEM_USER", "USER", "PAGE"):
        raise WorldError(f"kind must be SYSTEM_USER, USER or PAGE, not {kind!r}")
    page = given.get("page")
    if (kind == "PAGE") is not (page in world.assets and world.assets[str(page)].kind == "page"):
        raise WorldError("page must be the id of a Page, for a PAGE token and for no other")
    user = _holder(world, given, is_system=kind == "SYSTEM_USER")
    if "two_factor" in given:
        user.two_fac_status = "enabled" if given["two_factor"] else "disabled"
    if "created_at" in given:
        user.created_time = _moment(given, "created_at")
    token = make_token(world, kind, user, _scopes(given, _PAGE_SCOPES if kind == "PAGE" else SCOPES))
    token.app_id = str(given.get("app_id", world.app_id))
    token.expires_at = _moment(given, "expires_at") if given.get("expires_at") else None
    token.is_valid = not given.get("revoked", False)
    token.profile_id = page
    return token


def make_token(world: World, kind: str, user: User, scopes: Iterable[str]) -> Token:
    """Return a new token of our app."""
    token = Token(f"sandbox-made-{secrets.token_hex(20)}", kind, world.app_id, user.id, tuple(scopes))
    world.tokens[token.token] = token
    return token


def revoke_token(world: World, given: dict[str, Any]) -> None:
    """Take a token back: it answers 190/467 from here on."""
    token = world.tokens.get(str(given.get("access_token")))
    if token is None:
        raise WorldError("no such token")
    token.is_valid = False


def _holder(world: World, given: dict[str, Any], *, is_system: bool) -> User:
    if "user" in given:
        return world.user(str(given["user"]))
    role = given.get("role", "EMPLOYEE")
    for one in world.users.values():
        if one.is_system is is_system and one.role == role:
            return one
    if not is_system:
        raise WorldError(f"nobody has the role {role!r}")
    user = User(world.new_id(), f"system user {role}", str(role), is_system=True, created_time=world.now)
    world.users[user.id] = user
    world.version += 1
    return user


def _scopes(given: dict[str, Any], usual: tuple[str, ...]) -> tuple[str, ...]:
    wanted, without = given.get("scopes", usual), given.get("without", ())
    if isinstance(wanted, str) or isinstance(without, str):
        raise WorldError("scopes and without must be lists of names")
    return tuple(str(one) for one in wanted if one not in without)


def _moment(given: dict[str, Any], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(str(given[name]))
    except ValueError:
        raise WorldError(f"{name} is no ISO 8601 time: {given[name]}") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
