"""Everything an operator can set, read from one TOML file and the hubs beside it."""

import os
import re
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal
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
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from flows.directory_source import DirectorySource
from flows.secret_refs import SecretRef
from flows.settings_files import config_path, home_of, hubs_beside, read_toml, valid
from tasks.errors import SettingsError
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


class Settings(BaseSettings):
    """The configuration file, whole; `config_path` and `home` are where it lies and where state is kept."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    workspace: Workspace
    directory: tuple[DirectorySource, ...] = Field(min_length=1)
    hubs: tuple[Hub, ...] = ()
    meta: Meta = Meta()
    policy: Policy = Policy()
    mail: Mail = Mail()
    page: Page = Page()
    warehouse: Warehouse = Warehouse()
    snapshots: Snapshots = Snapshots()
    ledger: Ledger = Ledger()
    log: Log = Log()
    metrics: Metrics = Metrics()
    config_path: Path = Field(exclude=True)
    home: Path = Field(exclude=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the file and nothing else: the environment holds only paths, the clock and secrets."""
        init: dict[str, Any] = init_settings()
        return init_settings, TomlConfigSettingsSource(settings_cls, init["config_path"])

    def hub(self, label: str) -> Hub:
        """Return the hub of that label, or raise SettingsError with the labels there are."""
        for hub in self.hubs:
            if hub.label == label:
                return hub
        known = ", ".join(sorted(h.label for h in self.hubs)) or "none, `hubroster connect` makes one"
        raise SettingsError(f"there is no hub {label!r} in {self.config_path}; the hubs are: {known}")

    def beside_config(self, path: Path) -> Path:
        """Return a path of the configuration as an absolute one: relative ones start at the file."""
        return (self.config_path.parent / path).resolve()

    @property
    def directory_order(self) -> dict[str, int]:
        """The sources of the directory with their places: the first one has the word."""
        return {source.source: place for place, source in enumerate(self.directory)}

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file that remembers every check."""
        return self.home / "warehouse.duckdb"

    @property
    def snapshot_dir(self) -> Path:
        """The folder of published snapshots."""
        return self.beside_config(self.snapshots.path)

    @property
    def zone(self) -> ZoneInfo:
        """The workspace's time zone."""
        return ZoneInfo(self.workspace.timezone)

    def now(self) -> datetime:
        """Return the time in UTC, moved by HUBROSTER_CLOCK_S where every hub is a sandbox."""
        offset = os.environ.get("HUBROSTER_CLOCK_S", "").strip()
        if not offset:
            return datetime.now(UTC)
        if not self.hubs or not all(hub.sandbox for hub in self.hubs):
            raise SettingsError("HUBROSTER_CLOCK_S moves the clock of sandbox hubs only; unset it")
        try:
            return datetime.now(UTC) + timedelta(seconds=float(offset))
        except (ValueError, OverflowError) as error:
            raise SettingsError(f"HUBROSTER_CLOCK_S must be a number of seconds, not {offset!r}") from error


def load_settings(config: Path | None = None, *, needs_hub: bool = True) -> Settings:
    """Read the configuration, HUBROSTER_CONFIG or ./hubroster.toml, with the hubs in hubs.d/ beside it.

    Raises SettingsError in one line that names the file, the line where it can be told, and the mend.
    """
    path = config_path(config)
    if not path.is_file():
        raise SettingsError(
            f"no configuration at {path}: set HUBROSTER_CONFIG, begin with `hubroster connect`, or try "
            "`hubroster demo`"
        )
    main, beside = read_toml(path), hubs_beside(path)
    extra: dict[str, Any] = {"config_path": path, "home": home_of(path)}
    for file, table in beside:
        valid(partial(Hub.model_validate, table), file, Hub)
    if beside:
        extra["hubs"] = [*main.get("hubs", []), *(table for _, table in beside)]
    settings = valid(lambda: Settings(**extra), path, Settings)
    labels = [hub.label for hub in settings.hubs]
    if twice := sorted({label for label in labels if labels.count(label) > 1}):
        raise SettingsError(f"{path}: two hubs are called {twice[0]!r}; labels must differ")
    sources = [source.source for source in settings.directory]
    if twice := sorted({source for source in sources if sources.count(source) > 1}):
        raise SettingsError(
            f"{path}: two directory sources are called {twice[0]!r}; give each a `name` of its own"
        )
    if needs_hub and not settings.hubs:
        raise SettingsError(f"{path} has no hub yet: `hubroster connect LABEL` makes one")
    return settings
