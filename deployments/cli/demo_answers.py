"""The second half of the demo: its Owners answer with the codes of their mails, and who left is removed."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import httpx

from deployments.cli.output import shown_progress, stderr
from flows.answers.by_codes import answer_by_codes
from flows.apply import apply_approved
from flows.applying.rows import Settled
from flows.mails.notify import notify
from flows.opening.ledger import ledger_of
from flows.review.words import outcome_words
from flows.settings import Settings
from tasks.errors import HubrosterError
from tasks.ledger.verify import verify

_RECOMMENDED = re.compile(r"^All that is recommended:\s+([A-Z0-9]{10})\s*$", re.MULTILINE)


def answer_and_apply(settings: Settings, world: Mapping[str, Any], label: str) -> dict[str, Any]:
    """Let as many Owners say yes as each change needs, carry the removals out, and look at Meta.

    Returns what `demo --json` prints besides the check: `approved`, `removed_at_meta`, `ledger_ok`; and
    `settled`.
    """
    before = _users(world)
    approved = _answer(settings, world, label)
    with shown_progress():
        settled = asyncio.run(apply_approved(settings, label))
        notify(settings, label)
    with ledger_of(settings) as ledger:
        ledger_ok = verify(ledger).ok
    blocked = {one.member_id for one in settled if one.outcome == "blocked"}
    return {
        "approved": sorted(set(approved) - blocked),
        "removed_at_meta": sorted(before - _users(world)),
        "ledger_ok": ledger_ok,
        "settled": settled,
    }


def _answer(settings: Settings, world: Mapping[str, Any], label: str) -> list[str]:
    """Type the code for all that is recommended from one Owner's mail after the other's."""
    done: dict[str, None] = {}
    for to, text in _proposals(world):
        found = _RECOMMENDED.search(text)
        if not found:
            continue
        outcome = answer_by_codes(settings, [found[1]], via="demo", comment="left the company")
        for reason in outcome.refused:
            raise HubrosterError(f"the demo's answer had no effect: {reason}")
        for one in outcome.taken:
            stderr.print(
                f"{to} answers with a code: {len(one.approved)} will be done, {len(one.waiting)} wait for a "
                "second Owner",
                markup=False,
                soft_wrap=True,
            )
            done |= dict.fromkeys(one.approved)
            if not one.waiting:
                return _members(settings, label, done)
    return _members(settings, label, done)


def _members(settings: Settings, label: str, changes: Mapping[str, Any]) -> list[str]:
    with ledger_of(settings) as ledger, ledger.reading() as book:
        rows = book.entries(hub=label, kinds={"approved"})
    return sorted({row.payload["member_id"] for row in rows if row.payload["change"] in changes})


def _proposals(world: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return to whom a proposal went, and its text."""
    answer = httpx.get(f"{world['admin_url']}/mails", timeout=60, trust_env=False).raise_for_status()
    mails = answer.json()["mails"]
    return [
        (mail["to"][0], mail["text"]) for mail in mails if "All that is recommended:" in (mail["text"] or "")
    ]


def _users(world: Mapping[str, Any]) -> set[str]:
    answer = httpx.get(f"{world['admin_url']}/state", timeout=60, trust_env=False).raise_for_status()
    return {user for user, facts in answer.json()["users"].items() if not facts["is_system"]}


def told(settled: list[Settled], report: Mapping[str, Any]) -> list[str]:
    """Return one line for each change: who it was about, and what came of it."""
    names = {p["member"]["member_id"]: p["member"]["name"] for p in report["proposals"]}
    whose = [(names.get(one.member_id) or one.member_id, one) for one in settled]
    return [f"{who}: {outcome_words(one.outcome, 'remove')}. {one.reason}".rstrip() for who, one in whose]
