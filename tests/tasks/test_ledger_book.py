"""The book is one chain that nobody loses anything from, whoever writes at the same time."""

import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.errors import ClockBehind, ClockOff, LedgerBusy
from tasks.ledger.book import open_ledger
from tasks.ledger.entry import GENESIS
from tasks.ledger.verify import verify
from tests.tasks.ledger_scene import START, Scene

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tasks.ledger.book import open_ledger
url, home, who, count = sys.argv[1:]
ledger = open_ledger(url, Path(home), lambda: datetime.now(UTC))
for number in range(int(count)):
    with ledger.writing() as book:
        book.append("decided", hub=who, actor="person:x", identified_by="cli", payload={"number": number})
"""
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tasks.ledger.book import open_ledger
ledger = open_ledger(sys.argv[1], Path(sys.argv[2]), lambda: datetime.now(UTC))
with ledger.writing() as book:
    for number in range(50):
        book.append("decided", hub="acme", actor="person:x", identified_by="cli", payload={"number": number})
        book.ref("person", f"p{number}", name="Ana")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_empty_ledger_has_a_head_to_start_from(scene: Scene) -> None:
    with scene.ledger.reading() as book:
        assert book.head() == GENESIS
        assert book.entries() == []


def test_entries_follow_each_other_and_come_back_as_they_were_written(scene: Scene) -> None:
    first, second = scene.write(2)

    assert (first.seq, first.previous_hash) == (1, GENESIS.hash)
    assert (second.seq, second.previous_hash) == (2, first.hash)
    with scene.again().reading() as book:
        assert book.entries() == [first, second]
        assert (book.head().seq, book.head().hash, book.head().at) == (2, second.hash, second.at)


def test_several_entries_of_one_transaction_are_a_chain(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        one = book.append("a", hub="acme", actor="person:x", identified_by="cli", payload={})
        two = book.append("b", hub="acme", actor="person:x", identified_by="cli", payload={"n": [1, None]})
        assert book.entries() == [one, two]

    assert two.previous_hash == one.hash
    assert verify(scene.ledger).ok


def test_entries_are_found_by_hub_kind_and_place(scene: Scene) -> None:
    scene.write(2)
    scene.write(1, hub="other")
    with scene.ledger.writing() as book:
        book.append("done", hub="acme", actor="system", identified_by="run", payload={})
    with scene.ledger.reading() as book:
        assert [entry.seq for entry in book.entries("acme")] == [1, 2, 4]
        assert [entry.seq for entry in book.entries(kinds={"done"})] == [4]
        assert [entry.seq for entry in book.entries("acme", {"decided"}, after=1)] == [2]
        assert book.entries(kinds=()) == []


def test_an_exception_leaves_nothing(scene: Scene) -> None:
    def fail() -> None:
        with scene.ledger.writing() as book:
            book.append("a", hub="acme", actor="person:x", identified_by="cli", payload={})
            book.ref("person", "ana")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with scene.ledger.reading() as book:
        assert book.head() == GENESIS
        assert book.find("person", "ana") is None


def test_reading_never_writes(scene: Scene) -> None:
    with scene.ledger.reading() as book:
        with pytest.raises(RuntimeError, match="opened to read"):
            book.append("a", hub="acme", actor="person:x", identified_by="cli", payload={})
        with pytest.raises(RuntimeError, match="opened to read"):
            book.ref("person", "ana")


def test_readers_see_one_moment_and_wait_for_no_writer(scene: Scene) -> None:
    scene.write(1)
    other = scene.again(lock_wait_s=0.2)
    with scene.ledger.writing() as writing, other.reading() as before:
        writing.append("a", hub="acme", actor="person:x", identified_by="cli", payload={})
        assert before.head().seq == 1
        with other.reading() as another:
            assert another.head().seq == 1
    with other.reading() as snapshot:
        scene.write(1)
        assert (snapshot.head().seq, len(snapshot.entries())) == (2, 2)
    with other.reading() as after:
        assert after.head().seq == 3


def test_a_writer_waits_for_another_and_then_says_so(scene: Scene) -> None:
    other = scene.again(lock_wait_s=0.3)
    with scene.ledger.writing():
        started = time.monotonic()
        with pytest.raises(LedgerBusy, match=r"waited 0\.3 s"), other.writing():
            pass
        assert 0.2 < time.monotonic() - started < 5
    with other.writing() as book:  # and goes on once it is free
        book.append("a", hub="acme", actor="person:x", identified_by="cli", payload={})


def test_threads_share_one_ledger(scene: Scene) -> None:
    def work() -> None:
        for _ in range(20):
            with scene.ledger.writing() as book:
                book.append("a", hub="acme", actor="person:x", identified_by="page", payload={})

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verify(scene.ledger).entries == 100


def test_a_clock_behind_the_head_writes_nothing(scene: Scene) -> None:
    scene.write(1)
    scene.clock.move(minutes=-1)
    with pytest.raises(ClockBehind, match="set the clock right; nothing was written"), scene.ledger.writing():
        pytest.fail("there is no book to write in")
    assert issubclass(ClockBehind, ClockOff)
    with scene.ledger.reading() as book:  # reading goes on, with the head's time
        assert book.now == book.head().at
    with (  # but not where something is done on what is read
        pytest.raises(ClockBehind, match="set the clock right"),
        scene.ledger.reading(clock_must_agree=True),
    ):
        pytest.fail("there is no book to read in")


def test_clocks_of_two_machines_may_differ_by_less_than_a_second(scene: Scene) -> None:
    (first,) = scene.write(1)
    scene.clock.move(milliseconds=-900)
    with scene.ledger.writing() as book:
        entry = book.append("a", hub="acme", actor="person:x", identified_by="cli", payload={})

    assert entry.at == first.at


def test_time_is_read_when_the_lock_is_held(scene: Scene) -> None:
    waits = scene.again()
    took: list[datetime] = []

    def late() -> None:
        with waits.writing() as book:
            took.append(book.now)

    with scene.ledger.writing():
        thread = threading.Thread(target=late)
        thread.start()
        time.sleep(0.3)
        scene.clock.move(hours=1)
    thread.join()

    assert (took[0] - START).total_seconds() == 3600


def eight_write(url: str, home: Path, count: int) -> None:
    """Have 8 processes append that many entries each, at the same time."""
    words = [sys.executable, "-c", WRITER, url, str(home)]
    running = [subprocess.Popen([*words, f"hub{n}", str(count)], cwd=ROOT) for n in range(8)]
    assert [one.wait(timeout=240) for one in running] == [0] * 8


@pytest.mark.parametrize("is_sqlite", [True, False], ids=["sqlite", "postgres"])
def test_eight_processes_begin_one_ledger_together(
    request: pytest.FixtureRequest, tmp_path: Path, is_sqlite: bool
) -> None:
    url = "sqlite" if is_sqlite else request.getfixturevalue("database")
    eight_write(url, tmp_path / "new", 3)

    with closing(open_ledger(url, tmp_path / "new", lambda: datetime.now(UTC))) as ledger:
        verdict = verify(ledger)
    assert (verdict.ok, verdict.entries) == (True, 24)


def test_eight_processes_lose_nothing(scene: Scene) -> None:
    eight_write(scene.url, scene.home, 200)

    verdict = verify(scene.ledger)
    assert (verdict.ok, verdict.entries) == (True, 1600)
    with scene.again(lambda: datetime.now(UTC)).reading() as book:
        for n in range(8):
            assert [entry.payload["number"] for entry in book.entries(f"hub{n}")] == list(range(200))


def test_a_process_that_is_killed_leaves_nothing(scene: Scene) -> None:
    scene.write(1)
    words = [sys.executable, "-c", KILLED, scene.url, str(scene.home)]
    assert subprocess.run(words, cwd=ROOT, check=False, timeout=60).returncode == -9

    with scene.again().reading() as book:
        assert book.head().seq == 1
        assert book.find("person", "p0") is None
    scene.write(1)  # and holds up nobody
    assert verify(scene.ledger).entries == 2
