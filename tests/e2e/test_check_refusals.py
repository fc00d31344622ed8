"""`hubroster check` where it can't do its work: one line that says why, and never a traceback."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.processes import CHECK_KEYS, HUBROSTER, Office, Ran, World, hubroster, office, surroundings


def assert_one_line(ran: Ran | subprocess.CompletedProcess[str], *told: str) -> None:
    """Assert that a command failed in one line which says this, and that machines have it in one object."""
    code, out, err = (
        (ran.code, ran.out, ran.err) if isinstance(ran, Ran) else (ran.returncode, ran.stdout, ran.stderr)
    )
    assert code == 1
    assert "Traceback" not in err
    last = err.splitlines()[-1]
    assert last.startswith("hubroster: ")
    for words in told:
        assert words in last
    answer = json.loads(out)
    assert set(answer) == {"error", "kind", "exit"}
    assert (f"hubroster: {answer['error']}", answer["exit"]) == (last, 1)


@pytest.fixture(scope="module")
def here(world: World, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose hub was never read to the end."""
    return office(tmp_path_factory.mktemp("office"), world)


@pytest.fixture(scope="module")
def rejected(here: Office) -> Ran:
    """A first check with a token that Meta doesn't know."""
    return here.check(AGENCY_TOKEN="taken-back")


def test_a_token_that_meta_rejects_is_told_in_the_object_and_in_one_line(rejected: Ran) -> None:
    result = rejected.last

    assert rejected.code == 1
    assert set(result) == CHECK_KEYS
    assert not result["complete"]
    assert result["snapshot"] is None
    assert result["snapshot_masked"] is None
    assert (result["members"], result["grants"]) == (0, 0)
    assert "Traceback" not in rejected.err
    assert sum("code 190" in line for line in rejected.err.splitlines()) == 1
    assert "taken-back" not in rejected.out + rejected.err


def test_a_report_of_what_could_not_be_read_promises_nothing(here: Office, rejected: Ran) -> None:
    told = here.run("report", "agency")

    assert told.code == 0, told.err
    assert "not complete" in told.out
    assert "Invalid OAuth access token" in told.out
    assert "No leaver is known to hold a seat, but not everything was read" in told.out
    assert "There was no complete check yet" in told.out


def test_members_of_a_hub_that_was_not_read_to_the_end_are_no_list_to_rely_on(
    here: Office, rejected: Ran
) -> None:
    ran = here.run("members", "agency")

    assert (ran.code, "agency: 0 members" in ran.out) == (0, True)
    assert "Not everything of agency was read by its last check" in ran.err


@contextmanager
def held(warehouse: Path) -> Iterator[int]:
    """Hold a warehouse open for writing from another process, and yield its id."""
    code = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('held'); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-uc", code, warehouse], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder.pid
        finally:
            holder.kill()


@pytest.mark.thorough  # tests/reliability/test_two_checks.py has it without Prefect
def test_a_warehouse_that_another_process_holds_is_one_line_with_its_number(
    here: Office, rejected: Ran
) -> None:
    with held(here.folder / ".hubroster" / "warehouse.duckdb") as pid:
        ran = here.check()

    assert_one_line(ran, f"process {pid} ", "waited 1 s")


def test_a_hub_that_is_not_in_the_configuration_is_one_line(here: Office) -> None:
    ran = here.run("check", "acme", "--json")

    assert_one_line(ran, "acme", "agency")
    assert ran.err.count("\n") == 1


def test_no_configuration_is_one_line(tmp_path: Path) -> None:
    ran = hubroster("check", "agency", "--json", cwd=tmp_path)

    assert_one_line(ran, str(tmp_path / "hubroster.toml"))
    assert ran.err.count("\n") == 1


def test_a_token_that_is_not_set_is_one_line(here: Office) -> None:
    assert_one_line(here.check(AGENCY_TOKEN=""), "env:AGENCY_TOKEN")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("check",), "name a hub"),
        (("check", "agency", "--at-once", "2"), "--all"),
        (("check", "--all", "agency"), "no label"),
        (("check", "--all", "--at-once", "0"), "from 1 to"),
        (("check", "agency", "agency"), "more words than"),
        (("nonsense",), "nonsense"),
        (("decide",), "nothing to record"),
        (("decide", "--hub", "agency", "nonsense"), "CHANGE=ANSWER"),
        (("backtest",), "name a hub"),
        (("exempt", "agency", "1", "--until", "soon", "--reason", "x"), "YYYY-MM-DD"),
    ],
)
def test_a_call_that_says_too_little_or_nonsense_is_usage(
    here: Office, words: tuple[str, ...], told: str
) -> None:
    ran = here.run(*words)

    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err.splitlines()[-1]
    assert "Traceback" not in ran.err


def test_a_wrong_call_is_usage_where_there_is_no_configuration_too(tmp_path: Path) -> None:
    ran = hubroster("check", "agency", "--all", "--json", cwd=tmp_path)

    assert (ran.code, json.loads(ran.out)["exit"]) == (2, 2)
    assert "--all takes no label" in json.loads(ran.out)["error"]


@pytest.mark.thorough  # tests/tasks/test_meta_clock.py has it without a process
def test_a_clock_that_is_wrong_is_told_in_one_line_and_one_object(here: Office) -> None:
    assert_one_line(here.check(HUBROSTER_CLOCK_S="86400"), "clock")


@pytest.mark.parametrize(("words", "code"), [(("hubs",), 0), (("check", "acme"), 1)])
def test_a_reader_who_has_seen_enough_is_no_traceback(
    here: Office, rejected: Ran, words: tuple[str, ...], code: int
) -> None:
    gone = subprocess.Popen(["/bin/true"], stdin=subprocess.PIPE)
    gone.wait()
    ran = subprocess.run(
        [HUBROSTER, *words, "--json"],
        stdout=gone.stdin, stderr=subprocess.PIPE, text=True, check=False, cwd=here.folder,
        env=surroundings(here.env),
    )  # fmt: skip

    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr
