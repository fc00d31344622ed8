"""`disconnect --erase`: nothing that was read of a hub is left; the ledger and the other hubs stay."""

import fcntl
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deployments.cli.main import main
from flows.checking.job import lock_of
from flows.hubs.disconnecting import DISCONNECTED, ERASED, disconnect
from flows.opening.ledger import ledger_of
from flows.review.reviewing import ask
from flows.settings import load_settings
from tasks import boundaries
from tasks.errors import HubBusy, InputError
from tasks.ledger.verify import verify
from tests.flows.directory_owner import entries
from tests.flows.plain_rows import ROWS_HUB, RowsWorkspace, member, person, rows_workspace
from tests.reliability.some_of_many import some_of

STAFF = [person(n, f"Colleague Number{n}") for n in range(1, 13)]
CLIENT = {
    "business_users": [member(70, "Zyxanna Quill", email="zq@client.example"), member(71, "Ben Zyxander")],
    "owned_pages": [{"id": "7001", "name": "Zyxpage"}],
}
OTHER = {"business_users": [member(7, STAFF[0]["display_name"], email=STAFF[0]["primary_email"])]}
SECRETS = (b"Zyx", b"zyxhub", b"zq@client", b"7001")


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    """Two hubs; "zyxhub" stands in hubs.d/, has a kept secret, and both were checked and asked about."""
    made = rows_workspace(tmp_path, monkeypatch, hubs=("acme",), more="[warehouse]\nlock_wait_s = 0\n")
    (tmp_path / "hubs.d").mkdir()
    secret = tmp_path / ".hubroster" / "secrets" / "zyxhub.token"
    hub = ROWS_HUB.format(label="zyxhub", number="9").replace('"env:NONE"', f'"file:{secret}"')
    (tmp_path / "hubs.d" / "zyxhub.toml").write_text(hub.replace("[[hubs]]\n", ""))
    secret.parent.mkdir(parents=True)
    secret.write_text("secret")
    made.people(*STAFF)
    for label, world in (("zyxhub", CLIENT), ("acme", OTHER), ("zyxhub", CLIENT)):
        done = made.check(world, label=label)
        ask(load_settings(), label, done.report, done.told["report_id"])
    return made


def holding(folder: Path) -> list[str]:
    """Return the files of the workspace, the ledger aside, that hold something of the client."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
        and not path.name.startswith("ledger")
        and ("zyxhub" in str(path) or any(word in path.read_bytes() for word in SECRETS))
    ]


def snapshots(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "snapshots").glob("*.duckdb"))


def test_nothing_of_it_is_left_but_in_the_ledger_and_the_other_hub_is_as_it_was(two: RowsWorkspace) -> None:
    settings = load_settings()
    theirs = two.rows("from members where hub = 'acme'"), two.rows("from people order by all")
    assert holding(two.folder)

    done = disconnect(settings, "zyxhub", "they went to another agency", erase=True)

    assert done.read is not None
    assert (done.read.rows > 0, done.read.reports) == (True, 2)
    assert holding(two.folder) == []
    assert (two.rows("from members where hub = 'acme'"), two.rows("from people order by all")) == theirs
    newest = json.loads((two.folder / "snapshots" / "latest.json").read_text())
    assert snapshots(two.folder) == sorted(Path(newest[kind]).name for kind in ("full", "masked"))
    with ledger_of(load_settings()) as ledger, ledger.reading() as book:
        assert verify(ledger).ok
        assert [row.kind for row in book.entries(hub="zyxhub")][-2:] == [DISCONNECTED, ERASED]
    assert two.check(OTHER).complete


def test_without_the_flag_all_of_it_stays_and_it_can_be_erased_later(two: RowsWorkspace) -> None:
    before = snapshots(two.folder)
    disconnect(load_settings(needs_hub=False), "zyxhub", "sold")
    assert two.rows("select count(*) > 0 from members where hub = 'zyxhub'") == [(True,)]
    assert snapshots(two.folder) == before

    disconnect(load_settings(needs_hub=False), "zyxhub", "and erased", erase=True)
    assert holding(two.folder) == []
    assert len(entries(DISCONNECTED)) == 1


class Killed(BaseException):
    """What ends a process at once."""


@pytest.mark.parametrize(
    "moment",
    some_of(
        ["warehouse.named", "warehouse.migrating", "snapshot.full_built", "snapshot.full_named",
         "snapshot.pointer_written", "snapshot.pointer_named"], 3
    ),
)  # fmt: skip
def test_said_again_after_a_kill_it_does_what_is_left(
    two: RowsWorkspace, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def kill(name: str) -> None:
        if name == moment:
            raise Killed

    hook: Callable[[str], None] | None = kill
    monkeypatch.setattr(boundaries, "on_boundary", hook)
    with pytest.raises(Killed):
        disconnect(load_settings(), "zyxhub", "sold", erase=True)
    monkeypatch.undo()
    two.use()

    disconnect(load_settings(needs_hub=False), "zyxhub", "sold", erase=True)
    assert holding(two.folder) == []
    again = disconnect(load_settings(needs_hub=False), "zyxhub", "sold", erase=True)
    assert again.read is not None
    assert (again.read.rows, again.read.reports) == (0, 0)
    assert two.check(OTHER).complete


def test_it_waits_for_a_check_and_for_copies_of_the_warehouse(two: RowsWorkspace) -> None:
    settings = load_settings()
    with lock_of(settings, "zyxhub").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(HubBusy, match="is being checked"):
            disconnect(settings, "zyxhub", "sold", erase=True)
    assert two.rows("select count(*) > 0 from members where hub = 'zyxhub'") == [(True,)]

    copy = settings.home / ".publish-abc"
    copy.mkdir()
    with pytest.raises(HubBusy, match="may hold a copy of the warehouse with zyxhub in it"):
        disconnect(settings, "zyxhub", "sold", erase=True)
    copy.rmdir()
    disconnect(load_settings(needs_hub=False), "zyxhub", "sold", erase=True)
    assert holding(two.folder) == []


def test_a_label_that_nobody_knows_is_refused(two: RowsWorkspace) -> None:
    before = holding(two.folder)
    with pytest.raises(InputError, match="there is no hub 'cleint'"):
        disconnect(load_settings(), "cleint", "sold", erase=True)
    with pytest.raises(InputError, match="yours to edit"):
        disconnect(load_settings(), "acme", "sold", erase=True)
    assert holding(two.folder) == before


def test_it_asks_once_and_says_what_stays(
    two: RowsWorkspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = holding(two.folder)
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert main(["disconnect", "zyxhub", "--reason", "sold", "--erase"]) == 1
    assert "Erase all that was read of zyxhub" in capsys.readouterr().err
    assert holding(two.folder) == before

    assert main(["disconnect", "zyxhub", "--reason", "sold", "--erase", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "What stays: the ledger" in told
    assert "2 reports" in told
    assert holding(two.folder) == []
