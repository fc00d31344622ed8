"""One check of one hub while it runs: what it is about, where its files go, what it may open."""

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_bytes, token_hex

import duckdb

from flows.secret_refs import resolve
from flows.settings import Hub, Settings
from tasks.boundaries import reached
from tasks.errors import SettingsError
from tasks.meta.access import MetaAccess
from tasks.meta.extraction import Extraction
from tasks.warehouse.connect import warehouse


@dataclass(frozen=True, slots=True)
class CheckJob:
    """One check that has begun: its settings and hub, its id, start and folder."""

    settings: Settings
    hub: Hub
    check_id: str
    started_at: datetime
    folder: Path

    def access(self) -> MetaAccess:
        """Return what the Meta client needs; the secrets are resolved here and kept nowhere else."""
        hub, meta, base = self.hub, self.settings.meta, self.settings.config_path.parent
        secret = resolve(hub.app_secret, base).get_secret_value() if hub.app_secret else None
        return MetaAccess(
            graph_url=meta.graph_url,
            api_version=meta.api_version,
            token=resolve(hub.token, base).get_secret_value(),
            app_secret=secret,
            sandbox=hub.sandbox,
            wait_s=meta.wait_s,
            concurrency=meta.concurrency,
        )

    def extraction(self) -> Extraction:
        """Return what the extraction needs: the folder for raw answers, the business, the edges to skip."""
        return Extraction(self.folder, self.hub.business_id, frozenset(self.hub.skip))

    def warehouse(self, *, read_only: bool = False) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Open the warehouse, for as short as can be."""
        return warehouse(
            self.settings.warehouse_path,
            lock_wait_s=self.settings.warehouse.lock_wait_s,
            read_only=read_only,
            memory_limit=self.settings.warehouse.memory_limit,
        )


def begin(settings: Settings, label: str) -> CheckJob:
    """Start a check of one hub: give it an id that sorts by time, and its folder for raw answers."""
    hub = settings.hub(label)
    files = [source.path.name for source in settings.directory]
    if twice := sorted({name for name in files if files.count(name) > 1}):
        raise SettingsError(
            f"{settings.config_path}: two directory files are called {twice[0]!r}; sources are known by the "
            "name of their file: rename one"
        )
    now = settings.now()
    check_id = f"{hub.label}-{now:%Y%m%dT%H%M%SZ}-{token_hex(2)}"
    folder = settings.home / "raw" / hub.label / check_id
    return CheckJob(settings, hub, check_id, now, folder)


def pseudonym_key(home: Path) -> bytes:
    """Return the key that makes the pseudonyms of masked snapshots; made once, kept with the home (0600).

    The same person has the same pseudonym in every snapshot of this home, and in no other.
    """
    path = home / "pseudonym.key"
    if not path.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = home / f".pseudonym.{os.getpid()}"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(token_bytes(32))
        reached("key.written")
        try:
            os.link(partial, path)  # the first of two checks that start together wins
        except FileExistsError:
            pass
        finally:
            partial.unlink()
        reached("key.named")
    return path.read_bytes()
