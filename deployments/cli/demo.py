"""`hubroster demo`: the whole program once, against the sandbox, in a folder of its own."""

import json as json_module
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from deployments.cli.output import print_json, stderr
from flows.settings import Settings, load_settings
from tasks.errors import HubrosterError, InputError
from tasks.reports import read_report

FOLDER = Path(".hubroster-demo")
_MARK = "made-by-hubroster-demo"
_SETTINGS = """\
# Made by `hubroster demo`; the sandbox that it points to ends with the demo.
[workspace]
name = "Northwind"
[[directory]]
path = "people.csv"
[[hubs]]
label = "agency"
business_id = "{business_id}"
app_id = "{app_id}"
app_secret = "env:HUBROSTER_DEMO_APP_SECRET"
token = "env:HUBROSTER_DEMO_TOKEN"
write_token = "env:HUBROSTER_DEMO_WRITE_TOKEN"
owners = {owners}
sandbox = true
[meta]
graph_url = "{graph_url}"
[policy]
hold_min = 0
[mail]
host = "{smtp_host}"
port = {smtp_port}
[page]
url = "http://127.0.0.1:{page_port}"
"""


class DemoFailed(HubrosterError):
    """The demo's story didn't go as told."""


def demo(*, json: bool = False, pause: bool = False, seed: int = 1, members: int = 40) -> int:
    """Run a whole check against a stand-in for Meta: nothing to configure, no network.

    Parameters
    ----------
    json
        Print one object on one line, the last of stdout.
    pause
        Stop at the gate: run everything, say where the Owners answer, and let you play them until Ctrl-C.
    seed
        The world to play in; its named stories are the same in all of them.
    members
        How many members its hub has.
    """
    folder = _fresh_folder()
    with _sandbox(seed, members) as world:
        _settle(folder, world)
        surroundings = dict(os.environ)
        from deployments.cli.check import run_check, show_result  # after the environment is set

        settings = load_settings()
        result = run_check(settings, "agency")
        _as_told(settings, result, _stories(world))
        if not json:
            show_result(settings, result)
            stderr.print()
        if pause:
            from deployments.cli.demo_pause import wait_at_the_gate

            return wait_at_the_gate(settings, world, result, surroundings, _free_port(), json=json)
        from deployments.cli.demo_answers import answer_and_apply, told

        done = answer_and_apply(settings, world, "agency")
        _as_approved(done)
        settled = done.pop("settled")
        if json:
            print_json({"check": result, **done})
        else:
            for line in told(settled, read_report(settings.home, result["report_id"])):
                stderr.print(f"  {line}", markup=False, soft_wrap=True)
            _farewell(folder)
    return 0


def _program() -> str:
    """Return how this program was called, so that a line can be pasted where it isn't on the PATH."""
    called = Path(sys.argv[0])
    if called.name != "hubroster":
        return "hubroster"
    here = Path.cwd()
    return str(called.relative_to(here) if called.is_relative_to(here) else called)


def _stories(world: dict[str, Any]) -> dict[str, list[str]]:
    """Return the member ids of each of the world's named stories, as the sandbox itself tells them."""
    return {name: story["member_ids"] for name, story in _state(world)["stories"].items()}


def _state(world: dict[str, Any]) -> dict[str, Any]:
    answer = httpx.get(f"{world['admin_url']}/state", timeout=60, trust_env=False).raise_for_status()
    state: dict[str, Any] = answer.json()
    return state


def _as_approved(done: dict[str, Any]) -> None:
    """Raise DemoFailed unless exactly those were removed at Meta whose removal was approved."""
    if not done["approved"] or done["approved"] != done["removed_at_meta"] or not done["ledger_ok"]:
        raise DemoFailed(
            f"approved were {done['approved']}, removed {done['removed_at_meta']}; "
            f"the ledger is {'whole' if done['ledger_ok'] else 'broken'}"
        )


def _as_told(settings: Settings, result: dict[str, Any], stories: dict[str, list[str]]) -> None:
    """Raise DemoFailed unless the check found exactly the leavers that the world's stories tell of."""
    if not result["complete"]:
        raise DemoFailed(f"the demo's check was not complete; report {result['report_id']} says why")
    report = read_report(settings.home, result["report_id"])
    removals = {p["member"]["member_id"] for p in report["proposals"] if p["kind"] == "remove"}
    held_back = {p["member"]["member_id"] for p in report["held_back"]}
    unmatched = {p["member"]["member_id"] for p in report["proposals"] if p["kind"] == "resolve"}
    for story, found in {
        "ex_employee": removals,
        "ex_employee_full_control": removals,
        "last_in_control": held_back,
        "two_people_one_name": unmatched,
        "shared_login": unmatched,
    }.items():
        if not found.issuperset(stories.get(story, ())):
            raise DemoFailed(f"the story {story!r} didn't go as told: report {result['report_id']}")


def _farewell(folder: Path) -> None:
    stderr.print()
    stderr.print(f"The world of the demo has ended; what it left to look at is in {folder}:", markup=False)
    for command in ("members agency --tab unmatched", "report agency --all", "snapshots"):
        line = f"  HUBROSTER_CONFIG={folder}/hubroster.toml {_program()} {command}"
        stderr.print(line, markup=False, soft_wrap=True)


def _fresh_folder() -> Path:
    """Make the demo's folder anew; a folder that the demo didn't make is left alone."""
    if FOLDER.exists():
        if not (FOLDER / _MARK).exists():
            raise InputError(f"{FOLDER.resolve()} was not made by the demo: move it away")
        shutil.rmtree(FOLDER)
    FOLDER.mkdir(mode=0o700)
    (FOLDER / _MARK).touch()
    return FOLDER


def _settle(folder: Path, world: dict[str, Any]) -> None:
    shutil.copy2(world["directory_path"], folder / "people.csv")
    (folder / "hubroster.toml").write_text(
        _SETTINGS.format(**world, owners=json_module.dumps(_owners(world)), page_port=_free_port()),
        encoding="utf-8",
    )
    for name, value in {
        "HUBROSTER_CONFIG": str(folder / "hubroster.toml"),
        "HUBROSTER_DEMO_APP_SECRET": world["app_secret"],
        "HUBROSTER_DEMO_TOKEN": world["access_token"],
        "HUBROSTER_DEMO_WRITE_TOKEN": world["write_token"],
    }.items():
        os.environ[name] = value
    for name in ("HUBROSTER_HOME", "HUBROSTER_CLOCK_S", "PREFECT_API_URL"):
        os.environ.pop(name, None)  # the demo touches nothing outside its folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _owners(world: dict[str, Any]) -> list[str]:
    """Return the addresses of the world's Owners, as its stories name them."""
    state = _state(world)
    owners = set(state["stories"]["owners"]["person_ids"])
    return [p["primary_email"] for p in state["directory"] if p["person_id"] in owners]


@contextmanager
def _sandbox(seed: int, members: int) -> Iterator[dict[str, Any]]:
    """Run the sandbox as a process of its own, as a user would, and end it whatever happens."""
    command = [sys.executable, "-m", "deployments.cli", "sandbox", "--json"]
    command += ["--seed", str(seed), "--members", str(members)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise DemoFailed(f"the sandbox didn't start: {' '.join(command)}")
        yield json_module.loads(line)
    finally:
        process.terminate()
        process.wait(timeout=20)
