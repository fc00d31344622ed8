"""`hubroster backtest`: how good matching by name is, on one's own data."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployments.cli.output import print_json, print_table, records, stderr, stdout

if TYPE_CHECKING:
    import pandas as pd

    from matching.people.backtest import Replayed

SHOWN = 10  # errors in the terminal; the file has all of them


def backtest(
    hub: str | None = None,
    *,
    members: Path | None = None,
    directory: Path | None = None,
    decisions: Path | None = None,
    out: Path | None = None,
    json: bool = False,
) -> None:
    """Measure how good matching by name is, on the members of a hub or of two files.

    Nobody has to label anything: whose address says who he is is matched again by name, with the address
    hidden; and so that there are strangers, one in four of those people is taken out of the directory.

    Parameters
    ----------
    hub
        A hub that was checked before; or else `--members` and `--directory`.
    members
        As in `hubroster link`.
    directory
        As in `hubroster link`.
    decisions
        What people decided, to be replayed too: CSV or Parquet with kind (link or reject), member_id and
        person_id.
    out
        Gets precision_recall.svg, calibration.svg and errors.csv.
    json
        Print one object on one line.
    """
    from matching.people.backtest import replay  # here: `--help` must not wait for pandas
    from tasks.link_input import read_decisions

    seats, people, own_domains = _data(hub, members, directory)
    said = read_decisions(decisions) if decisions else None
    stderr.print(f"Matching {len(seats):,} members with {len(people):,} people, twice …", markup=False)
    replayed = replay(seats, people, decisions=said, own_domains=own_domains)
    written = _write(replayed, out) if out else []
    if json:
        print_json(_as_json(replayed) | {"written": [str(path) for path in written]})
        return
    _print(replayed)
    for path in written:
        stdout.print(f"written: {path}", markup=False, soft_wrap=True)


def _data(
    hub: str | None, members: Path | None, directory: Path | None
) -> tuple["pd.DataFrame", "pd.DataFrame", list[str]]:
    from tasks.errors import UsageError
    from tasks.link_input import read_members, read_people

    if hub is None and members is not None and directory is not None:
        return read_members(members), read_people(directory), []
    if hub is None or members is not None or directory is not None:
        raise UsageError("name a hub, or both --members and --directory")
    from flows.opening.warehouse import reading_warehouse
    from flows.settings import load_settings
    from tasks.warehouse import queries

    settings = load_settings()
    label = settings.hub(hub).label
    with reading_warehouse(settings) as con:
        seats, people = queries.members(con, label), queries.people(con)
    users = seats[seats["kind"] == "user"]
    return users, people.drop_duplicates("person_id"), list(settings.policy.own_domains)


def _as_json(replayed: "Replayed") -> dict[str, Any]:
    return {
        "known": replayed.known,
        "strangers": replayed.strangers,
        "by_threshold": records(replayed.by_threshold()),
        "calibration": records(replayed.calibration()),
        "errors": records(replayed.errors()),
    }


def _print(replayed: "Replayed") -> None:
    made = (
        "1 was made a stranger" if replayed.strangers == 1 else f"{replayed.strangers:,} were made strangers"
    )
    known = "1 member is" if replayed.known == 1 else f"{replayed.known:,} members are"
    stdout.print(f"{known} known and in the directory; {made}.")
    if not replayed.known:
        stdout.print("Nobody is known by address or by decision, so nothing can be measured.")
        return
    rows = [
        [f"{row['posterior']:g}", f"{row['links']:,}", _share(row["precision"]), _share(row["recall"])]
        for row in records(replayed.by_threshold())
    ]
    print_table("Linked by name alone", ["if at least", "links", "precision", "recall"], rows)
    bands = [
        [
            f"{row['low']:g} to {row['high']:g}",
            f"{row['members']:,}",
            _share(row["stated"]),
            _share(row["seen"]),
        ]
        for row in records(replayed.calibration())
    ]
    print_table("How sure it says it is, and how often it is right", ["", "members", "stated", "seen"], bands)
    errors = records(replayed.errors())
    if errors:
        cells = [[row["member_id"], row["person_id"], row["truth"] or "a stranger", f"{row['posterior']:.3f}"]
                 for row in errors[:SHOWN]]  # fmt: skip
        print_table(
            f"Wrong though over 90 % sure: {len(errors)}", ["member", "taken for", "is", "posterior"], cells
        )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _write(replayed: "Replayed", folder: Path) -> list[Path]:
    from deployments.cli.curves import calibration, precision_recall

    folder.mkdir(parents=True, exist_ok=True)
    curve, bands = replayed.curve(), replayed.calibration()
    points = list(zip(curve["recall"], curve["precision"], strict=True))
    dots = list(zip(bands["stated"], bands["seen"], bands["members"], strict=True))
    texts = {
        "precision_recall.svg": precision_recall(points),
        "calibration.svg": calibration(dots),
        "errors.csv": replayed.errors(least=0.0).to_csv(index=False),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]
