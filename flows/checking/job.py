"""One check of one hub while it runs: what it is about, where its files go, what it may open."""

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_bytes, token_hex

import duckdb

from flows.opening.hub import access_of
from flows.opening.warehouse import open_warehouse, reading_warehouse
from flows.sections import Hub
from flows.settings import Settings
from tasks.boundaries import reached
from tasks.errors import HubBusy, HubrosterError, SettingsError
from tasks.home_files import sweep, taken
from tasks.meta.access import MetaAccess
from tasks.meta.extraction import Extraction
from tasks.warehouse.connect import NEW
from tasks.warehouse.trouble import require_intact

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class CheckJob:
    """One check that has begun: its settings and hub, its id, start and folder."""

    settings: Settings
    hub: Hub
    check_id: str
    started_at: datetime
    folder: Path

    def access(self, *, write: bool = False) -> MetaAccess:
        """Return what the Meta client needs; the secrets are resolved here and kept nowhere else.

        `write`: with the token that may change something, which only `apply` uses. Raises SettingsError for a
        hub without one.
        """
        return access_of(self.settings, self.hub, write=write)

    def extraction(self) -> Extraction:
        """Return what the extraction needs: the folder for raw answers, the business, the edges to skip."""
        return Extraction(self.folder, self.hub.business_id, frozenset(self.hub.skip))

    def warehouse(self, *, read_only: bool = False) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Open the warehouse, for as short as can be."""
        return reading_warehouse(self.settings) if read_only else open_warehouse(self.settings)


def begin(settings: Settings, label: str) -> CheckJob:
    """Start a check of one hub: give it an id that sorts by time, and its folder for raw answers.

    What can't be used is told here, before anything is read. What killed checks have left in the home goes.
    """
    hub = settings.hub(label)
    _settle(settings.home)
    require_intact(settings.warehouse_path)
    now = settings.now()
    check_id = f"{hub.label}-{now:%Y%m%dT%H%M%SZ}-{token_hex(2)}"
    folder = settings.home / "raw" / hub.label / check_id
    return CheckJob(settings, hub, check_id, now, folder)


@asynccontextmanager
async def alone(settings: Settings, label: str) -> AsyncIterator[None]:
    """Keep other checks of the same hub waiting: two at once would tell the same changes twice.

    Raises HubBusy after `[warehouse] lock_wait_s`. The lock of a process that is killed goes with it.
    """
    _settle(settings.home)
    path, wait_s = lock_of(settings, label), settings.warehouse.lock_wait_s
    deadline = time.monotonic() + wait_s
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not taken(lock):
            if time.monotonic() >= deadline:
                raise HubBusy(
                    f"{label} is being checked by process {path.read_text().strip() or 'unknown'}, waited "
                    f"{wait_s:g} s: try again when it is done"
                )
            await asyncio.sleep(0.1)
        with suppress(OSError):  # on a full disk it says less
            os.ftruncate(lock, 0)
            os.write(lock, str(os.getpid()).encode())
        yield
    finally:
        os.close(lock)


def lock_of(settings: Settings, label: str) -> Path:
    """Return the file that a check of a hub holds locked while it lives."""
    return settings.home / f".{label}.lock"


def is_checked(settings: Settings, label: str) -> bool:
    """Say whether a check of this hub is under way on this machine."""
    try:
        lock = os.open(lock_of(settings, label), os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not taken(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def _settle(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise SettingsError(
            f"{home} can't be a folder, there is a file: set another HUBROSTER_HOME"
        ) from error
    sweep(home, f"{NEW}*", ".pseudonym.*", "reports/.*")


def pseudonym_key(home: Path) -> bytes:
    """Return the key that makes the pseudonyms of masked snapshots; made once, kept with the home (0600).

    The same person has the same pseudonym in every snapshot of this home, and in no other. Raises
    HubrosterError for a key that can't be kept, or is damaged: by a shorter one pseudonyms could be guessed.
    """
    path = home / "pseudonym.key"
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise HubrosterError(f"{path} can't be kept: {error.strerror or error}; mend that") from error
    if len(key) != KEY_BYTES:
        raise HubrosterError(
            f"{path} is damaged: bring back a backup of it, or delete it, and everybody gets a new pseudonym"
        )
    return key


def _make_key(path: Path) -> None:
    partial = path.with_name(f".pseudonym.{os.getpid()}")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        reached("key.written")
        with suppress(FileExistsError):  # the first of two checks that start together wins
            os.link(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    reached("key.named")
