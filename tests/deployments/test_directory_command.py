"""What `hubroster directory` prints, and with which exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from deployments.cli.main import main
from tests.flows.directory_owner import log_in
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace
from tests.tasks.directory_exports import ALL, text

STAFF = [person(n, f"Colleague Number{n}") for n in range(1, 13)]
WORLD = {"business_users": [member(7, STAFF[0]["display_name"], email=STAFF[0]["primary_email"])]}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch, sources=("people.csv", "guests.csv"))
    made.people(*STAFF)
    (made.folder / "guests.csv").write_text(text(*ALL["entra"]))
    made.check(WORLD)
    return made


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["directory", *words])
    out, err = capsys.readouterr()
    return code, " ".join(out.split()), " ".join(err.split())


def test_the_whole_way_from_a_refused_file_to_an_accepted_one(
    hub: RowsWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """As an admin goes it: status says what is wrong and which command to give, and accept does it."""
    code, out, _ = run(capsys, "status")
    assert code == 0
    assert "file:people.csv:" in out
    assert "(our own columns)" in out
    assert "12 active" in out
    assert "(Microsoft Entra ID)" in out

    hub.people(*STAFF[:9])
    hub.check(WORLD)
    log_in("p1")
    code, out, _ = run(capsys, "status")
    assert code == 1
    assert "refused 1 times since" in out
    assert "has 9 people, 3 fewer than the last accepted read (12); 2 are allowed" in out
    assert "what to do: look whether the export was filtered or cut" in out
    command = out[out.index("hubroster directory accept") :].split(" --reason WHY")[0].split()

    code, _, err = run(capsys, *command[2:], "--reason", "")
    assert (code, "say why" in err) == (1, True)
    code, out, _ = run(capsys, *command[2:], "--reason", "three left")
    assert code == 0
    assert "The next check goes by it" in out
    assert run(capsys, "status")[0] == 0
    hub.check(WORLD)
    code, out, _ = run(capsys, "explain", STAFF[11]["primary_email"])
    assert code == 0
    assert "missing" in out
    assert "active" in out


def test_status_as_json(hub: RowsWorkspace, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    (hub.folder / "guests.csv").write_text("Ana Ruiz,ana@northwind.example\n")

    assert main(["directory", "status", "--json"]) == 1
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    people, guests = told["sources"]
    assert (people["format"], people["people"], people["file"]["accepted"]) == (
        "columns",
        {"active": 12},
        True,
    )
    assert (guests["format"], guests["file"]["may_accept"]) == (None, False)
    assert "Ana" not in json.dumps(told)


def test_what_can_not_be_done_is_one_line(hub: RowsWorkspace, capsys: pytest.CaptureFixture[str]) -> None:
    for words, says in (
        (["accept", "--reason", "because"], "accepted as it is"),
        (["rekey", "hr", "--dry-run"], "there is no directory source 'hr'"),
        (["rekey", "file:people.csv"], "nobody of file:people.csv has another id"),
        (["explain", "Nobody"], "nobody of the directory has that id"),
    ):
        code, _, err = run(capsys, *words)

        assert code == 1
        assert says in err


def test_a_workspace_that_was_never_checked_has_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows_workspace(tmp_path, monkeypatch).people(*STAFF)

    code, out, _ = run(capsys, "status")
    assert code == 0
    assert "no read was accepted yet the file now: 12 people, would be accepted" in out
