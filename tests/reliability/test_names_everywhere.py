"""Names as a joker or an attacker chooses them, on both sides: every output is valid and safe."""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deployments.cli.main import main
from flows.settings import load_settings
from tasks.meta.json_text import loads
from tests.flows.plain_check import Check
from tests.flows.plain_rows import RowsWorkspace, member, rows_workspace

NAMES = [
    "N" * 10_000, "e\u0301" * 5_000, "\u202egnp.exe", "\u2066isolated", "עומר שריף", "عمر الشريف", "李小龍",
    "\U0001f469\u200d\U0001f4bb Coder", "zero\u200bwidth", "soft\u00adhyphen", "\ufeffBOM", "a\U000e0041tag",
    '=HYPERLINK("http://evil.example","click")', "+49 30 1234", "-2+3", "@SUM(A1:A9)", "\uff1dcmd", " =1+1",
    "\x1b[2J\x1b[31mred", "\x1b]0;title\x07", "\x9b31mred", "\x7fdel", "bell\x07", "back\x08space",
    "half \ud800 pair", "\udfff", "[bold]markup[/bold]", "<script>alert(1)</script>", '"quoted", "twice"',
    "';drop table people;--", "%s %(name)s {name}", "\u2028separator", "NaN", "null",
]  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r")


def address(number: int) -> str:
    return f"s{number}@northwind.example"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A checked hub where all people left, so that each name stands in a proposal, but the last three."""
    with pytest.MonkeyPatch.context() as patch:
        made = rows_workspace(tmp_path_factory.mktemp("names"), patch, sources=("people.json",))
        people = [
            {
                "person_id": f"p{n}", "display_name": name, "given_name": name, "title": name,
                "department": "=Ops\x1b[1m\u202e",
                "primary_email": address(n), "status": "active" if n > len(NAMES) - 4 else "deprovisioned",
            }
            for n, name in enumerate(NAMES)
        ]  # fmt: skip
        (made.folder / "people.json").write_text(json.dumps(people))
        now = load_settings().now().timestamp()
        os.utime(made.folder / "people.json", (now, now))
        # as the client reads what Meta sends: JSON text, with half a pair in it
        sent = loads(json.dumps([member(n, name, email=address(n)) for n, name in enumerate(NAMES)]))
        unknown = loads(json.dumps([member(500 + n, name) for n, name in enumerate(NAMES)]))
        made.checked = made.check({"business_users": [*sent, *unknown]})
        yield made


def assert_safe(text: str) -> None:
    """Assert that nothing in an output steers a terminal, turns or hides text, or can't be written."""
    text.encode()
    assert [ascii(c) for c in set(text) if not (c.isprintable() or c == "\n")] == []


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    told = capsys.readouterr()
    assert_safe(told.out)
    assert_safe(told.err)
    return told.out


def test_the_check_takes_every_name(hub: RowsWorkspace) -> None:
    check: Check = hub.checked  # type: ignore[attr-defined]  # set by the fixture

    assert check.directory[0].accepted
    assert check.complete
    assert len(check.proposed("remove")) + len(check.held) == len(NAMES) - 3
    assert check.seat("0")["name"] == NAMES[0]


@pytest.mark.parametrize(
    "command",
    [
        ("report", "acme"), ("report", "acme", "--all"), ("members", "acme"), ("people", "northwind"),
        ("hubs",),         ("explain", "5"), ("explain", "512"), ("snapshots",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_is_printed_is_safe(
    hub: RowsWorkspace, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert output(capsys, *command)


@pytest.mark.parametrize(
    "command",
    [("report", "acme"), ("members", "acme"), ("people", "northwind"), ("explain", "s", "--hub", "acme")],
    ids=" ".join,
)
def test_json_is_safe_and_means_the_names(
    hub: RowsWorkspace, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    out = output(capsys, *command, "--json")

    assert out.count("\n") == 1
    written = json.dumps(json.loads(out), ensure_ascii=False)
    assert json.dumps(NAMES[12], ensure_ascii=False) in written
    assert "\u202egnp.exe" in written


def test_no_cell_of_the_sheet_is_a_formula(hub: RowsWorkspace, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(output(capsys, "members", "acme", "--csv")), strict=True))

    assert len(rows) == 2 * len(NAMES)
    assert not [cell for row in rows for cell in row.values() if cell.lstrip().startswith(FORMULA)]
    by_id = {row["member_id"]: row for row in rows}
    assert by_id["12"]["name"] == f"'{NAMES[12]}"
    assert by_id["6"]["name"] == by_id["6"]["person_name"] == NAMES[6]


def test_the_snapshots_hold_the_names_in_full_and_not_at_all(hub: RowsWorkspace) -> None:
    told = hub.checked.told  # type: ignore[attr-defined]  # set by the fixture
    with duckdb.connect(told["snapshot"], read_only=True) as con:
        names = {row[0] for row in con.execute("select name from roster.members").fetchall()}
    assert {name for name in NAMES if name.isprintable()} <= names
    masked = Path(told["snapshot_masked"]).read_bytes()
    assert NAMES[6].encode() not in masked
    assert b"HYPERLINK" not in masked


def test_a_search_that_finds_nobody_repeats_it_safely(
    hub: RowsWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "\x1b[2J\u202e"]) == 1

    assert_safe(capsys.readouterr().err)
