"""Exports of other systems are read as they were downloaded, and never guessed at."""

import os
import resource
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tasks.directory.file import parse_people, read_people_file
from tasks.directory.read import DirectoryRead
from tasks.errors import DirectoryError
from tests.tasks import directory_exports as made
from tests.tasks.directory_exports import ALL, ZERO, text

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "download.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    return path


def rows_of(
    path: Path, columns: Mapping[str, str] | None = None, statuses: Mapping[str, str] | None = None
) -> dict[str, dict[Any, Any]]:
    """Return the people by what stands before the "@" of their address."""
    people = parse_people(path, columns or {}, statuses).to_dict("records")
    return {str(row["primary_email"]).partition("@")[0]: dict(row) for row in people}


def read(path: Path) -> DirectoryRead:
    return read_people_file(
        path, source="file:d", columns={}, absence="missing", max_age_h=36, now=NOON, last=None
    )


def refusal(path: Path, columns: Mapping[str, str] | None = None) -> str:
    with pytest.raises(DirectoryError) as refused:
        parse_people(path, columns or {})
    return str(refused.value)


def test_google_workspace(tmp_path: Path) -> None:
    """Archived is for who left; the recovery address, which users set themselves, is nobody's alias."""
    people = rows_of(write(tmp_path, text(*ALL["google_workspace"])))

    assert {who: row["status"] for who, row in people.items()} == {
        "ana.ruiz": "active",
        "ben.okafor": "suspended",
        "cleo.marsh": "deprovisioned",
    }
    ana = people["ana.ruiz"]
    assert (ana["display_name"], ana["title"]) == ("Ana Ruiz", "Lead")
    assert list(ana["aliases"]) == ["ana@nw.example"]
    assert ana["person_id"] == "ana.ruiz@northwind.example"
    assert {row["kind"] for row in people.values()} == {"employee"}


def test_google_workspace_by_the_columns_on_screen(tmp_path: Path) -> None:
    """The console's other download has fewer columns, and no brackets everywhere."""
    path = write(
        tmp_path,
        "First Name,Last Name,Email Address,Status,Last Sign In\nAna,Ruiz,a@x.example,Active,never\n",
    )

    assert rows_of(path)["a"]["status"] == "active"


def test_okta(tmp_path: Path) -> None:
    """Okta's id is the person's; who was staged has not begun; a login may be another address."""
    rows = parse_people(write(tmp_path, text(*ALL["okta"])), {}).to_dict("records")
    people = {row["person_id"]: row for row in rows}

    assert {who: row["status"] for who, row in people.items()} == {
        "00uANA": "active",
        "00uBEN": "suspended",
        "00uCLE": "deprovisioned",
        "00uDAN": "active",
        "00uEVA": "suspended",
    }
    assert people["00uANA"]["primary_email"] == "ana@nw.example"
    assert people["00uANA"]["aliases"] == ["ana.ruiz@northwind.example"]


@pytest.mark.parametrize("header", ["login,status,firstName,lastName,email", "User,Login,Status"])
def test_okta_by_other_headers(tmp_path: Path, header: str) -> None:
    row = {"login": "ana@x.example", "status": "Password reset", "user": "Ana Ruiz", "firstname": "Ana"}
    line = ",".join(row.get(name.lower(), "") for name in header.split(","))

    assert rows_of(write(tmp_path, f"{header}\n{line}\n"))["ana"]["status"] == "active"


def test_entra(tmp_path: Path) -> None:
    """A disabled account may be a shared mailbox: suspended. A guest's principal name is no address."""
    people = rows_of(write(tmp_path, text(*ALL["entra"])))

    assert {who: (row["kind"], row["status"]) for who, row in people.items()} == {
        "ana": ("employee", "active"),
        "gina": ("guest", "active"),
        "info": ("employee", "suspended"),
    }
    assert people["ana"]["person_id"] == f"{ZERO}000000000001"
    assert list(people["ana"]["aliases"]) == ["ana.ruiz@northwind.example"]
    assert list(people["gina"]["aliases"]) == []


def test_where_only_leavers_are_disabled_the_operator_says_so(tmp_path: Path) -> None:
    people = rows_of(write(tmp_path, text(*ALL["entra"])), statuses={"False": "deprovisioned"})

    assert people["info"]["status"] == "deprovisioned"


