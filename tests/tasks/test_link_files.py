"""Two files in, who is who out."""

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from matching.people.link import Policy, match_people
from tasks.errors import InputError
from tasks.link_files import LinkSummary, link_files
from tasks.link_input import read_members, read_people

MEMBERS = """member_id,name,email,unknown
m2,José Gonçalves,,x
m1,Ana,ana@northwind.example,x
m3,Zaphod,,x
"""
DIRECTORY = """person_id,display_name,primary_email,aliases,kind
p1,Ana Silva,ana.silva@northwind.example,ana@northwind.example; a.s@northwind.example,employee
p2,José Gonçalves,jose@northwind.example,,employee
"""


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def members(tmp_path: Path) -> Path:
    return write(tmp_path / "members.csv", MEMBERS)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return write(tmp_path / "directory.csv", DIRECTORY)


def to_parquet(source: Path, target: Path, aliases_are_lists: bool = False) -> Path:
    with duckdb.connect() as con:
        rows = con.read_csv(str(source), header=True, all_varchar=True)
        if aliases_are_lists:
            rows = rows.project("* replace (string_split(aliases, ';') as aliases)")
        rows.write_parquet(str(target))
    return target


def test_outcomes_are_one_row_per_member_in_the_order_of_their_ids(members: Path, directory: Path) -> None:
    out = members.with_name("out.csv")

    summary = link_files(members, directory, out)

    assert summary == LinkSummary(members=3, people=2, matched=1, review=1, unmatched=1)
    lines = out.read_text("utf-8").splitlines()
    assert lines[0] == "member_id,outcome,person_id,rule,posterior,score,reason"
    assert lines[1] == "m1,matched,p1,alias,1.000000000,58.000000,alias"
    assert lines[2].startswith("m2,review,p2,,0.99")
    assert lines[3] == "m3,unmatched,,,0.000000000,-100.000000,no_candidate"


def test_candidates_carry_their_evidence_as_json(members: Path, directory: Path) -> None:
    candidates = members.with_name("candidates.csv")

    link_files(members, directory, members.with_name("out.csv"), candidates)

    rows = pd.read_csv(candidates, dtype="str")
    assert rows[["member_id", "rank", "person_id"]].to_numpy().tolist() == [
        ["m1", "1", "p1"],
        ["m2", "1", "p2"],
    ]
    assert json.loads(rows["evidence"][0]) == [
        {
            "field": "email",
            "member_value": "ana@northwind.example",
            "person_value": "ana@northwind.example",
            "comparison": "same as an alias",
            "bits": 58.0,
        }
    ]
    assert [row["field"] for row in json.loads(rows["evidence"][1])] == ["given_name", "family_name"]


@pytest.mark.parametrize("aliases_are_lists", [True, False])
def test_parquet_says_the_same_as_csv(members: Path, directory: Path, aliases_are_lists: bool) -> None:
    from_csv, from_parquet = members.with_name("a.csv"), members.with_name("b.csv")
    link_files(members, directory, from_csv)

    link_files(
        to_parquet(members, members.with_suffix(".parquet")),
        to_parquet(directory, directory.with_suffix(".parquet"), aliases_are_lists),
        from_parquet,
    )

    assert from_csv.read_bytes() == from_parquet.read_bytes()


def test_parquet_is_written_with_numbers(members: Path, directory: Path) -> None:
    out, candidates = members.with_name("out.parquet"), members.with_name("candidates.parquet")

    link_files(members, directory, out, candidates)

    with duckdb.connect() as con:
        rows = con.read_parquet(str(out))
        assert rows.columns == ["member_id", "outcome", "person_id", "rule", "posterior", "score", "reason"]
        assert [str(kind) for kind in rows.types] == ["VARCHAR"] * 4 + ["DOUBLE"] * 2 + ["VARCHAR"]
        assert con.read_parquet(str(candidates)).aggregate("count(*)").fetchall() == [(2,)]


def test_the_order_of_the_rows_changes_no_byte(members: Path, directory: Path) -> None:
    outputs = [members.with_name(name) for name in ("a.csv", "ac.csv", "b.csv", "bc.csv")]
    link_files(members, directory, outputs[0], outputs[1])
    for path in (members, directory):
        head, *rows = path.read_text("utf-8").splitlines()
        write(path, "\n".join([head, *reversed(rows)]) + "\n")

    link_files(members, directory, outputs[2], outputs[3])

    assert outputs[0].read_bytes() == outputs[2].read_bytes()
    assert outputs[1].read_bytes() == outputs[3].read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        MEMBERS.encode("utf-8-sig"),
        MEMBERS.replace("\n", "\r\n").encode(),
        MEMBERS.replace("member_id,name", "Member_ID, Name ").encode(),
        MEMBERS.replace("Zaphod", '"Zaphod\nthe, ""First"""').encode(),
        MEMBERS.replace("\n", "\r\n")
        .replace("Zaphod", '"Zaphod\nB"')
        .encode(),  # Excel: CRLF, LF inside a cell
        MEMBERS.rstrip().encode(),
    ],
)
def test_csv_is_read_as_other_programs_write_it(tmp_path: Path, content: bytes) -> None:
    frame = read_members(write(tmp_path / "members.csv", content))

    assert frame["member_id"].tolist() == ["m2", "m1", "m3"]
    assert frame["name"].tolist()[:2] == ["José Gonçalves", "Ana"]
    assert frame["name"][2].startswith("Zaphod")


