"""The very first read of a source is refused: its own Owners can say that it is right, and nobody else."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from deployments.cli.main import main
from flows.directory.accept import accept
from flows.directory.state import SourceState, directory_state
from flows.opening.ledger import ledger_of
from flows.owners.login import LoginRefused, log_in, send_code
from flows.owners.seat_of import ActionRefused
from flows.review.reviewing import ask
from flows.settings import load_settings
from matching.review.directory import ACCEPTED
from matching.review.owners import NAMED
from tests.flows.directory_owner import entries
from tests.flows.plain_check import Check
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace
from tests.tasks.directory_exports import ALL, text
from tests.tasks.smtp_server import Taken, mail_server

STAFF = [person(n, f"Colleague Number{n}") for n in range(1, 13)]
ANA = STAFF[0]["primary_email"]
WORLD = {"business_users": [member(7, STAFF[0]["display_name"], email=ANA)]}


@pytest.fixture
def mails() -> Iterator[Taken]:
    with mail_server() as taken:
        yield taken


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mails: Taken) -> RowsWorkspace:
    """A hub whose settings name p1 as its first Owner; nothing was checked yet."""
    mail = f'[mail]\nhost = "127.0.0.1"\nport = {mails.port}\nfrom = "h@northwind.example"\n'
    made = rows_workspace(tmp_path, monkeypatch, more=mail)
    made.config.write_text(
        made.config.read_text().replace("sandbox = true", f'sandbox = true\nowners = ["{ANA}"]')
    )
    return made


def old(hub: RowsWorkspace, *rows: dict[str, object], file: str = "people.csv", hours: float = 50) -> None:
    hub.people(*rows, file=file, at=load_settings().now() - timedelta(hours=hours))


def check(hub: RowsWorkspace) -> Check:
    done = hub.check(WORLD)
    ask(load_settings(), "acme", done.report, done.told["report_id"])
    return done


def login(address: str, mails: Taken) -> None:
    ref = send_code(load_settings(), address)
    body = mails.mails[-1].get_body(("plain",))
    assert body is not None
    found = re.search(r"^\s*Your code:\s+([A-Z0-9]{10})\s*$", body.get_content(), re.MULTILINE)
    assert found is not None
    log_in(load_settings(), ref, found[1])


def state(place: int = 0) -> SourceState:
    return directory_state(load_settings()).sources[place]


@pytest.mark.parametrize("checked", [True, False], ids=["after a check", "before any check"])
@pytest.mark.parametrize(
    ("hours", "says"), [(50, "is 50 h old"), (-48, "in the future")], ids=["too old", "dated in the future"]
)
def test_an_owner_whom_only_the_refused_file_knows_accepts_it(
    hub: RowsWorkspace, mails: Taken, hours: float, says: str, checked: bool
) -> None:
    old(hub, *STAFF, hours=hours)
    if checked:
        assert not check(hub).directory[0].accepted
    assert says in str(state().file.reason)
    assert (state().may_accept, state().no_owner) == (True, False)

    login(ANA, mails)
    done = accept(load_settings(), None, "it is the only export there is", state().file.digest[:12])
    accepted = check(hub)
    (row,) = entries(ACCEPTED)
    (owner,) = entries(NAMED)

    assert accepted.directory[0].accepted
    assert accepted.told["tabs"]["onboarded"] == 1
    assert (row.seq, row.payload["first"]) == (done.seq, True)
    assert owner.payload["person"] == row.actor, "who said so is the Owner of then"
    assert state().file.accepted


def test_who_is_no_owner_by_the_settings_and_an_active_employee_in_the_file_gets_no_code(
    hub: RowsWorkspace, mails: Taken
) -> None:
    old(hub, *STAFF)
    check(hub)
    with pytest.raises(LoginRefused):
        send_code(load_settings(), STAFF[1]["primary_email"])
    for how in ({"status": "suspended"}, {"status": "deprovisioned"}, {"kind": "guest"}):
        old(hub, {**STAFF[0], **how}, *STAFF[1:])
        with pytest.raises(LoginRefused):
            send_code(load_settings(), ANA)
        with pytest.raises(ActionRefused, match=r"no Owner of a hub is an active employee.*export it anew"):
            accept(load_settings(), None, "because")
        assert (state().may_accept, state().no_owner) == (False, True)

    assert mails.mails == []


def test_an_export_without_anybody_active_says_what_to_mend(
    hub: RowsWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    header, rows = text(*ALL["entra"]).split("\n", 1)
    (hub.folder / "people.csv").write_text(f"{header}\n{rows.replace('True', 'False')}")

    assert main(["directory", "status"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "nobody who is active" in said
    assert "what to do: export all users, without a filter" in said
    assert "nobody can accept it" in said
    assert "directory accept" not in said
    with pytest.raises(ActionRefused, match="export all users"):
        accept(load_settings(), None, "because")


def test_a_file_that_can_not_be_read_whole_is_never_accepted_also_not_at_first(hub: RowsWorkspace) -> None:
    twice = "person_id,display_name\np1,Ana\np1,Ben\n"
    cut = 'person_id,display_name\np1,"Ana'
    for content, says in ((twice, "share their person_id"), (cut, "quote"), ("", "is empty")):
        (hub.folder / "people.csv").write_text(content)
        with pytest.raises(ActionRefused, match=f"can't be accepted: it .*{says}.*export it anew"):
            accept(load_settings(), None, "because")
        assert (state().may_accept, state().no_owner) == (False, False)


def test_once_an_owner_is_known_a_new_source_makes_nobody_one(hub: RowsWorkspace, mails: Taken) -> None:
    """Else a file would say who may accept it, beside Owners who can."""
    hub.people(*STAFF)
    check(hub)
    table = '[[directory]]\npath = "more.csv"\n[[hubs]]'
    hub.config.write_text(
        hub.config.read_text().replace("[[hubs]]", table, 1).replace(ANA, "eve@northwind.example")
    )
    old(hub, person(99, "Eve", primary_email="eve@northwind.example"), file="more.csv")
    assert not check(hub).directory[1].accepted

    assert (state(1).may_accept, state(1).no_owner) == (True, False)
    with pytest.raises(LoginRefused):
        send_code(load_settings(), "eve@northwind.example")
    login(ANA, mails)
    accept(load_settings(), None, "the partners' list is made once a month")
    assert entries(ACCEPTED)[0].payload["first"] is False
    assert check(hub).directory[1].accepted


def test_whom_an_accepted_read_calls_gone_no_refused_file_brings_back(
    hub: RowsWorkspace, mails: Taken
) -> None:
    table = '[[directory]]\npath = "more.csv"\n[[hubs]]'
    hub.config.write_text(hub.config.read_text().replace("[[hubs]]", table, 1))
    hub.people({**STAFF[0], "status": "deprovisioned"}, *STAFF[1:])
    old(hub, *STAFF, file="more.csv")
    check(hub)

    with pytest.raises(LoginRefused):
        send_code(load_settings(), ANA)
    assert mails.mails == []
    assert state(1).no_owner


def test_owners_of_the_ledger_count_where_the_warehouse_was_lost(hub: RowsWorkspace, mails: Taken) -> None:
    hub.people(*STAFF)
    check(hub)
    for file in hub.warehouse.parent.glob("*"):
        if not file.name.startswith("ledger"):
            file.rename(hub.folder / f"away-{file.name}")
    hub.config.write_text(hub.config.read_text().replace(ANA, STAFF[1]["primary_email"]))
    old(hub, *STAFF)
    assert not check(hub).directory[0].accepted

    with pytest.raises(LoginRefused):
        send_code(load_settings(), STAFF[1]["primary_email"])
    login(ANA, mails)
    accept(load_settings(), None, "nobody was hired since")
    assert check(hub).directory[0].accepted
    with ledger_of(load_settings()) as ledger, ledger.reading() as book:
        assert len(book.entries(kinds={NAMED})) == 1
