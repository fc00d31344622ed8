"""What an operator watches: runs, numbers, health; and that none of it names anybody."""

import asyncio
import fcntl
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deployments.page.app import create_app
from flows.answers.page import Answering
from flows.checking.job import lock_of
from flows.opening.ledger import ledger_of
from flows.server.lasting import LastingServer, announce, only_up, running_server
from flows.server.start import starting_alone
from flows.settings import Settings
from flows.watch.health import health
from flows.watch.metrics import HUB_NUMBERS, OWN_NUMBERS, numbers
from flows.watch.reconciled import note_reconciled
from flows.watch.runs import runs_in_books
from matching.review.standing import open_review
from tasks.errors import InputError, PrefectUnreachable
from tests.flows.owned_hub import OwnedHub

PAGE = "http://127.0.0.1:8080"
HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.readline()"
PIPES: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}


def _get(
    settings: Settings, path: str, seen_from: str = "127.0.0.1", headers: dict[str, str] | None = None
) -> httpx.Response:
    """Ask the page, as a process of this machine or from an address that its proxy told."""
    app = httpx.ASGITransport(create_app(Answering(settings), PAGE), client=(seen_from, 50000))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=app, base_url=PAGE) as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


def _read(text: str) -> dict[str, float]:
    return {
        sample.name.removeprefix("hubroster_"): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_numbers_tell_what_stands_in_the_books_and_name_nobody(owned: OwnedHub) -> None:
    """Whoever watches them sees a leaver who is held back, an open question, and a check that is too old."""
    checked = owned.last
    note_reconciled(owned.settings.home, 0)
    answer = _get(owned.settings, "/metrics")
    told = _read(answer.text)

    assert set(told) == (set(HUB_NUMBERS) | set(OWN_NUMBERS)), "each that is documented"
    assert told["leavers_held_back"] == checked.told["held_back"] > 0
    assert told["open_questions"] == len(owned.asked()) > 0
    assert 0 <= told["oldest_open_question_age_seconds"] < 3600
    assert abs(told["last_complete_check_seconds"] - time.time()) < 3600
    assert told["last_check_seconds"] == told["last_complete_check_seconds"]
    assert told["ledger_entries"] == owned.rows()[-1].seq
    assert (told["mails_due"], told["mails_failed"], told["server_up"]) == (0, 0, 0)
    assert told["meta_requests"] > 0
    names = [row["display_name"] for row in owned.ws.box.world.directory]
    assert not [word for word in ("@", *names) if word in answer.text]
    assert {
        s.labels.get("hub", "agency") for f in text_string_to_metric_families(answer.text) for s in f.samples
    } == {"agency"}


def test_a_question_that_was_answered_is_open_no_more_and_its_approval_waits(owned: OwnedHub) -> None:
    before = numbers(owned.settings).hubs
    (kept, *_) = owned.asked()
    owned.login(0)
    owned.answer(0, kept, "keep")
    after = numbers(owned.settings).hubs

    assert after["open_questions"]["agency"] == before["open_questions"]["agency"] - 1
    assert after["mails_due"]["agency"] > 0, "the receipts"


def test_a_scrape_neither_waits_long_for_a_check_that_writes_nor_calls_the_ledger_unreadable(
    owned: OwnedHub,
) -> None:
    path = owned.settings.warehouse_path
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], **PIPES) as writer:
        assert writer.stdout.readline() == "held\n"
        began = time.monotonic()
        found = numbers(owned.settings)
        took = time.monotonic() - began
        writer.communicate("go\n")

    assert (found.own["warehouse_readable"], found.own["ledger_readable"]) == (0, 1)
    assert (found.hubs["mails_due"], found.hubs["last_check_seconds"]) == ({}, {})
    assert found.hubs["open_questions"]["agency"] > 0
    assert took < 10, "lock_wait_s is 60"


def test_a_scrape_after_an_upgrade_leaves_the_warehouse_as_it_is(owned: OwnedHub) -> None:
    """Bringing it up to date is for who needs what is in it."""
    path = owned.settings.warehouse_path
    with duckdb.connect(str(path)) as con:
        con.execute("drop table weighed")
        con.execute("delete from schema_migrations where number > 3")
    before = path.read_bytes()

    assert numbers(owned.settings).own["warehouse_readable"] == 0
    assert path.read_bytes() == before


