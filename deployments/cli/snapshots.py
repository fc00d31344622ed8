"""`hubroster snapshots`: the published files that data teams open."""

from typing import Any

from deployments.cli.opening import opening_line
from deployments.cli.output import print_json, print_table, stdout
from flows.review.words import counted
from flows.settings import load_settings
from tasks.warehouse.snapshot import newest, published_files


def snapshots(*, json: bool = False) -> None:
    """List the published snapshots, the newest first, with the line to open it.

    Parameters
    ----------
    json
        Print one object on one line.
    """
    settings = load_settings()
    files = published_files(settings.snapshot_dir)
    latest = newest(settings.snapshot_dir)
    rows: list[dict[str, Any]] = [
        {"path": str(path), "bytes": path.stat().st_size, "masked": path.stem.endswith("-masked")}
        for path in files
    ]
    if json:
        shown = {"full": str(latest.full), "masked": str(latest.masked)} if latest else None
        print_json({"latest": shown, "snapshots": rows})
        return
    cells = [
        [str(r["path"]), "masked" if r["masked"] else "full", f"{r['bytes'] / 1e6:.1f} MB"] for r in rows
    ]
    print_table(f"{counted(len(rows), 'file')} in {settings.snapshot_dir}", ["file", "what", "size"], cells)
    if latest:
        stdout.print(opening_line(latest.masked), markup=False, soft_wrap=True)
