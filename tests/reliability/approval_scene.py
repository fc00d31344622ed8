"""The hub of fourteen with its Owners: they check, read mails, type codes, and changes are applied."""

import asyncio
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from deployments.sandbox.server import Sandbox
from deployments.sandbox.world import World
from flows.answers.by_codes import Outcome, answer_by_codes
from flows.apply import apply_approved
from flows.applying.rows import Settled
from flows.checking.standing import match_members
from flows.mails.notify import notify
from flows.opening.ledger import ledger_of
from flows.reconcile import expire
from flows.review.reviewing import ask, decisions_of
from flows.settings import Settings, load_settings
from matching.review.standing import Review, open_review
from tasks.ledger.entry import Entry
from tasks.ledger.verify import verify
from tests.flows.kept_world import Kept
from tests.flows.plain_check import BoxWorkspace, Check
from tests.reliability.approval_world import OWNERS, address, approval_world, person_id

LABEL = "agency"
TEXT = """\
[workspace]
name = "Northwind"
timezone = "UTC"
[[directory]]
path = "{directory_path}"
[[hubs]]
label = "agency"
business_id = "{business_id}"
app_id = "{app_id}"
token = "env:TOKEN_agency"
{write}
sandbox = true
owners = [{owners}]
[meta]
graph_url = "{graph_url}"
wait_s = 0
[snapshots]
keep = 2
[mail]
host = "{smtp_host}"
port = {smtp_port}
from = "hubroster@northwind.example"
"""
CODED = re.compile(r"^\s*(.+?):\s+([A-Z0-9]{10})\s*$", re.MULTILINE)
ALL, KEEP_ALL = "All that is recommended", "Let all of them stay"
REMOVE, STAY = "Remove them", "Let them stay"


class Approving:
    """The hub "agency" of `approval_world`, by plain functions, against a sandbox on a socket."""

    def __init__(self, ws: BoxWorkspace) -> None:
        self.ws = ws
        self.box = ws.box
        self.at_s = 0.0  # how far both clocks are ahead of the true time

    @property
    def settings(self) -> Settings:
        return load_settings()

    def check(self) -> Check:
        """Check as `hubroster check` does: by what was decided; ask, and mail what follows."""
        found = self.ws.read().load()
        found.standing = match_members(found.job, decisions_of(self.settings, LABEL))
        found.draw().conclude()
        ask(self.settings, LABEL, found.report, found.told["report_id"])
        self.notify()
        return found

    def notify(self) -> tuple[int, list[str]]:
        return notify(self.settings, LABEL)

    def apply(self) -> dict[str, Settled]:
        """Carry out what is due, and mail the results; change id → what became of it."""
        settled = asyncio.run(apply_approved(self.settings, LABEL))
        self.notify()
        return {one.change: one for one in settled}

    def pass_time(self, **how: float) -> None:
        """Let time pass, on both sides; what is over is expired."""
        self.at_s += timedelta(**how).total_seconds()
        self.ws.move_clock(self.at_s)
        expire(self.settings, LABEL)

    def person(self, name: str, **columns: str) -> None:
        """Change somebody in the directory."""
        self.ws.admin(f"directory/{person_id(name)}", columns)

    def leave(self, *names: str) -> None:
        for name in names:
            self.person(name, status="deprovisioned")

    def mails(self, name: str, subject: str = "") -> list[dict[str, Any]]:
        """Return the mails to an Owner whose subject has these words, the newest last."""
        all_ = self.box.mailbox.messages()
        return [m for m in all_ if m["to"] == [address(name)] and subject in m["subject"]]

    def codes(self, name: str, place: int = -1) -> list[tuple[str, str]]:
        """Return (what stands before it, code) of the newest mail to an Owner that has codes."""
        found = [CODED.findall(m["text"]) for m in self.mails(name)]
        return next(iter([one for one in found if one][place:][:1]), [])

    def code(self, name: str, words: str = ALL) -> str:
        return next(code for label, code in self.codes(name) if words in label)

    def code_about(self, name: str, who: str, words: str = REMOVE) -> str:
        """Return the code for one answer about one member, from an Owner's newest mail that has it."""
        for mail in reversed(self.mails(name)):
            for item in re.split(r"^\d+\. ", mail["text"].partition("OR ANSWER BY CODES")[0], flags=re.M)[1:]:
                found = [code for label, code in CODED.findall(item) if label.strip() == words]
                if who in item and found:
                    return str(found[0])
        raise LookupError(f"no mail to {name} has a code about {who}")

    def type(self, *codes: str, **more: Any) -> Outcome:
        """Give codes as Prefect's form does."""
        return answer_by_codes(self.settings, codes, via="Prefect's form", **more)

    def says(self, name: str, words: str = "", about: str = "") -> Outcome:
        """Let an Owner type a code from his newest mail, of all or about one; receipts go out."""
        code = self.code_about(name, about, words or REMOVE) if about else self.code(name, words or ALL)
        outcome = self.type(code)
        self.notify()
        return outcome

    def rows(self, *kinds: str) -> list[Entry]:
        with ledger_of(self.settings) as ledger, ledger.reading() as book:
            return book.entries(hub=LABEL, kinds=set(kinds) or None)

    def named(self, refs: Sequence[str]) -> dict[str, str]:
        """Return for references of persons their ids."""
        with ledger_of(self.settings) as ledger, ledger.reading() as book:
            return {ref: facts.get("id", "") for ref, facts in book.named(refs).items()}

    def review(self) -> Review | None:
        return open_review(self.rows(), LABEL)

    def asked(self) -> dict[str, str]:
        """Return what the open review asks: change id → Meta id of the member."""
        review = self.review()
        return {change: one.member_id for change, one in review.asked.items()} if review else {}

    def results(self) -> list[tuple[str, str]]:
        """Return all results so far: (member id, outcome)."""
        return [(r.payload["member_id"], r.payload["outcome"]) for r in self.rows("result")]

    def ledger_ok(self) -> bool:
        with ledger_of(self.settings) as ledger:
            return verify(ledger).ok

    def deletes(self) -> list[tuple[str, int | None]]:
        """Return what was deleted at Meta, or tried: (Meta id, HTTP status), by Meta's own log."""
        return [
            (str(row["path"]).rstrip("/").rpartition("/")[2], row["status"])  # type: ignore[misc]
            for row in self.box.log.rows
            if row["method"] == "DELETE"
        ]

    def writes(self) -> list[str]:
        """Return everything that was sent to Meta and is no reading."""
        rows = self.box.log.rows
        return [
            f"{row['method']} {row['path']}"
            for row in rows
            if row["method"] == "DELETE" or (row["method"] == "POST" and not str(row["path"]).endswith("/"))
        ]

    def now(self) -> datetime:
        return self.settings.now()