def test_the_numbers_are_for_this_machine_and_for_networks_that_are_named(owned: OwnedHub) -> None:
    """A proxy on this machine asks for the world: what it forwards is refused."""
    settings = owned.settings

    assert _get(settings, "/metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 404
    assert _get(settings, "/metrics", headers={"via": "1.1 proxy"}).status_code == 404
    assert _get(settings, "/metrics", "203.0.113.9").status_code == 404
    owned.ws.config.write_text(owned.ws.config.read_text() + '[metrics]\nallow = ["203.0.113.0/24"]\n')
    assert _get(owned.settings, "/metrics", "203.0.113.9").status_code == 200
    assert _get(owned.settings, "/metrics", "198.51.100.9").status_code == 404


def test_health_is_503_until_server_flows_and_reconcile_are_alive_and_names_nothing(owned: OwnedHub) -> None:
    settings = owned.settings
    sick = _get(settings, "/healthz")

    assert sick.status_code == 503
    assert set(sick.json()) == {"ok", "server", "flows", "reconcile", "reconciled_at"}
    assert sick.json()["server"] == "none runs"
    assert _get(settings, "/livez").text == "ok"
    note_reconciled(settings.home, 0)
    assert health(settings).reconcile == "ok"
    note_reconciled(settings.home, 2)
    assert health(settings).reconcile == "2 failed"
    (settings.home / "reconciled.json").write_text('{"at": "2026-01-01T00:00:00+00:00", "failed": 0}')
    assert "too long ago" in health(settings).reconcile
    (settings.home / "reconciled.json").write_text("cut of")
    assert "none" in health(settings).reconcile


def test_runs_without_a_server_come_from_warehouse_and_ledger(owned: OwnedHub) -> None:
    """Each has a state and a reason; a check whose process was killed is told as crashed, not as running."""
    runs = {run.kind: run for run in runs_in_books(owned.settings, 50)}

    assert set(runs) == {"check", "review"}
    assert (runs["check"].state, runs["check"].hub) == ("Completed", "agency")
    assert "complete" in runs["check"].why
    assert runs["review"].state == "Waiting"
    assert "question" in runs["review"].why
    assert json.dumps(runs["check"].as_json())

    owned.ws.read().load()  # a check that is killed before it has a report
    assert runs_in_books(owned.settings, 1)[0].state == "Crashed"
    with lock_of(owned.settings, "agency").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert runs_in_books(owned.settings, 1)[0].state == "Running"


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Pacific/Kiritimati"])  # in one of them it is another day
def test_runs_say_until_which_day_a_review_is_open_where_people_are(owned: OwnedHub, zone: str) -> None:
    there = owned.settings.workspace.model_copy(update={"timezone": zone})
    settings = owned.settings.model_copy(update={"workspace": there})
    with ledger_of(settings) as ledger, ledger.reading() as book:
        review = open_review(book.entries(hub="agency"), "agency")
    runs = {run.kind: run for run in runs_in_books(settings, 50)}

    assert review is not None
    assert f"until {review.expires_at.astimezone(ZoneInfo(zone)):%Y-%m-%d}" in runs["review"].why


def test_an_up_that_was_killed_is_not_taken_for_a_running_one(owned: OwnedHub) -> None:
    """Also where its number belongs to another process by now, as after a reboot."""
    settings = owned.settings
    server = LastingServer("http://127.0.0.1:1/api", "hubroster:x", 1)
    announce(settings, server)
    assert running_server(settings) is None

    with only_up(settings):
        announce(settings, server)
        assert running_server(settings) == server
        with pytest.raises(InputError, match="runs already"), only_up(settings):
            pass
    assert running_server(settings) is None


def test_two_servers_of_one_home_start_one_after_the_other(tmp_path: Path) -> None:
    with (
        starting_alone(tmp_path / "prefect"),
        pytest.raises(PrefectUnreachable, match="another hubroster has been starting"),
        starting_alone(tmp_path / "prefect", wait_s=0.3),
    ):
        pass
    with starting_alone(tmp_path / "prefect", wait_s=0):
        assert datetime.now(UTC)
