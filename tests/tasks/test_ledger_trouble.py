"""A ledger that can't be used is one line that says what to do; and never is one begun anew by itself."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.boundaries import LEDGER_BOUNDARIES
from tasks.errors import LedgerBusy, LedgerError
from tasks.ledger.book import open_ledger
from tasks.ledger.stores import MIGRATIONS
from tasks.ledger.verify import verify
from tasks.migrate import known
from tests.tasks.ledger_scene import Clock, Scene

ROOT = Path(__file__).parents[2]
FULL = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tasks.errors import LedgerError
from tasks.ledger.book import open_ledger
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
ledger = open_ledger("sqlite", Path(sys.argv[1]), lambda: datetime.now(UTC))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), -1))
try:
    with ledger.writing() as book:
        for number in range(20_000):
            book.append("decided", hub="acme", actor="person:x", identified_by="cli", payload={"n": number})
except LedgerError as error:
    print(error)
"""
KILLED_AT = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tasks import boundaries
from tasks.ledger.book import open_ledger
boundaries.on_boundary = lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == sys.argv[2] else None
ledger = open_ledger("sqlite", Path(sys.argv[1]), lambda: datetime.now(UTC))
with ledger.writing() as book:
    for number in range(2):
        book.append("decided", hub="acme", actor="person:x", identified_by="cli", payload={"n": number})
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a ledger of three entries that nobody has open."""
    clock = Clock()
    ledger = open_ledger("sqlite", tmp_path / "home", clock)
    scene = Scene("sqlite", tmp_path / "home", clock, ledger)
    scene.write(3)
    scene.close()
    return tmp_path / "home"


def refused(home: Path) -> str:
    """Open, read and write the ledger; return the line that refuses it."""
    clock = Clock()
    clock.move(hours=1)
    with pytest.raises(LedgerError) as found:
        _use(home, clock)
    assert "\n" not in str(found.value)
    return str(found.value)


def _use(home: Path, clock: Clock) -> None:
    ledger = open_ledger("sqlite", home, clock, lock_wait_s=0.2)
    try:
        with ledger.writing() as book:
            book.append("a", hub="acme", actor="person:x", identified_by="cli", payload={})
        verify(ledger)
    finally:
        ledger.close()


def test_only_its_owner_may_read_it(home: Path) -> None:
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in home.iterdir()}

    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    (home / "ledger.db").chmod(0o644)
    open_ledger("sqlite", home, Clock()).close()
    assert stat.S_IMODE((home / "ledger.db").stat().st_mode) == 0o600


def test_a_ledger_that_is_gone_is_not_begun_anew(home: Path) -> None:
    (home / "ledger.db").unlink()

    assert "is gone, and every decision with it: bring back a backup" in refused(home)
    (home / "ledger.made").unlink()
    open_ledger("sqlite", home, Clock()).close()


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (b"", "is empty: bring back a backup"),
        (b"not a ledger" * 1000, "is not a ledger: move it away"),
        (b"SQLite format 3\0" + b"\xff" * 5000, "bring back a backup"),
    ],
)
def test_a_file_that_is_no_ledger_is_told(home: Path, spoilt: bytes, told: str) -> None:
    (home / "ledger.db").write_bytes(spoilt)

    assert told in refused(home)
    assert (home / "ledger.db").read_bytes() == spoilt


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_file_is_told(home: Path, share: float) -> None:
    whole = (home / "ledger.db").read_bytes()
    (home / "ledger.db").write_bytes(whole[: int(len(whole) * share)])

    assert "is damaged" in refused(home)


def test_pages_of_noise_are_told_or_found_by_verify(home: Path) -> None:
    whole = bytearray((home / "ledger.db").read_bytes())
    for page in range(1, len(whole) // 4096):
        spoilt = bytearray(whole)
        spoilt[page * 4096 + 1 : page * 4096 + 600] = os.urandom(599)
        (home / "ledger.db").write_bytes(spoilt)
        try:
            ledger = open_ledger("sqlite", home, Clock(), lock_wait_s=0.2)
            verify(ledger)
            ledger.close()
        except LedgerError as error:
            assert "\n" not in str(error)  # noqa: PT017  # either will do


def test_a_database_of_another_program_is_left_alone(home: Path) -> None:
    (home / "ledger.db").unlink()
    with sqlite3.connect(home / "ledger.db") as con:
        con.execute("create table sales (x integer)")
    con.close()

    assert "holds tables of another program: set another HUBROSTER_HOME" in refused(home)


def test_a_ledger_of_a_newer_hubroster_is_left_alone(home: Path) -> None:
    with sqlite3.connect(home / "ledger.db") as con:
        con.execute("insert into schema_migrations values (9000, '9000_future.sql', 'now')")
    con.close()

    assert "was made by a newer hubroster: upgrade this one" in refused(home)


def test_a_folder_and_a_link_to_nowhere_are_told(home: Path, tmp_path: Path) -> None:
    (home / "ledger.db").unlink()
    (home / "ledger.db").mkdir()
    assert "is a folder and not a file" in refused(home)
    (home / "ledger.db").rmdir()
    (home / "ledger.db").symlink_to(tmp_path / "nowhere")
    assert "is a link to" in refused(home)


def test_a_ledger_that_is_replaced_while_it_is_open_is_not_written_to(home: Path) -> None:
    """A backup is brought back while the page runs: what the page wrote to the old file would be lost."""
    clock = Clock()
    clock.move(hours=1)
    ledger = open_ledger("sqlite", home, clock)
    shutil.copy(home / "ledger.db", home / "backup")
    (home / "backup").replace(home / "ledger.db")
    with pytest.raises(LedgerError, match="was replaced meanwhile"), ledger.writing():
        pass
    (home / "ledger.db").unlink()
    with pytest.raises(LedgerError, match="is gone"), ledger.reading():
        pass
    ledger.close()


def test_another_program_that_holds_the_file_is_waited_for(home: Path) -> None:
    con = sqlite3.connect(home / "ledger.db", isolation_level=None)
    con.execute("begin exclusive")
    clock = Clock()
    clock.move(hours=1)
    with pytest.raises(LedgerBusy, match=r"waited 0\.2 s: try again"):
        _use(home, clock)
    con.execute("rollback")
    con.close()
    _use(home, clock)


@pytest.mark.parametrize("bytes_left", [0, 40_000, 1_000_000])
def test_a_full_disk_is_one_line_and_nothing_is_half_written(home: Path, bytes_left: int) -> None:
    words = [sys.executable, "-c", FULL, str(home), str(bytes_left)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.count("\n") == 1
    assert "ledger.db" in done.stdout
    assert "disk" in done.stdout
    ledger = open_ledger("sqlite", home, Clock())
    verdict = verify(ledger)
    ledger.close()
    assert (verdict.ok, verdict.entries) == (True, 3)


@pytest.mark.parametrize("at", LEDGER_BOUNDARIES)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_process_that_is_killed_at_any_boundary_leaves_a_whole_ledger(
    home: Path, at: str, is_new: bool
) -> None:
    if is_new:
        shutil.rmtree(home)
    words = [sys.executable, "-c", KILLED_AT, str(home), at]
    code = subprocess.run(words, cwd=ROOT, timeout=60, check=False).returncode
    assert code == (-9 if is_new or at.startswith("ledger.writ") else 0)

    ledger = open_ledger("sqlite", home, Clock())
    verdict = verify(ledger)
    ledger.close()
    was_written = at == "ledger.written" or code == 0
    assert (verdict.ok, verdict.entries) == (True, (0 if is_new else 3) + (2 if was_written else 0))


def test_a_home_that_cannot_be_made_is_an_oserror_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        open_ledger("sqlite", tmp_path / "file" / "home", Clock())


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_migrations_are_numbered_without_gaps(dialect: str) -> None:
    numbers = list(known(MIGRATIONS, dialect))
    assert numbers == list(range(1, len(numbers) + 1))