@contextmanager
def approving(
    folder: Path,
    patch: pytest.MonkeyPatch,
    *,
    world: World | None = None,
    owners: Sequence[str] = OWNERS,
    read_only: bool = False,
) -> Iterator[Approving]:
    """Start a sandbox and make the hub's workspace in a folder; it was never checked."""
    with Sandbox(world or approval_world()) as box:
        yield workspace(folder, patch, box, owners, read_only=read_only)


def workspace(
    folder: Path,
    patch: pytest.MonkeyPatch,
    box: Sandbox,
    owners: Sequence[str] = OWNERS,
    *,
    read_only: bool = False,
) -> Approving:
    """Make the workspace of a running sandbox."""
    text = TEXT.format(
        **box.connection(),
        owners=", ".join(f'"{address(name)}"' for name in owners),
        write="" if read_only else 'write_token = "env:WRITE_agency"',
    )
    ws = BoxWorkspace(folder, patch, text)
    patch.setenv("TOKEN_agency", box.world.access_token)
    patch.setenv("WRITE_agency", box.world.write_token)
    ws.box = box
    return Approving(ws)


class Dawn:
    """A hub that was checked and asked about, to begin from as often as wanted: each time as if anew."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, box: Sandbox, *leavers: str) -> None:
        self.folder, self.box, self._patch = folder, box, patch
        hub = workspace(folder / "dawn", patch, box)
        hub.check()
        hub.leave(*leavers)
        hub.check()
        self._kept = Kept(box)

    def begin(self, name: str) -> Approving:
        """Return the hub as it stood, in a folder of its own."""
        self._kept.put_back()
        shutil.rmtree(self.folder / name, ignore_errors=True)
        shutil.copytree(self.folder / "dawn", self.folder / name, copy_function=_copied)
        hub = workspace(self.folder / name, self._patch, self.box)
        hub.ws.move_clock(0)
        return hub


def _copied(source: str, target: str) -> None:
    """Copy a file; one that nobody ever writes to again may be the same."""
    if source.endswith(("-full.duckdb", "-masked.duckdb")):
        os.link(source, target)
    else:
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


@contextmanager
def dawn_of(*leavers: str) -> Iterator[Dawn]:
    """Start a sandbox whose hub is asked about these leavers, among others."""
    with (
        TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        Sandbox(approval_world()) as box,
    ):
        yield Dawn(Path(folder), patch, box, *leavers)
