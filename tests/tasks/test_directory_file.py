"""What a directory file may look like, and which reads are believed."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tasks.directory.file import parse_people, read_people_file
from tasks.directory.read import PEOPLE_COLUMNS, DirectoryRead
from tasks.directory.verdict import LastAccepted, verdict
from tasks.errors import DirectoryError

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def csv(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(path: Path, last: LastAccepted | None = None, now: datetime = NOON) -> DirectoryRead:
    if path.exists():
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    return read_people_file(
        path, source="file:people.csv", columns={}, absence="missing", max_age_h=36, now=now, last=last
    )


def test_a_plain_csv_becomes_one_row_per_person_with_the_defaults(tmp_path: Path) -> None:
    people = parse_people(
        csv(tmp_path, 'display_name,primary_email,aliases\n"Doe, ""J""",Jo@X.example,a@x;;b@x \n'), {}
    )

    (row,) = people.to_dict("records")
    assert tuple(people.columns) == PEOPLE_COLUMNS
    assert row["person_id"] == "jo@x.example"
    assert row["primary_email"] == "Jo@X.example"
    assert row["display_name"] == 'Doe, "J"'
    assert list(row["aliases"]) == ["a@x", "b@x"]
    assert (row["kind"], row["status"]) == ("employee", "active")


def test_ids_stay_text(tmp_path: Path) -> None:
    people = parse_people(csv(tmp_path, "person_id,display_name\n007,Bond\n90071992547409931,Q\n"), {})

    assert people["person_id"].tolist() == ["007", "90071992547409931"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_and_a_byte_order_mark_are_told_from_the_header(tmp_path: Path, delimiter: str) -> None:
    text = "\ufeffperson_id,display_name\r\n1,Ana\r\n".replace(",", delimiter)

    assert parse_people(csv(tmp_path, text), {})["display_name"].tolist() == ["Ana"]


def test_columns_of_other_names_are_mapped(tmp_path: Path) -> None:
    path = csv(tmp_path, "Employee Number,Work Mail\n9,ana@x.example\n")

    people = parse_people(path, {"person_id": "Employee Number", "primary_email": "work mail"})

    assert people[["person_id", "primary_email"]].values.tolist() == [["9", "ana@x.example"]]


@pytest.mark.parametrize("kind", ["parquet", "json"])
def test_parquet_and_json_are_read_like_csv(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"people.{kind}"
    with duckdb.connect() as con:
        con.execute("create table p as select '1' person_id, 'Ana' display_name, ['a@x', 'b@x'] aliases")
        con.execute(f"copy p to '{path}' (format {kind})")

    people = parse_people(path, {})

    assert people["display_name"].tolist() == ["Ana"]
    assert list(people["aliases"][0]) == ["a@x", "b@x"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"person_id,display_name\n1,Jos\xe9\n", "not UTF-8"),
        (b'person_id,display_name\n1,"Jos', "not a readable csv"),
        (b"person_id,display_name\n1\n", "1 field in line 2"),
        (b"person_id,display_name\n1,a,b\n", "3 fields in line 2"),
        (b"person_id,display_name,display_name\n1,a,b\n", "twice"),
        (b"person_id,Person_ID,display_name\n1,2,a\n", "twice"),
        (b"person_id,display_name," + b"x" * 200_000 + b"\n1,Ana,\n", "from line 1 on: a field is longer"),
        (b"person_id\n1\n", "neither primary_email nor display_name"),
        (b"primary_email\na@x\nA@X\n", "share their person_id"),
        (b"person_id,display_name\n,Ana\n", "without person_id"),
        (b"person_id,display_name,status\n1,Ana,gone\n", "unknown status in 1 rows"),
        (b"person_id,display_name,kind\n1,Ana,robot\n", "unknown kind in 1 rows"),
        (b"\x00\x01\xff", "not UTF-8"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = csv(tmp_path, content)

    with pytest.raises(DirectoryError, match=says):
        parse_people(path, {})
    refused = read(path)
    assert not refused.accepted
    assert says in (refused.reason or "")
    assert len(refused.people) == 0


def test_a_comma_at_the_end_of_every_line_is_no_column(tmp_path: Path) -> None:
    assert read(csv(tmp_path, "person_id,display_name,,\n1,Ana,,\n")).accepted


def test_what_json_holds_stays_as_it_is_written(tmp_path: Path) -> None:
    ids = ["3F2504E0-4F89-11D3-9A0C-0305E82C3301", "2020-01-01T00:00:00Z", "007"]
    for person_id in ids:
        path = tmp_path / "people.json"
        path.write_text(json.dumps([{"person_id": person_id, "display_name": "Ana"}]))
        assert parse_people(path, {})["person_id"].tolist() == [person_id]
    path.write_text('[{"person_id": 12345678901234567890123, "display_name": "Ana"}, {"person_id": "x"}]')
    assert parse_people(path, {})["person_id"].tolist() == ["12345678901234567890123", "x"]


def test_a_field_that_only_the_last_of_many_rows_has_counts(tmp_path: Path) -> None:
    rows: list[dict[str, str]] = [{"person_id": str(n), "display_name": "A"} for n in range(25_000)]
    path = tmp_path / "people.json"
    path.write_text(json.dumps([*rows, {"person_id": "z", "display_name": "Z", "status": "deprovisioned"}]))

    people = parse_people(path, {})

    assert people[people["person_id"] == "z"]["status"].tolist() == ["deprovisioned"]


@pytest.mark.parametrize("header", ["person_id,display_name,state", "person_id,display_name,status"])
def test_a_column_that_was_renamed_or_emptied_is_never_read_as_its_default(
    tmp_path: Path, header: str
) -> None:
    values = frozenset({"person_id", "display_name", "status"})
    last = LastAccepted(1, NOON - DAY, columns=values)
    word = "active" if header.endswith("state") else ""
    refused = read(csv(tmp_path, f"{header}\n1,Ana,{word}\n"), last=last)

    assert refused.reason == "has no values any more for status, which the last accepted read had"


def test_no_reason_repeats_a_value_of_the_file(tmp_path: Path) -> None:
    """A reordered export puts names where the status was; reasons are logged and stored."""
    refused = read(csv(tmp_path, "person_id,status,display_name\n1,Ana Silva,active\n"))

    assert "Ana" not in (refused.reason or "")


def test_a_missing_file_is_a_refused_read_not_an_empty_directory(tmp_path: Path) -> None:
    refused = read(tmp_path / "people.csv")

    assert (refused.accepted, refused.reason) == (False, "can't be read: No such file or directory")


def test_a_header_without_people_is_refused(tmp_path: Path) -> None:
    assert read(csv(tmp_path, "person_id,display_name\n")).reason == "has no people"


def test_a_stale_file_is_refused_and_keeps_its_people_out_of_use(tmp_path: Path) -> None:
    refused = read(csv(tmp_path, "person_id,display_name\n1,Ana\n"), now=NOON + 2 * DAY)

    assert (refused.accepted, refused.reason) == (False, "is 48 h old, more than the 36 h allowed")


@pytest.mark.parametrize(
    ("before", "now", "accepted"),
    [(10, 8, True), (10, 7, False), (1000, 950, True), (1000, 949, False), (3, 1, True), (40, 400, True)],
)
def test_at_most_two_or_five_percent_fewer_people_than_last_time(
    before: int, now: int, accepted: bool
) -> None:
    reason = verdict(now, NOON, now=NOON, max_age=DAY, last=LastAccepted(before, NOON - DAY))

    assert (reason is None) is accepted


def test_a_file_from_the_future_is_refused() -> None:
    assert "in the future" in (verdict(5, NOON + 3 * DAY, now=NOON, max_age=DAY, last=None) or "")
