"""A receipt says what was answered, by whom, what waits for a second Owner, and how to stop it."""

from pathlib import Path

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from flows.mails.notify import notify
from flows.opening.ledger import ledger_of
from flows.review.answering import record_answers
from flows.review.reviewing import ask
from matching.review.owners import owners_of
from tests.flows.plain_check import box_workspace


def test_a_receipt_says_what_was_answered_and_how_to_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every Owner reads each answer in words, and that a removal which needs two persons still waits."""
    with (
        Sandbox(WorldPlan(seed=1, members=40, pages=6, ad_accounts=5, directory=60)) as box,
        box_workspace(tmp_path, monkeypatch, box) as place,
    ):
        state = place.box.admin("state", None, method="GET")
        persons = state["stories"]["owners"]["person_ids"]
        named = [f'"{p["primary_email"]}"' for p in state["directory"] if p["person_id"] in persons]
        connection = box.connection()
        more = (
            f"sandbox = true\nowners = [{', '.join(named)}]\n"
            f'[mail]\nhost = "{connection["smtp_host"]}"\nport = {connection["smtp_port"]}\n'
        )
        place.config.write_text(place.config.read_text().replace("sandbox = true\n", more))
        check = place.check()
        settings = check.job.settings
        asked = ask(settings, "agency", check.report, check.told["report_id"])
        assert asked.review
        removals = [p for p in check.report["proposals"] if p["kind"] == "remove"]
        with ledger_of(settings) as ledger, ledger.writing() as book:
            owner = owners_of(book.entries(), "agency", book.now)[0]
            record_answers(
                settings,
                book,
                "agency",
                asked.review,
                person=owner,
                answers={p["id"]: "remove" for p in removals},
                identified_by="test",
            )
        notify(settings, "agency")
        mails = place.box.admin("mails", None, method="GET")["mails"]

    receipts = [" ".join(m["text"].split()) for m in mails if m["subject"].startswith("Receipt")]
    assert len(receipts) == len(persons)
    for text in receipts:
        assert text.count("Answer: Remove them.") == len(removals)
        assert ("waits for the yes of a second Owner" in text) is any(
            p["member"]["role"] == "ADMIN" for p in removals
        )
        assert "hubroster decide --hub agency" in text
