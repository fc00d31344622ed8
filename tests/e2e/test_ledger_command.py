"""`hubroster ledger`: what was decided can be seen, taken out, and proved whole, by the installed command."""

import json
import sqlite3
import stat
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.ledger.book import Ledger, open_ledger
from tasks.ledger.entry import Entry, hash_of, payload_text
from tests.e2e.processes import Ran, hubroster

CONFIG = """\
[workspace]
name = "Northwind"
[[directory]]
path = "people.csv"
[[hubs]]
label = "agency"
business_id = "1"
app_id = "2"
token = "env:AGENCY_TOKEN"
"""


@dataclass
class Office:
    """A folder with a ledger of four entries."""

    folder: Path
    entries: list[Entry]

    def run(self, *words: str) -> Ran:
        return hubroster("ledger", *words, cwd=self.folder)

    def spoil(self, statement: str) -> None:
        with closing(sqlite3.connect(self.folder / ".hubroster" / "ledger.db")) as con, con:
            con.execute("drop trigger entries_stay")
            con.execute("drop trigger entries_last")
            con.execute(statement)

    def witness(self, *lines: str) -> str:
        (self.folder / "heads.txt").write_text("\n".join(lines))
        return "heads.txt"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    (tmp_path / "hubroster.toml").write_text(CONFIG)
    with closing(open_ledger("sqlite", tmp_path / ".hubroster", lambda: datetime.now(UTC))) as ledger:
        return Office(tmp_path, written(ledger))


def written(ledger: Ledger) -> list[Entry]:
    """Write what Ana decided about three seats, and what Bob did, who was erased since."""
    with ledger.writing() as book:
        ana = book.ref("person", "ana@example.com", name="Ana [bold]Silva\x1b[2J")
        bob = book.ref("person", "bob@example.com", name="Bob")
        why = book.text("left in March\nsays bob@example.com")
        decided = [
            book.append(
                "decided",
                hub=hub,
                actor=ana,
                identified_by="page",
                payload={"member": member, "comment": why},
            )
            for hub, member in (("agency", "17"), ("agency", "18"), ("other", "17"))
        ]
        done = book.append("done", hub="agency", actor=bob, identified_by="cli", payload={"n": [1]})
        book.erase(bob)
    return [*decided, done]


def test_a_whole_ledger_exits_0_and_says_what_a_witness_is(office: Office) -> None:
    ran = office.run("verify")

    assert ran.code == 0
    assert "is whole: 4 entries" in ran.out
    assert f"head: 4 {office.entries[-1].hash}" in ran.out
    assert "--witness" in ran.err


def test_heads_of_mails_vouch_for_it(office: Office) -> None:
    heads = [f"{entry.seq} {entry.hash}" for entry in office.entries]
    ran = office.run("verify", "--json", "--witness", office.witness("# from mails", "", heads[0], heads[2]))

    assert ran.code == 0
    assert ran.last == {
        "ok": True,
        "entries": 4,
        "first_broken": None,
        "reason": "",
        "witnessed_up_to": 3,
        "head": {
            "seq": 4,
            "hash": office.entries[-1].hash,
            "at": office.entries[-1].at.isoformat(timespec="microseconds"),
        },
    }


def test_a_change_exits_1_and_names_the_entry(office: Office) -> None:
    office.spoil("update entries set kind = 'kept' where seq = 2")
    ran, as_json = office.run("verify"), office.run("verify", "--json")

    assert (ran.code, as_json.code) == (1, 1)
    assert "is not what was written: entry 2 was changed" in ran.out
    assert (as_json.last["ok"], as_json.last["first_broken"]) == (False, 2)


def test_a_cut_end_exits_1_with_a_witness(office: Office) -> None:
    witness = office.witness(f"4 {office.entries[-1].hash}")
    office.spoil("delete from entries where seq > 2")

    assert office.run("verify").code == 0
    ran = office.run("verify", "--witness", witness)
    assert ran.code == 1
    assert "its end was cut off" in ran.out


NO_HEADS = ["4 abc", "hello", "-1 " + "a" * 64, "# nothing", "4" * 30 + " " + "a" * 64]


@pytest.mark.parametrize("line", NO_HEADS)
def test_a_witness_that_vouches_for_nothing_is_refused(office: Office, line: str) -> None:
    ran = office.run("verify", "--witness", office.witness(line))

    assert ran.code == 1
    assert "the witness heads.txt" in ran.err
    assert "Traceback" not in ran.err


def test_a_witness_that_is_not_there_is_one_line(office: Office) -> None:
    ran = office.run("verify", "--witness", "nowhere.txt")

    assert (ran.code, ran.err.count("\n")) == (1, 1)


def test_show_tells_who_decided_what_with_names_and_steers_no_terminal(office: Office) -> None:
    ran = office.run("show", "--last", "3", "--hub", "agency")

    assert ran.code == 0
    assert "Ana [bold]Silva" in ran.out
    assert "left in March" in ran.out
    assert "(erased)" in ran.out
    assert "\x1b" not in ran.out
    last = office.run("show", "--last", "1", "--json").last
    assert [entry["seq"] for entry in last["entries"]] == [4]
    assert last["head"]["seq"] == 4


def test_an_unknown_hub_is_told(office: Office) -> None:
    assert "there is no hub 'agenzy'" in office.run("show", "--hub", "agenzy").err
    assert office.run("show", "--hub", "other").code == 0  # disconnected, but it has entries


def test_an_export_is_json_lines_that_anybody_can_verify(office: Office) -> None:
    lines = [json.loads(line) for line in office.run("export").out.splitlines()]

    assert len(lines) == 5
    assert lines[-1]["head"]["hash"] == lines[-2]["hash"]
    for row in lines[:-1]:
        assert hash_of({**row, "payload": payload_text(row["payload"])}) == row["hash"]
    assert lines[0]["names"][lines[0]["actor"]]["id"] == "ana@example.com"
    assert lines[3]["names"] == {lines[3]["actor"]: {}}


def test_an_export_of_one_member_goes_to_a_private_file(office: Office) -> None:
    ran = office.run("export", "--member", "17", "--hub", "agency", "--out", "ana.jsonl", "--json")

    assert (ran.code, ran.last["entries"]) == (0, 1)
    written = office.folder / "ana.jsonl"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert len(written.read_text().splitlines()) == 2
    again = office.run("export", "--out", "ana.jsonl")
    assert (again.code, "is there already" in again.err) == (1, True)
    assert "nothing about member 99" in office.run("export", "--member", "99").err


def test_a_damaged_ledger_is_one_line(office: Office) -> None:
    (office.folder / ".hubroster" / "ledger.db").write_bytes(b"")
    ran = office.run("verify")

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "is empty: bring back a backup of it" in ran.err