def test_microsoft_365(tmp_path: Path) -> None:
    """SMTP: is the primary address, smtp: an alias, with a "+" of its own; who was deleted left."""
    people = rows_of(write(tmp_path, text(*ALL["microsoft_365"])))

    assert {who: (row["kind"], row["status"]) for who, row in people.items()} == {
        "ana": ("employee", "active"),
        "info": ("employee", "suspended"),
        "cleo.marsh": ("employee", "deprovisioned"),
        "gina": ("guest", "active"),
    }
    assert list(people["ana"]["aliases"]) == ["ana.ruiz@northwind.example", "ana+ads@northwind.example"]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("way", ["mark", "utf-16", ";", "\t", "sep"])
def test_each_is_the_same_in_every_encoding_and_with_every_delimiter(
    tmp_path: Path, name: str, way: str
) -> None:
    plain = read(write(tmp_path, text(*ALL[name])))
    other = text(*ALL[name], delimiter=way if way in ";\t" else ",")
    if way == "sep":
        other = "sep=,\r\n" + other
    found = read(write(tmp_path, other.encode({"mark": "utf-8-sig", "utf-16": "utf-16"}.get(way, "utf-8"))))

    assert (found.accepted, found.format) == (True, name)
    assert found.people.to_dict("records") == plain.people.to_dict("records")


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("google_workspace", "Status [READ ONLY]"),
        ("okta", "status"),
        ("entra", "accountEnabled"),
        ("microsoft_365", "Block credential"),
    ],
)
@pytest.mark.parametrize("word", ["Aktiv", "", "active?", "Ana"])
def test_a_status_that_is_not_known_is_refused(tmp_path: Path, name: str, column: str, word: str) -> None:
    """Who left would else count as active; the word itself stays out of logs."""
    header, rows = ALL[name]
    spoilt = [{**row, column: word} if at == 1 else row for at, row in enumerate(rows)]
    said = refusal(write(tmp_path, text(header, spoilt)))

    assert "status in 1 rows" in said
    assert "person 2" in said
    assert not word or word not in said


@pytest.mark.parametrize("name", ALL)
def test_an_export_without_its_status_is_refused(tmp_path: Path, name: str) -> None:
    header, rows = ALL[name]
    status = {"google_workspace": "Status [READ ONLY]", "entra": "accountEnabled", "okta": "status"}
    gone = status.get(name, "Block credential")
    some = [{key: value for key, value in row.items() if key != gone} for row in rows]
    said = refusal(write(tmp_path, text([one for one in header if one != gone], some)))

    assert "without it who left would count as active" in said


def test_a_localised_header_is_mapped_and_its_words_as_well(tmp_path: Path) -> None:
    rows = "Ana;ana@x.example;Aktiv\nBen;ben@x.example;Gesperrt\n"
    path = write(tmp_path, f"Vorname;E-Mail-Adresse;Status\n{rows}")
    columns = {"primary_email": "E-Mail-Adresse", "given_name": "Vorname"}
    people = rows_of(path, columns, {"Aktiv": "active", "Gesperrt": "suspended"})

    assert [row["status"] for row in people.values()] == ["active", "suspended"]
    with pytest.raises(DirectoryError, match="unknown status in 2 rows"):
        parse_people(path, columns)


def test_a_mapping_says_more_than_the_export(tmp_path: Path) -> None:
    header, rows = ALL["google_workspace"]
    numbered = [{**row, "Employee ID": str(700 + at)} for at, row in enumerate(rows)]
    people = rows_of(write(tmp_path, text(header, numbered)), {"person_id": "Employee ID"})

    assert people["ana.ruiz"]["person_id"] == "700"
    assert people["cleo.marsh"]["status"] == "deprovisioned"


