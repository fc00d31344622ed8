"""Writes about people (meta-graph-api.md §1.1, §1.2, §1.4): invitations, members, system users."""

from datetime import timedelta

from deployments.sandbox.graph import parameters as read
from deployments.sandbox.graph import refusals
from deployments.sandbox.graph.act import Act, Write, Writes, says_id, says_token
from deployments.sandbox.switches import Switches
from deployments.sandbox.world import Invite, Token, User, World
from deployments.sandbox.world.changes import change_role, remove_user
from deployments.sandbox.world.inviting import change_invite, invite, is_open, open_invite, send_again
from deployments.sandbox.world.roles import ROLES, add_permissions, base_role
from deployments.sandbox.world.tokens import SCOPES, make_token


def send_invitation(act: Act) -> Invite | User:
    """POST /{business}/business_users: the invitation is among pending_users until it is accepted."""
    if act.switches.invite_forbidden:
        raise refusals.not_allowed()
    email = read.address(act.params, "email")
    roles = _roles(act) or ("EMPLOYEE",)  # §2, UI words: basic access is the default
    user_type = read.names(act.params, "invited_user_type", ("FB", "MWA")) or ("FB",)
    # Meta knows the addresses that it hides.
    if any((one.email or "").lower() == email.lower() for one in act.world.users.values()):
        raise refusals.invited_already(is_member=True)
    known = open_invite(act.world, email)
    if known is not None and act.switches.invite_again == "refused":
        raise refusals.invited_already(is_member=False)
    if known is not None and act.switches.invite_again == "resent":
        send_again(act.world, known)
        made = known
    else:
        made = invite(act.world, email, roles, user_type, act.by)
    return made.joins_as if act.switches.invite_answers == "user" else made


def change_invitation(act: Act) -> Invite:
    """POST /{role-request}: another role."""
    made: Invite = act.node
    roles = _roles(act)
    if not is_open(act.world, made):
        raise refusals.not_open()
    if roles:
        change_invite(act.world, made, roles)
    return made


def cancel_invitation(act: Act) -> Invite:
    """DELETE /{role-request}: it is gone from pending_users. One that ran out can be cleared away as well."""
    made: Invite = act.node
    act.world.cancel(made.id)
    return made


def change_member(act: Act) -> User:
    """POST /{business-user}; everything is checked before anything is changed."""
    user: User = act.node
    roles = _roles(act)
    email = read.address(act.params, "email") if "email" in act.params else None
    pending = read.address(act.params, "pending_email") if "pending_email" in act.params else None
    at_once, clear = (
        read.flag(act.params, name) for name in ("skip_verification_email", "clear_pending_email")
    )
    if roles and base_role(roles) != "ADMIN":
        _keep_an_admin(act.world, user)
    if roles:
        add_permissions(user, roles)
        change_role(act.world, user.id, base_role(roles), act.by)
    if clear:
        user.pending_email = None
    if email is not None and at_once:
        user.email = email
    elif email is not None or pending is not None:
        # Assumption: a new address waits in `pending_email` until its owner confirms it
        user.pending_email = email or pending
    _rename(user, act.params)
    act.world.version += 1
    return user


def remove_member(act: Act) -> User:
    """DELETE /{business-user}. Inference (§9, checklist): its grants go with it."""
    user: User = act.node
    _keep_an_admin(act.world, user)
    remove_user(act.world, user.id, act.by)
    return user


def add_system_user(act: Act) -> User:
    """POST /{business}/system_users. Assumption: `system_user_id` says nothing here."""
    name = read.required(act.params, "name")
    role = base_role([read.one_of(act.params, "role", ROLES) or "EMPLOYEE"])
    there = [one for one in act.world.users.values() if one.is_system]
    admins = [one for one in there if one.role == "ADMIN"]
    if 0 < act.switches.max_system_users <= len(there):
        raise refusals.too_many_system_users(3949)
    if role == "ADMIN" and 0 < act.switches.max_admin_system_users <= len(admins):
        raise refusals.too_many_system_users(3965)
    user = User(act.world.new_id(), name, role, is_system=True, created_time=act.world.now)
    act.world.users[user.id] = user
    act.world.version += 1
    return user


def give_system_user_token(act: Act) -> Token:
    """POST /{business}/system_user_access_tokens; `asset` limits the token at Meta, and is ignored here."""
    user = act.world.users.get(act.params.get("system_user_id", act.by.id))
    if user is None or not user.is_system:
        raise refusals.invalid_user_id()
    scopes = read.texts(act.params, "scope") or SCOPES
    for scope in scopes:
        if scope not in SCOPES:
            raise refusals.invalid_permission(scope)
    if read.flag(act.params, "fetch_only"):  # assumption: the last one that was given out
        given = [
            one
            for one in act.world.tokens.values()
            if (one.user_id, one.app_id, one.is_valid) == (user.id, act.world.app_id, True)
        ]
        if not given:
            raise refusals.invalid_user_id()
        return given[-1]
    token = make_token(act.world, "SYSTEM_USER", user, scopes)
    if read.flag(act.params, "set_token_expires_in_60_days"):
        token.expires_at = act.world.now + timedelta(days=60)
    return token


def _roles(act: Act) -> tuple[str, ...]:
    role = read.one_of(act.params, "role", ROLES)
    tasks = read.names(act.params, "tasks", ROLES) or ()
    return tuple(dict.fromkeys((role, *tasks) if role else tasks))


def _keep_an_admin(world: World, user: User) -> None:
    """Refuse what would leave no admin. Business users count, system users don't (design §12)."""
    admins = [one for one in world.users.values() if one.role == "ADMIN" and not one.is_system]
    if admins == [user]:
        raise refusals.last_admin()


def _rename(user: User, params: dict[str, str]) -> None:
    for name in ("first_name", "last_name", "title"):
        if name in params:
            setattr(user, name, params[name] or None)
    if "first_name" in params or "last_name" in params:
        user.name = " ".join(one for one in (user.first_name, user.last_name) if one) or user.name


def _invited(switches: Switches) -> str:
    return "BusinessUser" if switches.invite_answers == "user" else "BusinessRoleRequest"


WRITES: Writes = {
    ("POST", "Business", "business_users"): Write(send_invitation, says_id, _invited),
    ("POST", "BusinessRoleRequest", None): Write(change_invitation, says_id),
    ("DELETE", "BusinessRoleRequest", None): Write(cancel_invitation),
    ("POST", "BusinessUser", None): Write(change_member),
    ("DELETE", "BusinessUser", None): Write(remove_member),
    ("POST", "Business", "system_users"): Write(add_system_user, says_id, lambda _: "SystemUser"),
    ("POST", "Business", "system_user_access_tokens"): Write(give_system_user_token, says_token),
}
