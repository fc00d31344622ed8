"""Erasing what was read of a hub: reports, raw answers, the warehouse's rows, snapshots, kept secrets.

Each step may be done again, and does what a killed one left. The ledger stays: it is only ever added to.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from flows import backup
from flows.checking import publishing
from flows.hubs.history import earlier_business
from flows.hubs.kept_secrets import left_of, let_go
from flows.opening.warehouse import open_warehouse
from flows.settings import Settings
from tasks.errors import HubBusy
from tasks.reports import erase_reports
from tasks.warehouse.erase import erase_hub
from tasks.warehouse.snapshot import published_files, remove_others


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: rows of the warehouse, reports, files of snapshots. `snapshot` took the place of those."""

    rows: int
    reports: int
    snapshots: tuple[Path, ...]
    snapshot: Path | None


def anything_read(settings: Settings, label: str) -> bool:
    """Say whether there is something of a hub in the warehouse or among the raw answers."""
    return _raw(settings, label).exists() or earlier_business(settings, label) is not None


def erase(settings: Settings, label: str) -> Erased:
    """Erase what was read of a hub; nobody checks it meanwhile, and it is not configured any more.

    Raises HubBusy where a copy of the warehouse is in the making that may have it, and what the stores
    raise; said again, it does the rest.
    """
    reports = erase_reports(settings.home, label)
    if _raw(settings, label).exists():
        shutil.rmtree(_raw(settings, label))
    let_go(settings.home, left_of(settings, label))
    limits, there = settings.warehouse, settings.warehouse_path.exists()
    rows = 0
    if there:
        rows = erase_hub(
            settings.warehouse_path, label, lock_wait_s=limits.lock_wait_s, memory_limit=limits.memory_limit
        )
    _require_no_copy(settings, label)
    removed, snapshot = _snapshots(settings, publish=there)
    return Erased(rows, reports, removed, snapshot)


def _raw(settings: Settings, label: str) -> Path:
    return settings.home / "raw" / label


def _require_no_copy(settings: Settings, label: str) -> None:
    """Raise HubBusy for a copy that may have been made before: a snapshot of it would bring the hub back."""
    for aside in (backup.ASIDE, publishing.ASIDE):
        for path in settings.home.glob(f"{aside}*"):
            raise HubBusy(
                f"{path} may hold a copy of the warehouse with {label} in it, of a backup or a "
                "`check --all`: say this again when that is done; where none runs, delete the folder first. "
                "All but the snapshots is erased"
            )


def _snapshots(settings: Settings, *, publish: bool) -> tuple[tuple[Path, ...], Path | None]:
    """Publish one without the hub where there were any, and remove all others."""
    if not published_files(settings.snapshot_dir):
        return (), None
    fresh = None
    if publish:
        with open_warehouse(settings) as con:
            fresh = publishing.publish_now(settings, con, settings.now())
    removed = remove_others(settings.snapshot_dir, settings.workspace.name, fresh)
    return tuple(removed), fresh.full if fresh else None
