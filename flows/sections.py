"""The sections of the configuration file: what an operator can set, of what type, and what it means."""

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    StrictBool,
    StrictFloat,
    StrictInt,
)

from flows.secret_refs import SecretRef
from tasks.meta.completeness import OPTIONAL_EDGES

SKIPPABLE = OPTIONAL_EDGES | {"activities"}
TWO_FOR = ("remove", "set_role", "grant", "revoke", "invite", "restore")


def _of_the_day(at: time) -> time:
    if at.tzinfo or at.second or at.microsecond:
        raise ValueError(f"{at.isoformat()!r}: write a time of the day like 05:00, without zone and seconds")
    return at


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"unknown time zone {name!r}; write one like Europe/Berlin") from error
    return name


def _kind_and_role(text: str) -> str:
    """Refuse what would leave out a second Owner by a slip of the pen."""
    kind, _, role = text.partition(":")
    if kind not in TWO_FOR or not re.fullmatch(r"[A-Z][A-Z0-9_]*", role):
        raise ValueError(
            f"write KIND:ROLE like remove:ADMIN, not {text!r}; kinds are {', '.join(TWO_FOR)}, roles as Meta "
            "writes them"
        )
    return text


def _optional_edge(name: str) -> str:
    if name not in SKIPPABLE:
        known = ", ".join(sorted(SKIPPABLE))
        raise ValueError(f"{name!r} can't be skipped; what can: {known}")
    return name


def _no_number(value: object) -> object:
    """Refuse a number where pydantic would take it for seconds of the day, or for an address."""
    if isinstance(value, int | float):
        raise ValueError("write it as text, in quotes")  # noqa: TRY004, pydantic tells only ValueErrors
    return value


class _Section(BaseModel):
    """Types are strict: `sandbox = "yes"` is refused, not guessed at. A whole number is a fine float."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Workspace(_Section):
    """The organisation: one directory, any number of hubs."""

    name: str = Field(min_length=1, max_length=100, description="What the organisation is called")
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "UTC",
        description="The zone of what doesn't say UTC itself, like `Europe/Berlin`",
    )
    check_at: Annotated[time, BeforeValidator(_no_number), AfterValidator(_of_the_day)] = Field(
        time(5), description="When the daily checks begin; several hubs are spread over the hour that follows"
    )


class Hub(_Section):
    """A connected Meta business portfolio."""

    label: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$",
        description="Your name for the hub: lower-case letters, digits, `_` and `-`",
    )
    business_id: str = Field(
        pattern=r"^[0-9]{1,20}$", description="The portfolio's number at Meta, in quotes"
    )
    app_id: str = Field(pattern=r"^[0-9]{1,20}$", description="The number of the app whose tokens these are")
    app_secret: SecretRef | None = Field(
        None, description="With it each call carries a proof that it comes from you"
    )
    token: SecretRef = Field(description="For all reading; it should be able to do nothing else")
    write_token: SecretRef | None = Field(None, description="Absent: the hub is read-only")
    login_method: Literal["sso", "password"] = Field(
        "sso", description="How its people sign in; with `sso` a member with a foreign address is a finding"
    )
    owners: tuple[str, ...] = Field((), description="Addresses of the first Owners")
    skip: tuple[Annotated[str, AfterValidator(_optional_edge)], ...] = Field(
        (), description=f"Optional edges not to read, of {', '.join(sorted(SKIPPABLE))}"
    )
    sandbox: StrictBool = Field(False, description="It is a stand-in on this machine (`hubroster sandbox`)")


class Meta(_Section):
    """How to reach the Graph API."""

    graph_url: str = Field(
        "https://graph.facebook.com", description="Another one is taken for sandboxes alone"
    )
    api_version: str = Field(
        "v26.0", pattern=r"^v[0-9]+\.[0-9]+$", description="The version of the Graph API that is asked for"
    )
    wait_s: StrictFloat = Field(
        900,
        ge=0,
        description="Longest wait, in all, in seconds, when Meta limits calls or says when to come back",
    )
    concurrency: StrictInt = Field(4, ge=1, le=32, description="HTTP requests under way at once")


class Policy(_Section):
    """What is decided alone, and what needs whom."""

    auto_match_posterior: StrictFloat = Field(
        0.99, ge=0.5, le=1, description="How sure a match by name must be to link by itself"
    )
    auto_match_by_name: Literal["never", "low_privilege", "always"] = Field(
        "low_privilege", description="Whom a name alone may link"
    )
    by_name_after: StrictInt = Field(
        0, ge=0, description="Decisions of the hub's Owners before anybody is linked by name; 0: at once"
    )
    two_approvers_for: tuple[Annotated[str, AfterValidator(_kind_and_role)], ...] = Field(
        ("remove:ADMIN",), description="What takes the yes of two Owners"
    )
    min_admins: StrictInt = Field(
        2, ge=1, description="How many active employees with Full control a removal must leave"
    )
    hold_min: StrictFloat = Field(15, ge=0, description="Minutes in which Owners can still say stop")
    review_days: StrictInt = Field(14, ge=1, description="Days in which a review can be answered")
    own_domains: tuple[str, ...] = Field(
        (), description="Domains of yours besides those of the employees' addresses"
    )


class Mail(_Section):
    """The mail server that takes what Owners get."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    host: str = Field("localhost", description="The mail server")
    port: StrictInt = Field(25, ge=1, le=65535, description="Its port")
    sender: str = Field("hubroster@localhost", alias="from", description="Whom mails come from")
    user: str = Field("", description="The login at the mail server, where it wants one")
    password: SecretRef | None = Field(None, description="Its password, by reference")
    tls: StrictBool = Field(False, description="Whether the connection is encrypted")


class Page(_Section):
    """Where Owners find the page."""

    url: str = Field("http://127.0.0.1:8080", description="What mails link to")


class Warehouse(_Section):
    """The DuckDB file and the raw answers beside it."""

    lock_wait_s: StrictFloat = Field(
        60, ge=0, description="Seconds to wait for another process that holds the file, or checks the hub"
    )
    memory_limit: str = Field(
        "512MB", pattern=r"^[0-9]+(MB|GB)$", description="The most memory that DuckDB takes"
    )
    raw_days: StrictInt = Field(30, ge=1, description="Days that Meta's raw answers are kept")


class Snapshots(_Section):
    """Where data teams find the published files."""

    path: Path = Field(Path("snapshots"), description="The folder of the published files")
    keep: StrictInt = Field(30, ge=1, description="How many of the newest snapshots stay")


class Ledger(_Section):
    """Where decisions are kept."""

    url: str = Field(
        "sqlite",
        description="`sqlite`, the file `ledger.db` in the home; or `postgresql://...`, itself or by "
        "reference as secrets are, needed as soon as more than one machine works",
    )


class Log(_Section):
    """What `up` and its processes write into `logs/` of the home."""

    format: Literal["text", "json"] = Field(
        "text", description="HUBROSTER_LOG, where it is set, says it for one command"
    )


class Metrics(_Section):
    """Numbers for Prometheus, at /metrics of the page's port."""

    allow: tuple[Annotated[IPvAnyNetwork, BeforeValidator(_no_number)], ...] = Field(
        (), description="Networks that may read them, besides this machine itself: `10.0.0.0/8`"
    )
