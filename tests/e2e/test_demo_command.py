"""`hubroster demo` in an empty folder, as a stranger's first command: what it says and what it leaves."""

import gzip
import hashlib
import hmac
import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from tests.e2e.conftest import WORLD_FLAGS, Demo
from tests.e2e.processes import Ran, World, hubroster, sandbox, surroundings

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_it_ends_well_and_its_last_line_is_one_object(demo: Demo) -> None:
    assert demo.ran.code == 0, demo.ran.err
    result = demo.ran.last

    assert set(result) == {"check", "approved", "removed_at_meta", "ledger_ok"}
    assert len(result["approved"]) == 2
    assert result["removed_at_meta"] == result["approved"]
    assert result["ledger_ok"] is True
    assert demo.ran.out.count("\n") == 1
    assert "Traceback" not in demo.ran.err


def test_its_check_tells_the_stories_though_alone_it_would_exit_1(demo: Demo) -> None:
    check = demo.ran.last["check"]

    assert check["complete"]
    assert check["proposals"]["remove"] == 2
    assert check["held_back"] == 1
    for path in (check["snapshot"], check["snapshot_masked"]):
        assert Path(path).is_file()
        assert Path(path).is_relative_to(demo.folder)


@pytest.fixture(scope="module")
def again(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A second demo where there was one already, as a person runs it."""
    cwd = tmp_path_factory.mktemp("again")
    shutil.copytree(demo.folder, cwd / demo.folder.name)
    (cwd / demo.folder.name / "from-before").touch()
    return Demo(cwd, hubroster("demo", cwd=cwd))


@pytest.mark.thorough  # two demos, one after the other
def test_a_second_demo_begins_anew_in_its_own_folder(again: Demo) -> None:
    assert again.ran.code == 0, again.ran.err
    assert not (again.folder / "from-before").exists()
    assert "This is the first complete check" in again.ran.out


def test_a_person_reads_the_report_and_how_to_go_on(again: Demo) -> None:
    out = again.ran.out

    assert "Viktor Brandt · Full control" in out
    assert "Nothing was changed at Meta" in out
    (line,) = re.findall(r"^  (.+-masked\.duckdb.*)$", out, re.MULTILINE)
    opened = subprocess.run(
        ["sh", "-c", line], cwd=again.cwd, env=surroundings(), input=".tables", capture_output=True, text=True
    )
    assert opened.returncode == 0, opened.stderr
    assert "deprovisioned" in opened.stdout or "leavers_with_access" in opened.stdout
    assert "Traceback" not in again.ran.err


def test_the_readme_shows_what_it_prints(again: Demo) -> None:
    """But for what is left out there ("…"), and the day of the check."""
    (block,) = re.findall(r"^```\n(Checking agency.*?)^```", README, re.MULTILINE | re.DOTALL)
    shown = [line.strip() for line in block.splitlines() if "\u2026" not in line and "  checked " not in line]
    printed = {line.strip() for line in (again.ran.out + again.ran.err).splitlines()}

    assert [line for line in shown if line not in printed] == []


def test_the_readme_shows_what_its_queries_answer(demo: Demo) -> None:
    told = re.findall(r"^```sql\n(.*?)^```\n```\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert len(told) >= 3
    with duckdb.connect(demo.ran.last["check"]["snapshot_masked"], read_only=True) as con:
        for query, table in told:
            rows = [[str(value) for value in row] for row in con.sql(query).fetchall()]
            shown = [
                [cell.strip() for cell in line.strip("\u2502").split("\u2502")]
                for line in table.splitlines()
                if line.startswith("\u2502")
            ]
            assert shown[1:] == rows, query


def test_the_lines_that_it_ends_with_work_when_pasted(again: Demo) -> None:
    lines = re.findall(r"^  (HUBROSTER_CONFIG=.+)$", again.ran.err, re.MULTILINE)

    assert len(lines) == 3
    for line in lines:
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=again.cwd,
            env=surroundings(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), line
        assert done.stdout


def test_a_folder_that_it_did_not_make_is_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / ".hubroster-demo"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("mine")

    ran: Ran = hubroster("demo", "--json", cwd=tmp_path)

    assert (ran.code, ran.last["exit"]) == (1, 1)
    assert ran.err.count("\n") == 1
    assert str(foreign) in ran.err
    assert [path.name for path in foreign.iterdir()] == ["thesis.txt"]


@pytest.fixture(scope="module")
def same_world() -> World:
    """What the demo's sandbox told it: worlds of one seed have one set of tokens."""
    with sandbox(*WORLD_FLAGS) as world:
        return world


def told(path: Path) -> bytes:
    """Return all that a file says: as it is, unpacked, and the rows of a DuckDB file, which packs text."""
    raw = path.read_bytes()
    if path.suffix == ".gz":
        return raw + gzip.decompress(raw)
    if path.suffix != ".duckdb":
        return raw
    with duckdb.connect(str(path), read_only=True) as con:
        names = con.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
        texts = [
            con.execute(f'select t::text from "{schema}"."{name}" t').fetchall() for schema, name in names
        ]
    return raw + "\n".join(text for rows in texts for (text,) in rows).encode()


def test_no_token_and_no_secret_is_in_any_file_that_it_leaves(demo: Demo, same_world: World) -> None:
    facts = same_world.facts
    tokens, secret = (facts["access_token"], facts["write_token"]), facts["app_secret"]
    proofs = [hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest() for token in tokens]
    files = {path: told(path) for path in sorted(demo.folder.rglob("*")) if path.is_file()}

    for needle in (*tokens, secret, *proofs):
        assert [path for path, text in files.items() if needle.encode() in text] == []
    # and the search is a good one: the same world, found where it has to be
    holding = {path.name for path, text in files.items() if facts["business_id"].encode() in text}
    assert {"hubroster.toml", "business.json", "warehouse.duckdb"} <= holding
    member = next(path for path in files if path.name == "business_users.ndjson.gz")
    assert b"Viktor Brandt" in files[member]
    assert {".gz", ".duckdb", ".db", ".json", ".toml"} <= {path.suffix for path in files}


def test_what_is_personal_is_closed_to_others_on_this_machine(demo: Demo) -> None:
    home, modes = demo.folder / ".hubroster", {}
    for path in demo.folder.rglob("*"):
        if path.is_file() and not path.is_relative_to(home):
            modes[path.name] = path.stat().st_mode & 0o777
    open_to_others = {name for name, mode in modes.items() if mode & 0o077}

    assert [folder.stat().st_mode & 0o777 for folder in (demo.folder, home)] == [0o700, 0o700]
    masked = {name for name in open_to_others if name.endswith(".duckdb")}
    assert masked
    assert all(name.endswith("-masked.duckdb") for name in masked)
    assert open_to_others - masked <= {"hubroster.toml", "latest.json", "made-by-hubroster-demo"}
