"""`hubroster backup`: a copy of what can't be made again, and the way back."""

import os
from pathlib import Path

from deployments.cli.output import print_json, stderr, stdout
from flows.backup import PG_DUMP, as_json, back_up, put_back
from flows.settings import load_settings


def backup(file: Path, *, restore: bool = False, json: bool = False) -> None:
    """Write a backup into a new file: ledger, warehouse, reports and configuration. No secrets.

    May run at any time; checks wait meanwhile. Members are brought back by `hubroster restore`.

    Parameters
    ----------
    file
        A .tar.gz to write (0600), or to restore from.
    restore
        Bring it back into an empty home, after everything in it was verified.
    json
        Print one object on one line.
    """
    if restore:
        config = Path(os.environ.get("HUBROSTER_CONFIG") or "hubroster.toml").expanduser().resolve()
        home = Path(os.environ.get("HUBROSTER_HOME") or ".hubroster").expanduser()
        home = (config.parent / home).resolve()
        saved, notes = put_back(file.expanduser(), home, config)
        told = f"Restored into {home}: the backup of {saved.made_at}, {saved.reports} reports"
    else:
        saved, notes = back_up(load_settings(), file.expanduser()), []
        told = f"Written: {saved.path}, {saved.reports} reports, {saved.bytes / 1e6:.1f} MB before packing"
        if saved.ledger == PG_DUMP:
            notes = ["The ledger is in Postgres and not in this file: pg_dump its database as well."]
    if json:
        print_json(as_json(saved))
    else:
        stdout.print(told, markup=False, soft_wrap=True)
        if saved.head:
            stdout.print(f"head: {saved.head['seq']} {saved.head['hash']}", markup=False, soft_wrap=True)
    for note in notes:
        stderr.print(note, markup=False, soft_wrap=True)
