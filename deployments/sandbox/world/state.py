"""The state of the stand-in world and the operations on it. Knows no HTTP; the Graph API is in graph/."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


class WorldError(ValueError):
    """The world can't do that: the id is unknown, or the operation is not possible in this state."""


@dataclass(slots=True)
class User:
    """A seat that somebody or something holds: a BusinessUser, or with `is_system` a SystemUser."""

    id: str
    name: str
    role: str
    is_system: bool = False
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    email_hidden: bool = False  # Meta keeps the address to itself: the field is left out of answers
    title: str | None = None
    finance_permission: str | None = None
    ip_permission: str | None = None
    two_fac_status: str | None = None
    pending_email: str | None = None
    marked_for_removal: bool | None = None
    business_role_request: str | None = None  # the invitation that this seat came from
    created_time: datetime | None = None


@dataclass(slots=True)
class Invite:
    """A BusinessRoleRequest: an invitation that was sent."""

    id: str
    email: str
    role: str
    status: str
    created_time: datetime
    expiration_time: datetime
    created_by: str  # a user's id
    invite_link: str
    joins_as: User  # who will appear among the users when it is accepted
    grants: dict[str, tuple[str, ...]] = field(default_factory=dict)  # asset id → tasks, given on acceptance
    tasks: tuple[str, ...] = ()  # the finer roles it was sent with, beside `role`
    invited_user_type: tuple[str, ...] = ("FB",)  # §1.1: FB, or MWA for a managed Meta account


@dataclass(slots=True)
class Asset:
    """A Page, ad account (`act_…`), product catalog or business asset group."""

    kind: str
    id: str
    name: str
    owner_business: str  # a business id; not ours for client assets
    is_client: bool = False  # another business shares it with ours
    permitted_tasks: tuple[str, ...] = ()  # for client assets: what the owner allows us
    vocabulary: str = "classic"  # Pages have three (meta-graph-api.md §1.5, §2): classic, profile_plus, live
    extra: dict[str, object] = field(default_factory=dict)  # further fields as Meta writes them


@dataclass(slots=True)
class Business:
    """A business: ours, or a partner's."""

    id: str
    name: str
    extra: dict[str, object] = field(default_factory=dict)
    primary_page: str | None = None  # a Page's id


@dataclass(slots=True)
class Token:
    """An access token and what it may do."""

    token: str
    kind: str  # SYSTEM_USER, USER, PAGE or APP, as debug_token says it
    app_id: str
    user_id: str | None  # who acts: what the token may write follows from that user's role
    scopes: tuple[str, ...]
    expires_at: datetime | None = None
    is_valid: bool = True
    profile_id: str | None = None  # of a PAGE token: the Page


