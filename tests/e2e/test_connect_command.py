"""An empty folder, the docs, and a stand-in for Meta: connected, looked at, checked, disconnected."""

import os
import pty
import subprocess
import tomllib
from pathlib import Path

from tests.e2e.processes import HUBROSTER, World, hubroster, surroundings


def flags(world: World, **other: str) -> list[str]:
    facts = world.facts
    given = {
        "business-id": facts["business_id"],
        "app-id": facts["app_id"],
        "app-secret": "env:SECRET",
        "token": "env:READ",
        "write-token": "env:WRITE",
        "workspace": "Northwind",
        "timezone": "Europe/Berlin",
        "directory": facts["directory_path"],
        "mail-host": facts["smtp_host"],
        "mail-port": str(facts["smtp_port"]),
        "mail-from": "hubroster@northwind.example",
        "sandbox": facts["graph_url"],
    } | {name.replace("_", "-"): value for name, value in other.items()}
    words = [word for name, value in given.items() if value for word in (f"--{name}", value)]
    return words + [word for one in owners(world) for word in ("--owner", one)]


def secrets(world: World) -> dict[str, str]:
    facts = world.facts
    return {"READ": facts["access_token"], "WRITE": facts["write_token"], "SECRET": facts["app_secret"]}


def owners(world: World) -> list[str]:
    rows = world.state()["directory"]
    fit = [row for row in rows if row["status"] == "active" and row["kind"] == "employee"]
    return [row["primary_email"] for row in fit[:2]]


def test_connect_then_all_is_green_then_a_check_and_the_end(world: World, tmp_path: Path) -> None:
    env = secrets(world)

    connected = hubroster("connect", "acme", *flags(world), cwd=tmp_path, env=env)
    assert (connected.code, "acme is connected" in connected.err) == (0, True), connected.err
    preflight = hubroster("preflight", "acme", "--json", cwd=tmp_path, env=env)
    points = [*preflight.last["hubs"][0]["points"], *preflight.last["workspace"]]
    assert (preflight.code, {point["state"] for point in points}) == (0, {"ok"}), points
    checked = hubroster("check", "acme", "--json", cwd=tmp_path, env=env)
    assert checked.last["complete"], checked.err
    listed = hubroster("hubs", "--json", cwd=tmp_path, env=env).last["hubs"]
    assert [(hub["hub"], hub["members"], hub["leavers"]) for hub in listed] == [
        ("acme", checked.last["members"], checked.last["tabs"]["deprovisioned"])
    ]

    ended = hubroster("disconnect", "acme", "--reason", "sold", "--json", cwd=tmp_path, env=env)
    assert (ended.code, ended.last["reviews"]) == (0, ["acme-1"]), ended.err
    assert not list((tmp_path / "hubs.d").iterdir())
    requests = world.admin("requests")["requests"]
    assert {item["method"] for row in requests for item in row["items"] or [row]} == {"GET"}


def test_what_is_asked_at_a_terminal_is_typed_and_no_token_is_shown(world: World, tmp_path: Path) -> None:
    facts = world.facts
    answers = [
        "acme",
        facts["business_id"],
        facts["app_id"],
        facts["app_secret"],
        facts["access_token"],
        "env:WRITE",
        "",
        owners(world)[0],
        "Northwind",
        facts["directory_path"],
        "Europe/Berlin",
        facts["smtp_host"],
        "9",  # nobody listens there
        "",
        "",  # look again
        "anyway",
    ]
    shown, code = typed(["connect", "--sandbox", facts["graph_url"]], answers, tmp_path, secrets(world))

    assert code == 0, shown
    assert shown.count("was not connected, and nothing was written: mend mail") == 2
    assert "acme is connected, though broken: mail" in shown
    assert facts["access_token"] not in shown
    assert facts["app_secret"] not in shown
    hub = tomllib.loads((tmp_path / "hubs.d" / "acme.toml").read_text())
    assert (hub["token"], hub["write_token"]) == ("file:.hubroster/secrets/acme.token", "env:WRITE")
    kept = tmp_path / ".hubroster" / "secrets" / "acme.token"
    assert (kept.read_text().strip(), kept.stat().st_mode & 0o777) == (facts["access_token"], 0o600)


def typed(words: list[str], answers: list[str], cwd: Path, env: dict[str, str]) -> tuple[str, int]:
    """Run the command at a terminal, typing each answer when it has asked; return the screen and the code."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [HUBROSTER, *words], cwd=cwd, env=surroundings(env | {"COLUMNS": "200"}), stdin=theirs, stdout=theirs,
        stderr=theirs, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        screen, waiting = "", list(answers)
        while True:
            try:
                new = os.read(ours, 4096).decode(errors="replace")
            except OSError:  # the other end has closed
                break
            screen += new
            if waiting and new.endswith(": "):
                os.write(ours, f"{waiting.pop(0)}\n".encode())
        code = process.wait(timeout=60)
    os.close(ours)
    return screen, code
