"""A hub with Owners who log in by mail, ask, decide and answer: sandbox, SMTP server, a real ledger."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from flows.apply import apply_approved
from flows.applying.rows import Settled
from flows.checking.standing import match_members
from flows.mails.notify import notify
from flows.opening.ledger import ledger_of, people_by_id, person_ref
from flows.owners.login import log_in, send_code
from flows.review.answering import record_answers
from flows.review.reviewing import ask, decisions_of
from flows.settings import Settings, load_settings
from matching.review.standing import open_review
from tasks import boundaries
from tasks.ledger.entry import Entry
from tasks.ledger.verify import verify
from tests.flows.kept_world import Kept
from tests.flows.plain_check import BoxWorkspace, Check

TEXT = """\
[workspace]
name = "Northwind"
[[directory]]
path = "{directory_path}"
[[hubs]]
label = "agency"
business_id = "{business_id}"
app_id = "{app_id}"
token = "env:TOKEN_agency"
write_token = "env:WRITE_agency"
sandbox = true
owners = [{owners}]
[meta]
graph_url = "{graph_url}"
[policy]
hold_min = 0
two_approvers_for = []
[mail]
host = "{smtp_host}"
port = {smtp_port}
from = "hubroster@northwind.example"
"""
CODE = re.compile(r"^\s*Your code:\s+([A-Z0-9]{10})\s*$", re.MULTILINE)


@dataclass
class OwnedHub:
    """The hub "agency". `owners` are the rows of its Owners in the directory; none of them has a seat."""

    ws: BoxWorkspace
    owners: list[dict[str, Any]]
    last: Check = field(init=False)

    @property
    def settings(self) -> Settings:
        return load_settings()

    def check(self) -> Check:
        """Check as `hubroster check` does: by what was decided, asking and mailing what follows."""
        found = self.ws.read().load()
        found.standing = match_members(found.job, decisions_of(self.settings, "agency"))
        self.last = found.draw().conclude()
        ask(self.settings, "agency", found.report, found.told["report_id"])
        notify(self.settings, "agency")
        return self.last

    def login(self, place: int) -> str:
        """Log an Owner in by the code in his mail; return his reference."""
        return self.login_as(self.owners[place]["primary_email"])

    def login_as(self, address: str) -> str:
        ref = send_code(self.settings, address)
        log_in(self.settings, ref, self.code_for(address))
        return ref

    def code_for(self, address: str) -> str:
        """Return the code in the newest mail to an address."""
        texts = [m["text"] for m in self.mails() if m["to"][0].lower() == address.lower()]
        return next(found[1] for text in reversed(texts) if (found := CODE.search(text or "")))

    def mails(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ws.box.admin("mails")["mails"]
        return found

    def ref(self, place: int) -> str:
        return self.ref_of(self.owners[place]["person_id"])

    def ref_of(self, person_id: str) -> str:
        known = people_by_id(self.settings, [person_id])[person_id]
        with ledger_of(self.settings) as ledger, ledger.writing() as book:
            return person_ref(book, known)

    def answer(self, place: int, change: str, answer: str) -> Any:
        """Answer the open review as an Owner."""
        with ledger_of(self.settings) as ledger, ledger.writing() as book:
            review = open_review(book.entries(hub="agency"), "agency")
            assert review is not None
            return record_answers(
                self.settings,
                book,
                "agency",
                review.id,
                person=self._known(book, place),
                answers={change: answer},
                identified_by="page code",
            )

    def _known(self, book: Any, place: int) -> str:
        found = book.find("person", self.owners[place]["person_id"])
        assert found
        return str(found)

    def apply(self) -> dict[str, Settled]:
        return {one.change: one for one in asyncio.run(apply_approved(self.settings, "agency"))}

    def rows(self, *kinds: str) -> list[Entry]:
        with ledger_of(self.settings) as ledger, ledger.reading() as book:
            return book.entries(hub="agency", kinds=set(kinds) or None)

    def asked(self) -> list[str]:
        """Return the change ids of the open review."""
        review = open_review(self.rows(), "agency")
        return list(review.asked) if review else []

    def ledger_ok(self) -> bool:
        with ledger_of(self.settings) as ledger:
            return bool(verify(ledger).ok)

    def seats(self, **facts: Any) -> list[dict[str, Any]]:
        """Return the seats of the last check of which all this is so."""
        assert self.last.standing is not None
        frame = self.last.standing.seated.seats
        for name, value in facts.items():
            frame = frame[frame[name] == value]
        return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]

    def user(self, member_id: str) -> Any:
        return self.ws.box.world.users.get(member_id)

    def writes(self) -> list[dict[str, Any]]:
        """Return what was sent to Meta that is no reading: those are batches, posted to the root."""
        rows = self.ws.box.admin("requests")["requests"]
        return [row for row in rows if row["method"] in ("POST", "DELETE") and not row["path"].endswith("/")]


@contextmanager
def owned_hub(folder: Path, monkeypatch: pytest.MonkeyPatch, owners: int = 2) -> Iterator[OwnedHub]:
    """Start a sandbox with a hub of 40 that has so many Owners, and check it once."""
    with Sandbox(WorldPlan(seed=11, members=40, pages=6, ad_accounts=5, directory=90)) as box:
        made = _in(folder, monkeypatch, box, owners)
        made.check()
        yield made


class OwnedDawn:
    """A hub with two Owners that was checked once, to begin from as often as wanted: each time as if anew."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, box: Sandbox) -> None:
        self.folder, self.box = folder, box
        made = _in(folder / "dawn", patch, box, 2)
        self.last = made.check()
        self._kept = Kept(box)

    def begin(self, folder: Path, patch: pytest.MonkeyPatch) -> OwnedHub:
        """Return the hub as it stood, in a folder of its own."""
        self._kept.put_back()
        shutil.copytree(self.folder / "dawn", folder, dirs_exist_ok=True)
        hub = _in(folder, patch, self.box, 2)
        hub.ws.move_clock(0)
        hub.last = self.last
        return hub


def _in(folder: Path, patch: pytest.MonkeyPatch, box: Sandbox, owners: int) -> OwnedHub:
    world = box.world
    seated = {key.get("person_id") for key in world.answer_key.values()}
    free = [
        row
        for row in world.directory
        if row["status"] == "active" and row["kind"] == "employee" and row["person_id"] not in seated
    ]
    chosen = [dict(row) for row in free[:owners]]
    text = TEXT.format(
        **{k: v for k, v in box.connection().items() if k != "owners"},
        owners=", ".join(f'"{row["primary_email"]}"' for row in chosen),
    )
    ws = BoxWorkspace(folder, patch, text)
    patch.setenv("TOKEN_agency", world.access_token)
    patch.setenv("WRITE_agency", world.write_token)
    ws.box = box
    return OwnedHub(ws, chosen)


def leaver(hub: OwnedHub) -> tuple[str, dict[str, Any]]:
    """Let a colleague leave; return the change id of the removal, and the seat."""
    seat = next(r for r in hub.seats(kind="user", tab="onboarded") if r["role"] == "EMPLOYEE")
    hub.ws.admin(f"directory/{seat['person_id']}", {"status": "deprovisioned"})
    hub.check()
    review = open_review(hub.rows(), "agency")
    assert review is not None
    return next(q.id for q in review.asked.values() if q.member_id == seat["member_id"]), seat


def while_reading(monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
    """Do something when the hub was read again and nothing was called yet."""
    done: list[str] = []

    def here(name: str) -> None:
        if name == "report.written" and not done:
            done.append(name)
            act()

    monkeypatch.setattr(boundaries, "on_boundary", here)