def test_ids_and_names_stay_text(tmp_path: Path) -> None:
    frame = read_members(write(tmp_path / "members.csv", "member_id,name\n007,NA\n9007199254740993,null\n"))

    assert frame.to_numpy().tolist() == [["007", "NA"], ["9007199254740993", "null"]]


def test_numbers_in_parquet_become_text(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.sql("select 9007199254740993 as member_id, 'Ana' as name").write_parquet(
            str(tmp_path / "m.parquet")
        )

    assert read_members(tmp_path / "m.parquet").to_numpy().tolist() == [["9007199254740993", "Ana"]]


def test_a_missing_id_among_numbers_is_no_id(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        rows = con.sql("select unnest([1.0, 'nan'::double]) as member_id, 'Ana' as name")
        rows.write_parquet(str(tmp_path / "m.parquet"))

    with pytest.raises(InputError, match="1 rows with an empty member_id"):
        read_members(tmp_path / "m.parquet")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (MEMBERS.encode("latin-1"), "not UTF-8"),
        (b"", "is empty"),
        (b"id,name\n1,Ana\n", "no column member_id"),
        (b"member_id;name\n1;Ana\n", "no column member_id: its columns must be separated by commas"),
        (b"member_id,role\n1,ADMIN\n", "neither a column name nor email"),
        (b"member_id,name\n1,Ana,b,c\n", "comma-separated"),
        (b"member_id,name\n1,Ana\n2,Bo,c\n", "comma-separated"),
        (b'member_id,name\n1,"Ana\n2,Bo\n', "comma-separated"),
        (b"member_id,name,Name\n1,Ana,Bo\n", "column name more than once"),
        (b"member_id,name,name\n1,Ana,Bo\n", "column name more than once"),
        (b"member_id,name\n1,Ana\n,Bo\n", "1 rows with an empty member_id; the first is row 2"),
        (b"member_id,name\n2,a\n1,a\n2,a\n1,a\n", "more than once: 1, 2"),
        ("member_id,name\n" + "".join(f"{n},a\n{n},b\n" for n in range(10, 22)), "10, 11, .* 19 and 2 more"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, content: bytes | str, says: str
) -> None:
    path = write(tmp_path / "members.csv", content)

    with pytest.raises(InputError, match=says) as refusal:
        read_members(path)

    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_no_file_or_no_parquet_or_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a file"):
        read_people(tmp_path / "people.csv")
    with pytest.raises(InputError, match="not a Parquet file"):
        read_people(write(tmp_path / "people.parquet", b"no parquet"))
    with pytest.raises(InputError, match=r"must end in \.csv or \.parquet"):
        read_people(write(tmp_path / "people.xlsx", b""))


def test_a_file_with_a_header_alone_is_nobody(members: Path, tmp_path: Path) -> None:
    nobody = write(tmp_path / "nobody.csv", "person_id,display_name\n")

    summary = link_files(members, nobody, tmp_path / "out.csv")

    assert summary == LinkSummary(members=3, people=0, matched=0, review=0, unmatched=3)


def test_no_output_where_it_cannot_be_written_or_would_destroy(members: Path, directory: Path) -> None:
    with pytest.raises(InputError, match="can't be written"):
        link_files(members, directory, members.parent / "nowhere" / "out.csv")
    with pytest.raises(InputError, match="one of the files to read"):
        link_files(members, directory, members)
    with pytest.raises(InputError, match="can't take both"):
        link_files(members, directory, members.with_name("o.csv"), members.with_name("o.csv"))
    assert sorted(path.name for path in members.parent.iterdir()) == ["directory.csv", "members.csv"]


def test_the_files_say_what_matching_says(members: Path, directory: Path) -> None:
    out = members.with_name("out.parquet")
    link_files(members, directory, out)

    with duckdb.connect() as con:
        written = con.read_parquet(str(out)).df()
    matched = match_people(read_members(members), read_people(directory)).outcomes
    assert written["score"].tolist() == matched["score"].tolist()


def test_with_low_privilege_a_name_matches_only_members_whose_role_is_known_and_low(tmp_path: Path) -> None:
    people = pd.DataFrame(
        {
            "person_id": [f"p{n}" for n in range(4)],
            "display_name": ["Ada Okafor", "Bo Lindqvist", "Eve Katz", "Ivo Hart"],
        }
    )
    members = pd.DataFrame(
        {
            "member_id": [f"m{n}" for n in range(4)],
            "name": people["display_name"],
            "role": ["EMPLOYEE", "ADMIN", "FINANCE_EDITOR", None],
        }
    )
    members.to_csv(tmp_path / "members.csv", index=False)
    people.to_csv(tmp_path / "people.csv", index=False)
    out = tmp_path / "out.csv"

    link_files(tmp_path / "members.csv", tmp_path / "people.csv", out, policy=Policy())

    assert pd.read_csv(out)["outcome"].tolist() == ["matched", "review", "review", "review"]
