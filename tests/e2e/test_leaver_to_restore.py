"""A leaver's whole way, every part a process of its own: check, mail, page, removal, restore.

On the way `hubroster up` is killed, and started again.
"""

import os
import re
import subprocess
from pathlib import Path

from tests.e2e.owners_office import LOGIN_CODE, OwnersOffice, owners_office, wait_until
from tests.e2e.processes import HUBROSTER, Ran, sandbox, surroundings

DO_IT = re.compile(r"^\s+Do it:\s+(\w{10})", re.MULTILINE)


def log_in(office: OwnersOffice, owner: str) -> None:
    """Type the code that `hubroster login` mails."""
    before = len(office.codes(owner, LOGIN_CODE))
    with subprocess.Popen(
        [HUBROSTER, "login", owner],
        cwd=office.folder,
        env=surroundings(office.env),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_until(lambda: len(office.codes(owner, LOGIN_CODE)) > before, "a mail with a login code")
        code = office.codes(owner, LOGIN_CODE)[-1]
        _, err = process.communicate(f"{code}\n", timeout=60)
        assert process.returncode == 0, err


def _restore(office: OwnersOffice, owner: str, member: str) -> Ran:
    log_in(office, owner)
    return office.run("restore", "agency", member, "--reason", "it was a mistake")


def _hired_again(directory: Path, person_id: str) -> None:
    """Let the directory say that somebody works there."""
    rows = directory.read_text(encoding="utf-8").splitlines(keepends=True)
    mended = [
        row.replace("deprovisioned", "active") if row.startswith(f"{person_id},") else row for row in rows
    ]
    assert mended != rows
    directory.write_text("".join(mended), encoding="utf-8")


def test_a_leaver_is_removed_by_two_owners_on_the_page_and_can_be_restored(tmp_path: Path) -> None:
    """Nobody goes before the Owners said so, exactly who was approved goes, and can be brought back."""
    with sandbox("--port", "0", "--seed", "1", "--members", "40") as world:
        office = owners_office(tmp_path, world)
        stories = world.state()["stories"]
        (plain,) = stories["ex_employee"]["member_ids"]
        (admin,) = stories["ex_employee_full_control"]["member_ids"]
        before = office.users()
        checked = office.check()
        assert checked.code == 1, "a leaver is held back"
        first, second = office.owners[:2]
        assert any(mail["subject"].startswith("Action needed by") for mail in office.mails(first))

        with office.up() as up:
            office.answers_on_the_page(first, "agency-1")
            parts = _found("-P", str(up.pid))
            assert len(parts) == 3
            up.kill()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in parts), "the end of its parts")

        with office.up() as up:
            wait_until(lambda: plain not in office.users(), "the removal that one Owner decides")
            assert office.users() == before - {plain}

            office.answers_on_the_page(second, "agency-1")
            wait_until(lambda: admin not in office.users(), "the removal that two Owners decide")
            assert office.users() == before - {plain, admin}

            def told(subject: str) -> bool:
                return any(mail["subject"].startswith(subject) for mail in office.mails(second))

            wait_until(lambda: told("Receipt") and told("Done"), "receipt and result mails")

            refused = _restore(office, first, plain)
            assert refused.code == 1
            assert "has left" in refused.err
            _hired_again(Path(world.facts["directory_path"]), world.state()["answer_key"][plain]["person_id"])
            office.check()
            earlier = set(world.state()["invites"])
            asked = _restore(office, first, plain)
            assert asked.code == 0, asked.err
            yes = office.run("decide", office.code(second, DO_IT))
            assert yes.code == 0, yes.err
            wait_until(lambda: len(set(world.state()["invites"]) - earlier) == 1, "an invitation")

        assert up.returncode == 0
        verified = office.run("ledger", "verify", "--json")
        assert verified.last["ok"], verified.out
        assert _found("-f", str(tmp_path)) == []
        deletes = [row["path"] for row in world.admin("requests")["requests"] if row["method"] == "DELETE"]
        assert len([path for path in deletes if path.endswith(f"/{plain}")]) == 1


def _found(*how: str) -> list[str]:
    """Return the processes that `pgrep` finds, without this one."""
    found = subprocess.run(["pgrep", *how], capture_output=True, text=True, check=False)
    return [pid for pid in found.stdout.split() if pid != str(os.getpid())]
