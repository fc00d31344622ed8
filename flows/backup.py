"""Backup of a workspace: a copy of what can't be made again, and the way back into an empty home.

What is left out can be made again, or must not lie about: raw answers of Meta, snapshots, Prefect's own
database, logs, and every secret.
"""

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flows.checking.job import alone
from flows.opening.ledger import ledger_of
from flows.review.brought_back import mark
from flows.settings import Settings
from tasks.errors import InputError, LedgerError
from tasks.home_archive import unpack_archive, write_archive
from tasks.home_files import sweep
from tasks.ledger.book import open_ledger
from tasks.ledger.copy import copy_ledger
from tasks.ledger.export import head_of
from tasks.ledger.stores import FILE, MADE
from tasks.ledger.verify import verify
from tasks.warehouse.copy import copy_warehouse

ASIDE = ".backup-"
SQLITE = "sqlite"
PG_DUMP = "pg_dump"
_REFERENCE = re.compile(r"""["']((?:env|file|command):[^"'\n]+)["']""")


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds: its file, how many reports, bytes in all, and the ledger's head.

    `ledger` is "sqlite" (within) or "pg_dump" (a Postgres, which has to be dumped as well). `secrets` are the
    references of the configuration: what they lead to is not within.
    """

    path: str
    made_at: str
    ledger: str
    head: dict[str, Any] | None
    reports: int
    bytes: int
    secrets: tuple[str, ...]


def back_up(settings: Settings, out: Path) -> Saved:
    """Write a backup into a new file (0600). No check of this home runs meanwhile: each would wait.

    Raises HubBusy when a check runs for longer than `[warehouse] lock_wait_s`, InputError where the file is
    there already, and what the stores raise.
    """
    return asyncio.run(_back_up(settings, out.absolute()))


async def _back_up(settings: Settings, out: Path) -> Saved:
    if not settings.home.is_dir():
        raise InputError(f"there is nothing to back up: there is no {settings.home}")
    if not out.parent.is_dir():
        raise InputError(f"there is no folder {out.parent}: make it, or name another file")
    sweep(settings.home, f"{ASIDE}*")
    with _aside(settings.home) as aside:
        async with _no_checks(settings):
            head = _head(settings)
            files = _copies(settings, aside)
        facts = {
            "hubroster": version("hubroster"),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "workspace": settings.workspace.name,
            "ledger": SQLITE if settings.ledger.url == SQLITE else PG_DUMP,
            "head": head,
            "secrets": _references(settings),
        }
        manifest = write_archive(out, files, facts)
    return _saved(out, manifest)


@asynccontextmanager
async def _no_checks(settings: Settings) -> AsyncIterator[None]:
    """Take the lock of each hub, as a check does, so that none is halfway through."""
    async with AsyncExitStack() as stack:
        for label in sorted(hub.label for hub in settings.hubs):
            await stack.enter_async_context(alone(settings, label))
        yield


def _copies(settings: Settings, aside: Path) -> dict[str, Path]:
    """Copy what changes, and return every file by its name in the backup."""
    home, config = settings.home, settings.config_path
    files = {"config/hubroster.toml": config}
    files |= {f"config/hubs.d/{one.name}": one for one in sorted((config.parent / "hubs.d").glob("*.toml"))}
    limits = settings.warehouse
    if copy_warehouse(
        settings.warehouse_path,
        aside / "warehouse.duckdb",
        lock_wait_s=limits.lock_wait_s,
        memory_limit=limits.memory_limit,
    ):
        files["home/warehouse.duckdb"] = aside / "warehouse.duckdb"
    if (home / "pseudonym.key").exists():
        files["home/pseudonym.key"] = home / "pseudonym.key"
    files |= {f"home/reports/{one.name}": one for one in sorted((home / "reports").glob("[0-9a-f]*.json"))}
    # The last one: what was decided up to now is the one thing that nobody can tell again
    if settings.ledger.url == SQLITE and copy_ledger(home, aside / FILE):
        files[f"home/{FILE}"] = aside / FILE
    return files


def _head(settings: Settings) -> dict[str, Any] | None:
    """Return the ledger's head, which the copy is not older than; None where there is no ledger yet."""
    if settings.ledger.url == SQLITE and not (settings.home / FILE).exists():
        return None
    with ledger_of(settings) as ledger, ledger.reading() as book:
        return head_of(book)


