"""Whatever became of a directory file: its read is the clean one, or is refused, and names no person."""

import logging
import os
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tasks.directory import content, file, parquet_file
from tasks.directory.columns import Layout, Mapped
from tasks.directory.content import read_content
from tasks.directory.file import parse_people, read_people_file
from tasks.directory.people import Values
from tasks.directory.read import DirectoryRead
from tasks.directory.slipped import Slipped, called
from tasks.directory.verdict import LastAccepted, re_keyed
from tasks.errors import DirectoryError
from tests.reliability.directory_spoilt import CLEAN, NAMES, PEOPLE, SPOILT, Spoilt, parquet_cases

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
COLUMNS = frozenset({"person_id", "display_name", "primary_email", "aliases", "department", "status"})


def write(folder: Path, case: Spoilt) -> Path:
    path = folder / f"people{case.suffix}"
    path.write_bytes(case.data)
    return path


def read(path: Path, last: LastAccepted | None = None, now: datetime = NOON) -> DirectoryRead:
    if path.is_file():
        os.utime(path, (now.timestamp(), now.timestamp()))
    return read_people_file(
        path, source="file:people.csv", columns={}, absence="missing", max_age_h=36, now=now, last=last
    )


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("clean") / "people.csv"
    path.write_text(CLEAN)
    return parse_people(path, {})


@pytest.fixture(scope="module")
def last(clean: pd.DataFrame) -> LastAccepted:
    """The clean file's read; all of its people but Hugo, who left, hold seats."""
    seated = frozenset(clean[clean["status"] == "active"]["person_id"])
    return LastAccepted(len(clean), NOON - timedelta(days=1), seated, COLUMNS, called(clean))


def assert_names_nobody(text: str) -> None:
    """Assert that no name, address or id of the people stands in a text."""
    for person_id, name, address, alias, *_ in PEOPLE:
        for value in (name, *name.split(), address, alias, f"{person_id},", f"'{person_id}'"):
            assert value not in text
    assert "northwind" not in text


def assert_comes_to(
    case: Spoilt, found: DirectoryRead, clean: pd.DataFrame, caplog: pytest.LogCaptureFixture
) -> None:
    if case.says is None:
        assert (found.accepted, found.reason) == (True, None)
        pd.testing.assert_frame_equal(found.people, clean)
    else:
        assert not found.accepted
        assert case.says in (found.reason or "")
    assert_names_nobody(f"{found.reason}\n{caplog.text}")


