"""`hubroster link`, as a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.command import hubroster

MEMBERS = "member_id,name,email\nm1,Ana,ana@northwind.example\nm2,José Gonçalves,\n"
DIRECTORY = """person_id,display_name,primary_email,aliases
p1,Ana Silva,a.silva@northwind.example,ana@northwind.example
p2,José Gonçalves,jose@northwind.example,
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "members.csv").write_text(MEMBERS, "utf-8")
    (tmp_path / "directory.csv").write_text(DIRECTORY, "utf-8")
    return tmp_path


def test_json_is_one_line_and_the_files_are_there(files: Path) -> None:
    done = hubroster(
        "link", "--members", "members.csv", "--directory", "directory.csv", "--out", "out.csv",
        "--candidates", "candidates.parquet", "--json", cwd=files,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "members": 2, "people": 2, "matched": 2, "review": 0, "unmatched": 0,
        "out": "out.csv", "candidates": "candidates.parquet",
    }  # fmt: skip
    assert done.stdout.count("\n") == 1
    assert (files / "out.csv").read_text("utf-8").splitlines()[1].startswith("m1,matched,p1,alias,")
    assert (files / "candidates.parquet").exists()


def test_without_json_it_says_how_many_and_where(files: Path) -> None:
    done = hubroster(
        "link", "--members", "members.csv", "--directory", "directory.csv", "--out", "out.csv",
        "--auto-match-by-name", "never", cwd=files,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "1 matched, 1 to review, 0 unmatched" in done.stdout
    assert "out.csv" in done.stdout


def test_an_id_that_comes_twice_is_one_line_and_exit_1(files: Path) -> None:
    (files / "members.csv").write_text(MEMBERS + "m1,Bo,\n", "utf-8")

    done = hubroster(
        "link", "--members", "members.csv", "--directory", "directory.csv", "--out", "out.csv", cwd=files
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert "m1" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (files / "out.csv").exists()


def test_a_call_that_cannot_be_understood_is_exit_2(files: Path) -> None:
    done = hubroster("link", "--members", "members.csv", cwd=files)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_linking_does_not_wait_for_prefect(files: Path) -> None:
    code = "import sys, deployments.cli.link, tasks.link_files; sys.exit('prefect' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=files, timeout=60, check=False).returncode == 0
