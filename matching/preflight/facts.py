"""What a preflight goes by. None is "Meta doesn't say", never "no"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Token:
    """What Meta says of one token.

    `problem`: why it can't be used; then the rest is unknown. `passing`: only now, for a rate limit. `kind`:
    SYSTEM_USER, USER, PAGE or APP. `expires_at` and `data_until`: None is never, where `expiry_known`.
    `owner_role`: the app role of its user, `owner_since` when that system user was made. `controls`: the
    assets on which that user could give others access. `proof`: whether Meta took the app secret's proof,
    None where none was given.
    """

    problem: str = ""
    passing: bool = False
    proof: bool | None = None
    proof_problem: str = ""
    kind: str | None = None
    app_id: str | None = None
    expiry_known: bool = False
    expires_at: datetime | None = None
    data_until: datetime | None = None
    scopes: frozenset[str] | None = None
    owner_id: str | None = None
    owner_name: str | None = None
    owner_role: str | None = None
    owner_since: datetime | None = None
    controls: int | None = None


@dataclass(frozen=True, slots=True)
class SystemUser:
    """A system user of the business."""

    id: str
    name: str
    role: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class Business:
    """What Meta says of the business. `problem`: why it can't be reached; then the rest is unknown.

    `seen`: the businesses that the token sees in its place, each as "name (id)". `admins`: how many people
    have Full control. `app`: owned, shared, requested or absent. A reason beside a None says why that was not
    read.
    """

    problem: str = ""
    seen: tuple[str, ...] = ()
    name: str | None = None
    shows_primary_page: bool = False
    verification: str | None = None
    two_factor: str | None = None
    admins: int | None = None
    people_unread: str = ""
    system_users: tuple[SystemUser, ...] | None = None
    system_users_unread: str = ""
    app: str | None = None
    app_unread: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """How Meta answered: the version that served, the difference of the clocks, the highest usage in percent.

    `limited` is what Meta said where a rate limit refused us.
    """

    served: str | None = None
    clock_off_s: float | None = None
    used_percent: float | None = None
    limited: str = ""


@dataclass(frozen=True, slots=True)
class Hub:
    """What the configuration says of a hub, and what was found about it. `writer` None: read-only.

    `sees`: kind of asset → how many of those that the Admin's token sees the reader sees, and how many that
    are; None: not compared.
    """

    label: str
    business_id: str
    app_id: str
    has_secret: bool
    api_version: str
    min_admins: int
    same_token: bool
    reads_catalogs: bool
    reader: Token
    writer: Token | None
    business: Business
    line: Line
    owners: tuple["Owner", ...]
    owners_unread: str = ""
    sees: Mapping[str, tuple[int, int]] | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """One Owner as named: `standing` is fit, several, stranger, or what the directory says instead."""

    name: str
    standing: str
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One read of a directory source; `reason` says why it is refused."""

    name: str
    reason: str | None
    people: int
    age_h: float
    tells_who_left: bool = True


@dataclass(frozen=True, slots=True)
class Store:
    """Something of our own that must be there: what it is, and what is wrong, with what to do about it."""

    about: str
    problem: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Prefect's server, its version where it tells it, and the version that this hubroster runs with."""

    store: Store
    ours: str
    theirs: str | None = None


@dataclass(frozen=True, slots=True)
class Workspace:
    """What all hubs share."""

    sources: tuple[Source, ...]
    mail: Store
    ledger: Store
    warehouse: Store
    prefect: Server