@pytest.mark.parametrize("case", SPOILT, ids=str)
def test_a_spoilt_file_is_refused_or_reads_like_the_clean_one(
    case: Spoilt, tmp_path: Path, clean: pd.DataFrame, last: LastAccepted, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    assert_comes_to(case, read(write(tmp_path, case), last), clean, caplog)


@pytest.mark.parametrize("place", range(6))
def test_a_spoilt_parquet_file_is_refused(
    place: int, tmp_path: Path, clean: pd.DataFrame, last: LastAccepted, caplog: pytest.LogCaptureFixture
) -> None:
    case = parquet_cases(tmp_path)[place]

    assert_comes_to(case, read(write(tmp_path, case), last), clean, caplog)


def test_a_file_cut_anywhere_brings_no_leaver_back(tmp_path: Path, last: LastAccepted) -> None:
    """Every byte of the last row, and before a first read as well: nothing to compare with."""
    data = CLEAN.encode()
    path = tmp_path / "people.csv"
    for end in range(len(data) - len(",".join(PEOPLE[-1])), len(data) + 1):
        path.write_bytes(data[:end])
        for before in (None, last):
            found = read(path, before)
            hugo = found.people[found.people["person_id"] == "p8"]["status"].tolist()
            assert not found.accepted or hugo in ([], ["deprovisioned"])


def test_a_folder_a_loop_a_pipe_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    folder, loop, pipe, zero = (tmp_path / f"{name}.csv" for name in ("folder", "loop", "pipe", "zero"))
    folder.mkdir()
    loop.symlink_to(loop)
    os.mkfifo(pipe)
    zero.symlink_to("/dev/zero")
    began = time.monotonic()
    said = {path.stem: read(path).reason for path in (folder, loop, pipe, zero)}

    assert said == {
        "folder": "can't be read: Is a directory",
        "loop": "can't be read: Too many levels of symbolic links",
        "pipe": "is no plain file",
        "zero": "is no plain file",
    }
    assert time.monotonic() - began < 2


_AS_NOBODY = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from tasks.directory.file import read_people_file
import tasks.directory.people, pandas
path = Path(sys.argv[1])
os.chdir("/")
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
rules = {"source": "s", "columns": {}, "absence": "missing", "max_age_h": 36, "last": None}
found = read_people_file(path, now=datetime.now(UTC), **rules)
print(found.accepted, found.reason)
"""


def test_a_file_that_we_may_not_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(CLEAN)
    path.chmod(0)
    ran = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(path)], capture_output=True, text=True, check=True, timeout=30
    )

    assert ran.stdout == "False can't be read: Permission denied\n"


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with path.open("wb") as out:
        out.truncate(content.MOST_BYTES + 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert "more than 256 MB" in (read(path).reason or "")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_a_file_replaced_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "people.csv"
    path.write_text(CLEAN)
    real = os.fstat

    def replace(descriptor: int) -> os.stat_result:
        found = real(descriptor)
        path.unlink(missing_ok=True)
        path.write_text(CLEAN.replace("Hugo", "Hank"))
        return found

    monkeypatch.setattr(content.os, "fstat", replace)

    with pytest.raises(DirectoryError, match="changed while it was read"):
        read_content(path)


def test_a_parquet_file_replaced_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, parquet_cases(tmp_path)[0])

    def replace(one: Path, mapped: Mapped) -> tuple[Values, Layout]:
        values = parquet_file.parquet_values(one, mapped)
        one.write_bytes(one.read_bytes()[:-1] + b"?")
        return values

    monkeypatch.setattr(file, "parquet_values", replace)

    assert "changed while it was read" in (read(path).reason or "")


def test_slipped_rows_are_believed_when_a_later_export_says_the_same(
    tmp_path: Path, last: LastAccepted
) -> None:
    """It may be the accepted read that was wrong; else a right file would be refused for ever."""
    (case,) = [case for case in SPOILT if case.name == "ids slipped by one"]
    path = write(tmp_path, case)

    def told(hours_read: int, hours_made: int) -> bool:
        now = NOON + timedelta(hours=hours_read)
        first = Slipped(NOON, NOON)
        since = LastAccepted(last.people, last.made_at, last.seated, last.columns, last.called, first)
        made = (NOON + timedelta(hours=hours_made)).timestamp()
        os.utime(path, (made, made))
        return read_people_file(
            path, source="s", columns={}, absence="missing", max_age_h=36, now=now, last=since
        ).accepted

    assert [told(1, 1), told(19, 19), told(21, 1), told(21, 21)] == [False, False, False, True]


@pytest.mark.parametrize("count", [2, 3, 8])
def test_a_small_directory_that_was_re_keyed_is_noticed(count: int) -> None:
    """Two of two, and three of three, are all: what is allowed to vanish is never everybody."""
    old = {f"p{n}": (NAMES[n], None) for n in range(count)}
    last = LastAccepted(count, NOON, frozenset(old), COLUMNS, old)

    assert "re-keyed" in (re_keyed([f"new{n}" for n in range(count)], last) or "")
    assert "re-keyed" in (
        re_keyed([f"new{n}" for n in range(count)], LastAccepted(count, NOON, frozenset(old))) or ""
    )
    assert re_keyed([*list(old)[1:], "new"], last) is None


def test_one_person_with_another_name_and_address_is_a_marriage_not_a_slip(
    tmp_path: Path, last: LastAccepted
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(CLEAN.replace("Ana Ruiz,ana.ruiz", "Ana Lind,ana.lind").replace("Ops", "Sales"))

    assert read(path, last).accepted