def test_a_mapped_address_does_not_hide_the_status_of_an_export(tmp_path: Path) -> None:
    """Mapped as if it were ours, the status column would not be read: everybody would be active."""
    path = write(tmp_path, text(*ALL["google_workspace"]))
    people = rows_of(path, {"primary_email": "Email Address [Required]"})

    assert people["cleo.marsh"]["status"] == "deprovisioned"


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (
            "Email Address,Org Unit Path,Status,Status [READ ONLY]",
            "the column 'status' of Google Workspace twice",
        ),
        ("userPrincipalName,accountEnabled,ACCOUNTENABLED", "one column twice"),
        (",".join(f"c{n}" for n in range(20_000)), "among its 20000 columns"),
        ("userPrincipalName," + "x" * 130_000, "has no column 'accountenabled'"),
        ("'userPrincipalName','accountEnabled'", "among its 2 columns"),
    ],
    ids=["two statuses", "by case", "20,000 columns", "a long one", "other quotes"],
)
def test_a_header_that_is_damaged_or_made_to_mislead_is_refused(
    tmp_path: Path, header: str, says: str
) -> None:
    line = ",".join("True" for _ in header.split(","))

    assert says in refusal(write(tmp_path, f"{header}\n{line}\n"))


@pytest.mark.parametrize("mark", ["\x1b[2J", "\u2028", "\0"])
def test_what_steers_a_terminal_or_hides_a_row_is_refused(tmp_path: Path, mark: str) -> None:
    rows = [{**row, "mail": f"ana{mark}@nw.example"} for row in made.ENTRA]

    assert not read(write(tmp_path, text(made.ENTRA_HEADER, rows))).accepted


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("userPrincipalName,User principal name,accountEnabled", "Entra ID and Microsoft 365 at once"),
        ("profile.login,status,Email Address,Org Unit Path", "Google Workspace and Okta at once"),
        ("primary_email,display_name,userPrincipalName,accountEnabled", "whose status would not be read"),
        ("First Name,Last Name,Mail Box", "it knows first name, last name, and the nearest export is"),
        ("Naam,Telefoon", "among its 2 columns; if they have other names"),
    ],
)
def test_a_header_that_is_none_or_two_is_refused(tmp_path: Path, header: str, says: str) -> None:
    line = ",".join("x" for _ in header.split(","))

    assert says in refusal(write(tmp_path, f"{header}\n{line}\n"))


def test_a_person_in_the_place_of_the_header_is_not_repeated(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, "Ana Ruiz,ana@x.example,title\nBen Okafor,ben@x.example,lead\n"))

    assert "Ana" not in said
    assert "ana@" not in said


@pytest.mark.parametrize("name", ALL)
def test_two_exports_after_each_other_are_refused(tmp_path: Path, name: str) -> None:
    other = "okta" if name != "okta" else "entra"

    assert not read(write(tmp_path, text(*ALL[name]) + text(*ALL[other]))).accepted
    assert not read(write(tmp_path, text(*ALL[name]) * 2)).accepted


def test_an_export_of_suspended_people_only_is_no_directory(tmp_path: Path) -> None:
    header, rows = ALL["google_workspace"]
    suspended = [row for row in rows if row["Status [READ ONLY]"] == "Suspended"]
    found = read(write(tmp_path, text(header, suspended)))

    assert found.reason == "has nobody who is active: it looks filtered; export all users"


@pytest.mark.parametrize(
    ("name", "column"), [("entra", "id"), ("okta", "id"), ("microsoft_365", "Object Id")]
)
def test_who_lost_the_id_is_not_known_by_an_address_instead(tmp_path: Path, name: str, column: str) -> None:
    header, rows = ALL[name]

    assert "without the id" in refusal(write(tmp_path, text(header, [*rows[:-1], {**rows[-1], column: ""}])))


def test_an_unknown_type_of_user_is_refused(tmp_path: Path) -> None:
    rows = [{**row, "userType": "Robot"} for row in made.ENTRA]

    assert "neither Member nor Guest" in refusal(write(tmp_path, text(made.ENTRA_HEADER, rows)))


def test_two_hundred_thousand_people_are_read_in_seconds(tmp_path: Path) -> None:
    """By the processor's time, which neighbours don't take; and in memory that a small machine has."""
    lines = [
        f"False,,,,,Ana Ruiz {at},,Ana,,Ruiz,,,E3,,,{ZERO}{at:012d},,,,,,,"
        f"SMTP:ana{at}@nw.example+smtp:a{at}@nw.example,,,,,,,,ana.{at}@northwind.example,"
        for at in range(200_000)
    ]
    path = write(tmp_path, "\r\n".join([",".join(made.M365_HEADER), *lines]) + "\r\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    found = read(path)

    assert (found.accepted, found.format, len(found.people)) == (True, "microsoft_365", 200_000)
    assert time.process_time() - began < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_500_000
