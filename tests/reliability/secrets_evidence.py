"""A run of checks as talkative as an operator can make it, and all that it leaves behind."""

import hashlib
import hmac
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import prefect.logging
import pytest

from deployments.sandbox.server import Sandbox
from tests.e2e.processes import CONFIG, surroundings
from tests.reliability.secrets_search import Needles, Search

ROOT = Path(__file__).parents[2]
TALKATIVE = """
  httpx: {level: DEBUG, handlers: [console], propagate: false}
  httpcore: {level: DEBUG, handlers: [console], propagate: false}
  hpack: {level: DEBUG, handlers: [console], propagate: false}
  hubroster: {level: DEBUG, handlers: [api, console], propagate: false}
  tasks: {level: DEBUG, handlers: [api, console], propagate: false}
  flows: {level: DEBUG, handlers: [api, console], propagate: false}

"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a run left: its folder, what it said, its command lines, and what must not be in any of them."""

    folder: Path
    out: str
    err: str
    lines: set[str]
    secrets: dict[str, str]
    personal: dict[str, str]

    def search(self, needles: Needles, *below: str) -> Search:
        """Search what was said, and the folder or parts of it."""
        search = Search(needles)
        for part in below or (".",):
            search.tree(self.folder / part)
        search.text("stdout", self.out)
        search.text("stderr", self.err)
        search.text("the command lines", "\n".join(sorted(self.lines)))
        return search


def secrets_of(box: Sandbox) -> dict[str, str]:
    world = box.world
    proof = hmac.new(world.app_secret.encode(), world.access_token.encode(), hashlib.sha256).hexdigest()
    links = {
        f"the invitation {i.id}": urlsplit(i.invite_link).query.removeprefix("token=")
        for i in world.invites.values()
    }
    found = {"the token": world.access_token, "the app secret": world.app_secret, "the proof": proof} | links
    assert links
    return found | {"the writing token": world.write_token}


def personal_of(box: Sandbox) -> dict[str, str]:
    """Names and addresses of all members who are somebody, of who is invited, and of the directory."""
    words: set[str | None] = set()
    for user in box.world.users.values():
        if not user.is_system:
            words |= {user.name, user.email, user.pending_email}
    words |= {invite.email for invite in box.world.invites.values()}
    rows = box.directory_path.read_text(encoding="utf-8").splitlines()
    words |= {cell for row in rows[1:] for cell in row.split(",") if "@" in cell}
    return {f"personal: {word}": word for word in words if word and len(word) > 7}


def run(box: Sandbox, folder: Path, plan: list[dict[str, Any]], leaks: tuple[str, ...] = ()) -> Evidence:
    """Run the rounds in a folder of their own, temporary files and Prefect's home included."""
    box.admin("faults", [])
    aside = folder.with_name(f"{folder.name}-aside")
    for made in (folder / "tmp", aside):
        made.mkdir(parents=True)
    (folder / "hubroster.toml").write_text(CONFIG.format(**box.connection()), encoding="utf-8")
    (aside / "plan.json").write_text(
        json.dumps({"admin_url": box.admin_url, "rounds": plan, "leaks": leaks}), encoding="utf-8"
    )
    yml = Path(prefect.logging.__file__).with_name("logging.yml").read_text(encoding="utf-8")
    (aside / "logging.yml").write_text(
        yml.replace("# The root logger: any", TALKATIVE + "# The root logger: any")
    )
    env = surroundings(
        {
            "AGENCY_TOKEN": box.world.access_token,
            "AGENCY_SECRET": box.world.app_secret,
            "META_PORT": str(urlsplit(box.graph_url).port),
            "TMPDIR": str(folder / "tmp"),
            "PYTHONPATH": str(ROOT),
            "PREFECT_LOGGING_LEVEL": "DEBUG",
            "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "DEBUG",
            "PREFECT_LOGGING_SETTINGS_PATH": str(aside / "logging.yml"),
            "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "true",
        }
    )
    words = [
        sys.executable,
        "-X",
        "dev",
        str(ROOT / "tests/reliability/secrets_run.py"),
        str(aside / "plan.json"),
    ]
    out, err = aside / "out", aside / "err"
    with out.open("w") as said, err.open("w") as talked:
        process = subprocess.Popen(
            words, cwd=folder, env=env, stdout=said, stderr=talked, stdin=subprocess.DEVNULL
        )
        lines = watched(process)
    return Evidence(folder, out.read_text(), err.read_text(), lines, secrets_of(box), personal_of(box))


def watched(process: subprocess.Popen[bytes]) -> set[str]:
    """Wait for the end, and return the command lines of the process and its children that could be seen."""
    seen: set[str] = set()
    for _ in range(240 * 2):
        for pid in (process.pid, *children(process.pid)):
            try:
                seen.add(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        try:
            process.wait(0.5)
        except subprocess.TimeoutExpired:
            continue
        return seen
    process.kill()
    pytest.fail("the checks did not end")


def children(pid: int) -> list[int]:
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(one) for one in told.split()]
