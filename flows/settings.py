"""Everything an operator can set, read from one TOML file and the hubs beside it."""

import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from flows.directory_source import DirectorySource
from flows.sections import (
    Hub,
    Ledger,
    Log,
    Mail,
    Meta,
    Metrics,
    Page,
    Policy,
    Snapshots,
    Warehouse,
    Workspace,
)
from flows.settings_files import config_path, home_of, hubs_beside, read_toml, valid
from tasks.errors import SettingsError


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
