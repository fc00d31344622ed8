"""Access that was approved together with an invitation: it is given once the seat is there."""

from typing import Any

import pandas as pd

from flows.applying.rows import BY_APPLY
from flows.opening.warehouse import reading_warehouse
from flows.review.reviewing import PROGRAM
from flows.settings import Settings
from matching.review.approvals import APPROVED
from matching.review.asked import DO, DONT, Asked
from matching.review.requests import PROMISED_FOR, SEAT_SEEN, Promise, promises
from matching.review.wanted import Given, Wanted
from matching.roster.canonical import change_id, sha256_of, subject_key
from tasks.ledger.book import Book, Ledger
from tasks.warehouse import queries


def keep_promises(settings: Settings, label: str, ledger: Ledger) -> None:
    """Approve, with the word that approved the invitation, the access of those whose seat has appeared.

    After 30 days without a seat the promise ends, and the Owners are told so.
    """
    with ledger.reading() as book:
        if not promises(book.entries(hub=label), label):
            return
    with reading_warehouse(settings) as con:
        roster, members = queries.roster(con, label, settings.directory_order), queries.members(con, label)
    requests = members[["kind", "member_id", "business_role_request_id"]]
    seats = roster.merge(requests, on=["kind", "member_id"])
    seats = seats[seats["kind"] == "user"]
    with ledger.writing() as book:
        for promise in promises(book.entries(hub=label), label):
            address = _address(book, promise)
            same = seats["email"].astype("str").str.strip().str.lower() == (address or "-")
            mine = seats[(seats["business_role_request_id"] == promise.meta_id) | same]
            mine = mine if len(mine) == 1 else mine[mine["business_role_request_id"] == promise.meta_id]
            if len(mine) == 1:
                _keep(book, label, promise, {str(k): v for k, v in mine.iloc[0].to_dict().items()})
            elif book.now - promise.sent_at > PROMISED_FOR:
                _end(book, label, promise, "lapsed", "")


def _address(book: Book, promise: Promise) -> str:
    wanted = promise.asked.wanted
    return book.named([wanted.address])[wanted.address].get("id", "") if wanted else ""


def _keep(book: Book, label: str, promise: Promise, seat: dict[str, Any]) -> None:
    wanted = promise.asked.wanted
    assert wanted is not None  # noqa: S101, a promise was asked for
    for given in wanted.grants:
        asked = _grant(promise, wanted.proposer, given, label, seat)
        book.append(
            APPROVED,
            hub=label,
            actor=PROGRAM,
            identified_by=BY_APPLY,
            payload={
                "review": promise.review,
                "change": asked.id,
                "stay": asked.stay,
                "member_kind": "user",
                "member_id": asked.member_id,
                "by": list(promise.by),
                "asked": asked.as_payload(),
                "complete_at": book.now.isoformat(),
                "not_before": book.now.isoformat(),
                "promised_by": promise.approval,
            },
        )
    _end(book, label, promise, "there", str(seat["member_id"]))


def _grant(promise: Promise, proposer: str, given: Given, label: str, seat: dict[str, Any]) -> Asked:
    role = "" if pd.isna(seat["role"]) else str(seat["role"])
    alone = Wanted("grant", proposer, grants=(given,))
    facts = {"approval": promise.approval, "wanted": alone.as_payload(), "member": seat["member_id"]}
    subject = subject_key("grant", label, f"user:{seat['member_id']}", f"{given[0]}:{given[1]}")
    evidence = sha256_of(facts)
    return Asked(
        id=change_id(subject, evidence),
        subject=subject,
        evidence=evidence,
        kind="grant",
        stay=str(seat["stay_id"]),
        member_kind="user",
        member_id=str(seat["member_id"]),
        role=role,
        persons=promise.asked.persons,
        needs=promise.asked.needs,
        base=subject,
        options=(DO, DONT),
        recommended="",
        wanted=alone,
    )


def _end(book: Book, label: str, promise: Promise, state: str, member_id: str) -> None:
    payload = {"approval": promise.approval, "state": state, "member_id": member_id}
    if state == "lapsed":
        payload["said"] = book.text(
            "An invitation was not accepted within 30 days, so the access that was to follow is not given: "
            "invite again if it is still wanted."
        )
    book.append(SEAT_SEEN, hub=label, actor=PROGRAM, identified_by=BY_APPLY, payload=payload)
