"""What somebody does by hand in Meta's settings, or to the directory, while nobody's program looks."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from deployments.sandbox.world import User, World, WorldError
from deployments.sandbox.world.changes import change_role, give, remove_user, take
from deployments.sandbox.world.tokens import give_token, revoke_token

Action = Callable[[World, dict[str, Any]], Any]


class Unknown(WorldError):
    """There is no such id."""


def remove_member(world: World, given: dict[str, Any]) -> None:
    """Remove a user with all grants, or take an invitation back."""
    if given["id"] in world.invites:
        world.cancel(given["id"])
        return
    remove_user(world, _user(world, given))


def set_role(world: World, given: dict[str, Any]) -> dict[str, object]:
    """Give a member another role."""
    if not isinstance(given.get("role"), str):
        raise WorldError("role is missing")
    change_role(world, _user(world, given), given["role"])
    return {"id": given["id"], "role": given["role"]}


def change_member(world: World, given: dict[str, Any]) -> dict[str, object]:
    """Change fields of a member, such as the name or the address."""
    user = world.users[_user(world, given)]
    changes = {name: value for name, value in given.items() if name != "id"}
    for name in changes:
        if name not in _SETTABLE:
            raise WorldError(f"a member has no {name!r} to set; there are {', '.join(sorted(_SETTABLE))}")
    for name, value in changes.items():
        setattr(user, name, value)
    world.version += 1
    return _member(user)


def add_member(world: World, given: dict[str, Any]) -> dict[str, object]:
    """Add a user by hand, as if an invitation had been accepted long ago; the id may be left out."""
    name = given.get("name")
    if not isinstance(name, str):
        raise WorldError("name is missing")
    for key in given:
        if key not in _SETTABLE | {"id", "is_system"}:
            raise WorldError(f"a member has no {key!r} to set")
    user_id = str(given.get("id") or max((int(one) for one in world.users), default=10**14) + 1)
    if user_id in world.users:
        raise WorldError(f"there is a user {user_id} already")
    fields = {"role": "EMPLOYEE", **{key: value for key, value in given.items() if key != "id"}}
    user = User(id=user_id, created_time=world.now, **fields)
    world.users[user.id] = user
    world.version += 1
    return _member(user)


def accept(world: World, given: dict[str, Any]) -> dict[str, object]:
    """Let the invited person accept."""
    if world.invites[_invite(world, given)].expiration_time <= world.now:
        raise WorldError(f"the invitation {given['id']} has expired")
    return _member(world.accept(_invite(world, given)))


def expire(world: World, given: dict[str, Any]) -> dict[str, object]:
    """Let an invitation run out."""
    world.expire(_invite(world, given))
    return {"id": given["id"], "status": world.invites[given["id"]].status}


def grant(world: World, given: dict[str, Any]) -> dict[str, object]:
    """Give a user exactly these tasks on an asset."""
    tasks = given.get("tasks")
    if not isinstance(tasks, list) or not all(isinstance(one, str) for one in tasks):
        raise WorldError("tasks must be a list of names")
    user, asset = _user(world, given, "user"), _asset(world, given, "asset")
    give(world, user, asset, tasks)
    return {"user": user, "asset": asset, "tasks": tasks}


def revoke(world: World, given: dict[str, Any]) -> dict[str, object]:
    """Take a user's tasks on an asset away."""
    user, asset = _user(world, given, "user"), _asset(world, given, "asset")
    take(world, user, asset)
    return {"user": user, "asset": asset}


def give_page_role(world: World, given: dict[str, Any]) -> dict[str, object]:
    """Give somebody who belongs to no business a role on a Page."""
    page, person, name = (given.get(key) for key in ("page", "id", "name"))
    if page not in world.assets or world.assets[page].kind != "page":
        raise Unknown(f"no Page {page}")
    if not isinstance(person, str) or not person.isdigit() or not isinstance(name, str):
        raise WorldError("id (a number, as text) and name are needed")
    world.page_roles.setdefault(page, {})[person] = name
    world.version += 1
    return {"page": page, "id": person, "name": name}


def remove_asset(world: World, given: dict[str, Any]) -> None:
    """Let an asset go: deleted, or no longer shared with our business. Its grants go with it."""
    world.remove_asset(_asset(world, given))


def change_business(world: World, given: dict[str, Any]) -> dict[str, object]:
    """Change what Meta's settings say of the business: primary Page, verification, two-factor, our app."""
    business = world.business
    for name in given:
        if name not in _OF_BUSINESS:
            raise WorldError(
                f"a business has no {name!r} to set; there are {', '.join(sorted(_OF_BUSINESS))}"
            )
    if "app" in given:
        if given["app"] not in ("owned", "shared", "requested", "none"):
            raise WorldError("app must be owned, shared, requested or none")
        world.app_in_business = given["app"]
    if "primary_page" in given:
        page = given["primary_page"]
        business.primary_page = None if page is None else _asset(world, given, "primary_page")
    for name in ("verification_status", "two_factor_type"):
        if name in given:
            business.extra[name] = given[name]
    world.version += 1
    return {**business.extra, "primary_page": business.primary_page, "app": world.app_in_business}


def add_token(world: World, given: dict[str, Any]) -> dict[str, object]:
    """Give out a token; see `give_token` for what can be said of it."""
    token = give_token(world, given)
    return {"access_token": token.token, "user_id": token.user_id, "scopes": token.scopes}


def change_person(world: World, person_id: str, changes: dict[str, Any]) -> dict[str, object]:
    """Change columns of one row of the directory; return the row."""
    row = next((one for one in world.directory if one.get("person_id") == person_id), None)
    if row is None:
        raise Unknown(f"nobody in the directory has the person_id {person_id}")
    for column in changes:
        if column not in row:
            raise WorldError(f"the directory has no column {column!r}; there are {', '.join(row)}")
    row.update(changes)
    return row


ACTIONS: dict[str, Action] = {
    "members": add_member,
    "members/{id}": change_member,
    "members/{id}/remove": remove_member,
    "members/{id}/role": set_role,
    "invites/{id}/accept": accept,
    "invites/{id}/expire": expire,
    "grants": grant,
    "grants/revoke": revoke,
    "page_roles": give_page_role,
    "business": change_business,
    "tokens": add_token,
    "tokens/revoke": revoke_token,
    "assets/{id}/remove": remove_asset,
    "assets/{id}/unshare": remove_asset,
}

_OF_BUSINESS = frozenset({"primary_page", "verification_status", "two_factor_type", "app"})

# Of a member, what `members` and `members/{id}` take.
_SETTABLE = frozenset(
    {
        "name",
        "first_name",
        "last_name",
        "role",
        "email",
        "email_hidden",
        "title",
        "finance_permission",
        "ip_permission",
        "two_fac_status",
        "pending_email",
        "marked_for_removal",
        "business_role_request",
    }
)


def _member(user: User) -> dict[str, object]:
    return {name: value for name, value in asdict(user).items() if value is not None}


def _user(world: World, given: dict[str, Any], key: str = "id") -> str:
    if given.get(key) not in world.users:
        raise Unknown(f"no user {given.get(key)}")
    return str(given[key])


def _asset(world: World, given: dict[str, Any], key: str = "id") -> str:
    if given.get(key) not in world.assets:
        raise Unknown(f"no asset {given.get(key)}")
    return str(given[key])


def _invite(world: World, given: dict[str, Any]) -> str:
    if given.get("id") not in world.invites:
        raise Unknown(f"no invitation {given.get('id')}")
    return str(given["id"])