def _references(settings: Settings) -> list[str]:
    """Return the references to secrets; of a command only that there is one."""
    beside = sorted((settings.config_path.parent / "hubs.d").glob("*.toml"))
    texts = [path.read_text(encoding="utf-8") for path in (settings.config_path, *beside)]
    found = {one for text in texts for one in _REFERENCE.findall(text)}
    return sorted({"command" if one.startswith("command:") else one for one in found})


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix=ASIDE, dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def put_back(file: Path, home: Path, config: Path) -> tuple[Saved, list[str]]:
    """Bring a backup back into a home that is empty or not there; return it, and what to know about it.

    All is verified before anything has its name: each file by the manifest, the ledger by its chain and head.
    The configuration is written where there is none; one that is there stays. Raises InputError, LedgerError.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise InputError(
            f"{home} is not empty: move it away, or name another HUBROSTER_HOME; nothing was done"
        )
    home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(home.parent, f"{ASIDE}*")
    with _aside(home.parent) as aside:
        manifest = unpack_archive(file, aside)
        made = aside / "home"
        made.mkdir(mode=0o700, exist_ok=True)
        _require_chain(file, made, manifest)
        mark(made, manifest["made_at"])
        notes = _configure(aside / "config", config)
        made.replace(home)
    return _saved(file, manifest), [*notes, *_to_do(manifest)]


def _require_chain(file: Path, home: Path, manifest: dict[str, Any]) -> None:
    head = manifest.get("head")
    if not (home / FILE).exists():
        return
    with closing(open_ledger(SQLITE, home, lambda: datetime.now(UTC))) as ledger:
        witness = [(head["seq"], head["hash"])] if head and head["seq"] else None
        verdict = verify(ledger, witness)
    if not verdict.ok:
        raise LedgerError(f"the ledger in {file} is not what was written: {verdict.reason}; nothing was done")
    (home / MADE).touch(mode=0o600)


def _configure(saved: Path, config: Path) -> list[str]:
    """Write the files of the configuration that are not there; return a note for each that stays."""
    notes: list[str] = []
    for source in sorted(one for one in saved.rglob("*") if one.is_file()):
        inner = source.relative_to(saved)
        target = config if inner.parts[0] == "hubroster.toml" else config.parent / inner
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            target.chmod(0o600)
        elif target.read_bytes() != source.read_bytes():
            notes.append(f"{target} stays as it is; the backup's is another one.")
    return notes


def _to_do(manifest: dict[str, Any]) -> list[str]:
    notes = [
        "What was approved and not done by then is not done, and the next check asks anew: an Owner may have "
        "said stay since."
    ]
    if manifest["secrets"]:
        notes.append(f"Secrets are in no backup: bring back {', '.join(manifest['secrets'])}.")
    if manifest["ledger"] == PG_DUMP:
        notes.append("The ledger is in Postgres: bring back its pg_dump, then `hubroster ledger verify`.")
    else:
        notes.append(
            f"What was decided after {manifest['made_at']} is not in it: compare the head with that of the "
            "newest mail."
        )
    return notes


def _saved(path: Path, manifest: dict[str, Any]) -> Saved:
    files = manifest["files"]
    return Saved(
        path=str(path),
        made_at=manifest["made_at"],
        ledger=manifest["ledger"],
        head=manifest["head"],
        reports=sum(name.startswith("home/reports/") for name in files),
        bytes=sum(one["bytes"] for one in files.values()),
        secrets=tuple(manifest["secrets"]),
    )


def as_json(saved: Saved) -> dict[str, Any]:
    """Return what `backup --json` prints of it."""
    return asdict(saved)
