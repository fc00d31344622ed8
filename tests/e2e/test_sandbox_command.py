"""`hubroster sandbox`, the installed command as a process of its own: what others script against."""

import json
import re
import signal
import smtplib
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.e2e.processes import World, hubroster, sandbox

KEYS = {
    "graph_url",
    "business_id",
    "app_id",
    "app_secret",
    "access_token",
    "write_token",
    "directory_path",
    "smtp_host",
    "smtp_port",
    "admin_url",
}


def ask(world: World, path: str, *, post: bool = False, **params: str) -> dict[str, Any]:
    """Ask the Graph API with the world's token in the query, or in the body of a POST."""
    given = urlencode({"access_token": world.facts["access_token"], **params})
    url = f"{world.facts['graph_url']}/v26.0/{path}"
    request = Request(url, given.encode()) if post else Request(f"{url}?{given}")  # noqa: S310, our own address
    with urlopen(request, timeout=30) as answer:  # noqa: S310, our own address
        found: dict[str, Any] = json.load(answer)
        return found


def test_the_line_has_exactly_the_ten_keys_and_they_keep_their_promises(world: World) -> None:
    facts = world.facts

    assert set(facts) == KEYS
    assert facts["graph_url"].startswith("http://127.0.0.1:")
    assert not facts["graph_url"].endswith("/")
    assert "/v2" not in facts["graph_url"]
    assert facts["admin_url"].endswith("/_admin")
    assert Path(facts["directory_path"]).is_absolute()
    assert Path(facts["directory_path"]).is_file()
    assert isinstance(facts["smtp_port"], int)
    assert facts["access_token"] != facts["write_token"]
    assert ask(world, facts["business_id"])["id"] == facts["business_id"]
    users = ask(world, f"{facts['business_id']}/business_users", summary="true")
    assert users["summary"] == {"total_count": 40}


def test_mail_goes_in_by_smtp_and_out_by_get_mails(world: World) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "hubroster@northwind.example", "ana@northwind.example"
    message["Subject"] = "Two people left"
    message.set_content("Grüße")

    with smtplib.SMTP(world.facts["smtp_host"], world.facts["smtp_port"], timeout=10) as server:
        server.send_message(message)

    mails = world.admin("mails")["mails"]
    assert len(mails) == 1
    assert "Two people left" in json.dumps(mails)


def test_requests_tell_what_was_asked_and_never_a_token(world: World) -> None:
    facts, before = world.facts, datetime.now(UTC)
    hub, token = facts["business_id"], facts["access_token"]
    ask(world, f"{hub}/business_users", limit="2")
    items = [
        {"method": "GET", "relative_url": f"{hub}/pending_users?access_token={token}"},
        {"method": "GET", "relative_url": f"v26.0/{hub}/owned_pages?limit=1"},
    ]
    ask(world, "", post=True, batch=json.dumps(items), app_secret=facts["app_secret"])
    ask(world, "debug_token", input_token=token)
    bearer = Request(f"{facts['graph_url']}/{hub}/agencies", headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    urlopen(bearer, timeout=30).close()  # noqa: S310, our own address

    rows = world.admin("requests")["requests"][-4:]

    assert all(set(row) == {"at", "method", "path", "edge", "status", "items"} for row in rows)
    assert [(row["method"], row["status"]) for row in rows] == [
        ("GET", 200),
        ("POST", 200),
        ("GET", 200),
        ("GET", 200),
    ]
    assert [row["edge"] for row in rows[:1] + rows[3:]] == ["business_users", "agencies"]
    assert [len(row["items"]) for row in rows] == [0, 2, 0, 0]
    for row in rows:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|\+00:00)", row["at"])
        assert before <= datetime.fromisoformat(row["at"]) <= datetime.now(UTC)
    said = json.dumps(world.admin("requests"))
    for secret in (token, facts["write_token"], facts["app_secret"]):
        assert secret not in said


def test_sigterm_is_a_clean_end_and_takes_the_directory_along() -> None:
    with sandbox("--members", "5", "--directory", "20") as world:
        directory = Path(world.facts["directory_path"])
        assert len(directory.read_text(encoding="utf-8").splitlines()) >= 21
        ask(world, f"{world.facts['business_id']}/business_users")

        world.process.send_signal(signal.SIGTERM)
        rest = world.process.stdout.read() if world.process.stdout else ""

        assert world.process.wait(timeout=30) == 0
        assert rest == ""  # one line on stdout, logs on stderr
        assert "Traceback" not in world.err()
    assert not directory.exists()


def test_a_schedule_of_faults_holds_from_the_first_request(tmp_path: Path) -> None:
    schedule = tmp_path / "faults.json"
    schedule.write_text('[{"edge": "business_users", "fault": "row_missing"}]')
    with sandbox("--members", "5", "--directory", "20", "--faults", str(schedule)) as world:
        edge = f"{world.facts['business_id']}/business_users"

        first, second = ask(world, edge), ask(world, edge)

    assert [len(first["data"]), len(second["data"])] == [4, 5]


def test_latency_is_paid_by_every_request_and_a_little_more_by_every_item() -> None:
    with sandbox("--members", "5", "--directory", "20", "--latency-ms", "50") as world:
        hub = world.facts["business_id"]
        items = json.dumps([{"method": "GET", "relative_url": hub}] * 30)

        begun = time.monotonic()
        ask(world, hub)
        one = time.monotonic() - begun
        ask(world, "", post=True, batch=items)
        batch = time.monotonic() - begun - one

    assert one >= 0.05
    assert batch >= 0.08


@pytest.mark.parametrize(
    ("flags", "code", "told"),
    [
        (("--members", "many"), 2, "--members"),
        (("--colour", "red"), 2, "--colour"),
        (("--members", "0"), 2, "at least one member"),
        (("--hidden-emails", "2"), 2, "--hidden-emails"),
        (("--latency-ms", "nan"), 2, "latency"),
        (("--port", "99999"), 2, "--port"),
        (("--faults", "nowhere.json"), 2, "nowhere.json"),
        (("--faults", "broken.json"), 1, "broken.json is not JSON"),
    ],
)
def test_flags_that_can_not_be_used_are_one_line(
    tmp_path: Path, flags: tuple[str, ...], code: int, told: str
) -> None:
    (tmp_path / "broken.json").write_text("[{")
    ran = hubroster("sandbox", "--json", *flags, cwd=tmp_path)

    assert (ran.code, json.loads(ran.out)["exit"]) == (code, code)
    assert told in ran.err
    assert ran.err.count("\n") == 1
