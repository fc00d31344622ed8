"""`hubroster ledger`: look at the book of decisions and changes, take it out, and prove that it is whole."""

import json as json_module
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cyclopts import App

from deployments.cli.ledger_words import name_of, seats_in, what
from deployments.cli.output import print_json, print_told, printable, safe_json, stderr, stdout
from flows.opening.ledger import ledger_at, ledger_of
from flows.review.words import counted
from flows.server.lasting import running_server
from flows.settings import Settings, load_settings
from tasks.errors import InputError
from tasks.home_files import named
from tasks.ledger.book import Ledger
from tasks.ledger.export import export, head_of
from tasks.ledger.move import move_ledger
from tasks.ledger.verify import Verdict
from tasks.ledger.verify import verify as verify_chain

LINE = re.compile(r"(\d{1,18})\s+([0-9a-fA-F]{64})")
NO_WITNESS = (
    "Without a witness nobody can tell whether its end was cut off, or all of it written anew: put the heads "
    "of your mails and snapshots into a file, `seq hash` a line, and give it as --witness."
)
BROKEN = "Keep a copy of it as it is, bring back a backup from before, and verify that with the same witness."

ledger = App(name="ledger", help="Look at the book of decisions and changes, and verify it.")


@ledger.command
def verify(*, witness: Path | None = None, json: bool = False) -> int:
    """Prove that no entry was changed, and with a witness, that none was cut off or written anew.

    Parameters
    ----------
    witness
        A file of heads that somebody else kept, from mails or snapshots: `seq hash`, one on a line.
    json
        Print one object on one line.
    """
    held = list(_heads(witness)) if witness else None
    with ledger_of(load_settings()) as opened:
        verdict, name = verify_chain(opened, held), opened.name
        head = _head(opened) if verdict.ok else None
    if json:
        print_json({**_verdict(verdict), "head": head})
    elif head:
        stdout.print(f"{name} is whole: {counted(verdict.entries, 'entry')}", markup=False, soft_wrap=True)
        stdout.print(f"head: {head['seq']} {head['hash']}", markup=False, soft_wrap=True)
        told = f"A witness vouches for it up to entry {verdict.witnessed_up_to}." if held else NO_WITNESS
        stderr.print(told, markup=False, soft_wrap=True)
    else:
        told = f"{name} is not what was written: {printable(verdict.reason)}"
        stdout.print(told, markup=False, soft_wrap=True)
        stderr.print(BROKEN, soft_wrap=True)
    return 0 if verdict.ok else 1


@ledger.command
def show(*, hub: str | None = None, member: str | None = None, last: int = 20, json: bool = False) -> None:
    """Print the last entries, the newest at the end: what was decided or done, and by whom.

    Parameters
    ----------
    hub
        Only this hub's.
    member
        Only what names this member, by the id at Meta.
    last
        How many.
    json
        Print one object on one line.
    """
    rows, head = _read(load_settings(), hub, member)
    seats = seats_in(rows, member)
    rows = rows[-last:] if last > 0 else []
    if json:
        print_json({"head": head, "entries": rows})
        return
    told = [(_title(row), what(row, seats)) for row in rows]
    print_told(f"{len(rows)} of {counted(head['seq'], 'entry')}", told)
    stdout.print(f"head: {head['seq']} {head['hash']}", markup=False, soft_wrap=True)


@ledger.command(name="export")
def export_entries(
    *, hub: str | None = None, member: str | None = None, out: Path | None = None, json: bool = False
) -> None:
    """Write the entries as JSON lines, with the names that are known today; the last line is the head.

    Parameters
    ----------
    hub
        Only this hub's.
    member
        Only what names this member, by the id at Meta.
    out
        The file to write (0600), instead of the standard output.
    json
        With --out: print one object on one line.
    """
    rows, head = _read(load_settings(), hub, member)
    if member and not rows:
        stderr.print(f"the ledger holds nothing about member {printable(member)}", markup=False)
    lines = [*rows, {"head": head}]
    if out is None:
        for line in lines:
            print_json(line)
        return
    _write(out, "".join(safe_json(json_module.dumps(line, ensure_ascii=False)) + "\n" for line in lines))
    if json:
        print_json({"path": str(out.resolve()), "entries": len(rows), "head": head})
    else:
        stdout.print(f"{counted(len(rows), 'entry')} and the head, in {out}", markup=False, soft_wrap=True)


@ledger.command
def move(to: str, *, json: bool = False) -> None:
    """Copy the ledger into an empty Postgres database, all or nothing; then `[ledger] url` has to name that.

    Parameters
    ----------
    to
        A postgresql:// URL by reference: env:NAME, file:PATH or command:...
    json
        Print one object on one line.
    """
    settings = load_settings()
    if running_server(settings):
        raise InputError("stop `hubroster up` first: what it would write meanwhile would be left behind")
    with ledger_of(settings) as source, ledger_at(settings, to) as target:
        verdict, name = move_ledger(source, target), target.name
    if json:
        print_json(_verdict(verdict))
        return
    stdout.print(f"{name} is whole: {counted(verdict.entries, 'entry')}", markup=False, soft_wrap=True)
    told = f'Set [ledger] url = "{to}" in {settings.config_path}, and move ledger.db away: it is the past.'
    stderr.print(told, markup=False, soft_wrap=True)


def _read(
    settings: Settings, hub: str | None, member: str | None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    with ledger_of(settings) as opened, opened.reading() as book:
        rows, head = export(book, hub=hub, member=member), head_of(book)
        if hub and not rows and not book.entries(hub):
            settings.hub(hub)  # one that was disconnected still has its entries; any other is a slip
    return rows, head


def _heads(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the heads in a witness file. A line that is none raises InputError: it could vouch for none."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the witness {file} can't be read ({type(error).__name__})") from error
    found = 0
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        head = LINE.fullmatch(line.strip())
        if not head:
            raise InputError(f"line {number} of the witness {file} is not `seq hash`: mend or remove it")
        found += 1
        yield int(head[1]), head[2]
    if not found:
        raise InputError(
            f"the witness {file} holds no head: put in lines of `seq hash`, from mails or snapshots"
        )


def _write(out: Path, text: str) -> None:
    if out.exists():
        raise InputError(f"{out} is there already: name another file, or remove it")
    if not out.absolute().parent.is_dir():
        raise InputError(f"there is no folder {out.absolute().parent}: make it, or name another file")
    with named(out), os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _head(opened: Ledger) -> dict[str, Any]:
    with opened.reading() as book:
        return head_of(book)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "ok": verdict.ok,
        "entries": verdict.entries,
        "first_broken": verdict.first_broken,
        "reason": verdict.reason,
        "witnessed_up_to": verdict.witnessed_up_to,
    }


def _title(row: dict[str, Any]) -> str:
    """Return the number of an entry, when it was written, of which hub, by whom, and its kind."""
    when = f"{row['at'][:16].replace('T', ' ')} UTC"
    return " · ".join(part for part in (f"{row['seq']}  {when}", row["hub"], _who(row), row["kind"]) if part)


def _who(row: dict[str, Any]) -> str:
    return f"{name_of(row, row['actor'])} ({row['identified_by']})"