@dataclass
class World:
    """One hub of ours, the businesses around it, and who may do what.

    `grants` maps user id → asset id → tasks; `holders` is the same the other way round: asset id → user id
    → tasks. Both are changed by `assign` and `revoke` only. Dicts keep Meta's order: the order of creation.
    """

    business: Business
    app_id: str
    app_secret: str
    now: datetime
    app_in_business: str = "owned"  # our app: owned, shared, requested ("Request sent"), or none
    users: dict[str, User] = field(default_factory=dict)  # system users too
    invites: dict[str, Invite] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    agencies: dict[str, Business] = field(default_factory=dict)  # they work on our assets
    clients: dict[str, Business] = field(default_factory=dict)  # we work on theirs
    grants: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    holders: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    # agency → asset → tasks
    agency_assets: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    # Page → people (id → name) with a role on it who belong to no business
    page_roles: dict[str, dict[str, str]] = field(default_factory=dict)
    group_contents: dict[str, tuple[str, ...]] = field(default_factory=dict)  # asset group → asset ids
    # ad account → AdActivity rows, the newest first
    activities: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    access_token: str = ""  # reads every edge
    write_token: str = ""  # may do all at once
    answer_key: dict[str, dict[str, object]] = field(default_factory=dict)  # member id → who it truly is
    # story → member_ids, person_ids, asset_ids, invite_ids, business_ids; every story has all five lists
    stories: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    directory: list[dict[str, object]] = field(default_factory=list)  # the rows of the directory file
    version: int = 0  # grows with every change, so that listings can be kept between changes
    ids_given: int = 0  # to what was made since the start

    def user(self, user_id: str) -> User:
        """Return the user, or raise WorldError."""
        try:
            return self.users[user_id]
        except KeyError:
            raise WorldError(f"no user {user_id}") from None

    def new_id(self) -> str:
        """Return an id that nothing has, nor had: what runs twice gives the same ids twice."""
        while True:
            self.ids_given += 1
            found = str(61_550_000_000_000 + 7919 * self.ids_given)
            if not any(
                found in nodes
                for nodes in (self.users, self.invites, self.assets, self.agencies, self.clients)
            ):
                return found

    def assets_of(self, kind: str, *, is_client: bool) -> Iterable[Asset]:
        """Yield the assets of one kind that we own, or that clients share with us."""
        return (a for a in self.assets.values() if a.kind == kind and a.is_client == is_client)

    def assign(self, user_id: str, asset_id: str, tasks: Iterable[str]) -> None:
        """Give a user exactly these tasks on an asset, in place of what was there."""
        self.user(user_id)
        if asset_id not in self.assets:
            raise WorldError(f"no asset {asset_id}")
        given = tuple(tasks)
        self.grants.setdefault(user_id, {})[asset_id] = given
        self.holders.setdefault(asset_id, {})[user_id] = given
        self.version += 1

    def revoke(self, user_id: str, asset_id: str) -> None:
        """Take a user's grant on an asset away, if there is one."""
        self.grants.get(user_id, {}).pop(asset_id, None)
        self.holders.get(asset_id, {}).pop(user_id, None)
        self.version += 1

    def remove_member(self, user_id: str) -> None:
        """Remove a user with all grants, as somebody does by hand in Meta's settings."""
        self.user(user_id)
        for asset_id in list(self.grants.get(user_id, {})):
            self.revoke(user_id, asset_id)
        del self.users[user_id]
        self.grants.pop(user_id, None)
        self.version += 1

    def set_role(self, user_id: str, role: str) -> None:
        """Change a user's role, as somebody does by hand in Meta's settings."""
        self.user(user_id).role = role
        self.version += 1

    def remove_asset(self, asset_id: str) -> None:
        """Let an asset go: deleted, or no longer shared with our business. Its grants go with it."""
        for user_id in list(self.holders.get(asset_id, {})):
            self.revoke(user_id, asset_id)
        self.holders.pop(asset_id, None)
        del self.assets[asset_id]
        for shared in self.agency_assets.values():
            shared.pop(asset_id, None)
        self.version += 1

    def cancel(self, invite_id: str) -> None:
        """Take an invitation back: it leaves the list."""
        del self.invites[invite_id]
        self.version += 1

    def accept(self, invite_id: str) -> User:
        """Let the invited person accept: the invitation leaves the list and the user appears."""
        invite = self._open_invite(invite_id)
        del self.invites[invite_id]
        user = invite.joins_as
        user.role = invite.role
        user.business_role_request = invite_id
        user.created_time = self.now
        self.users[user.id] = user
        for asset_id, tasks in invite.grants.items():
            if asset_id in self.assets:  # it may have gone since
                self.assign(user.id, asset_id, tasks)
        self.version += 1
        return user

    def expire(self, invite_id: str) -> None:
        """Let an invitation run out. Assumption: Meta goes on listing it, with the status EXPIRED."""
        invite = self._open_invite(invite_id)
        invite.status = "EXPIRED"
        invite.expiration_time = min(invite.expiration_time, self.now - timedelta(seconds=1))
        self.version += 1

    def _open_invite(self, invite_id: str) -> Invite:
        invite = self.invites.get(invite_id)
        if invite is None or invite.status != "PENDING":
            raise WorldError(f"no open invitation {invite_id}")
        return invite


def meta_time(moment: datetime) -> str:
    """Return a time as Meta writes it: 2026-11-24T10:00:00+0000 (meta-graph-api.md, emulator checklist)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
