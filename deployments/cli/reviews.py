"""`hubroster reviews`: what waits for an Owner's answer."""

from typing import Any
from zoneinfo import ZoneInfo

from deployments.cli.output import day, print_json, print_told, stdout
from flows.opening.ledger import known_refs, ledger_of
from flows.review.answering import ReviewNow, standing_of
from flows.review.asked_about import proposals_of
from flows.settings import Settings, load_settings
from matching.review.owners import owners_of
from matching.review.standing import DONE, open_review
from matching.roster.change_words import sentence
from tasks.ledger.book import Book


def reviews(label: str | None = None, *, json: bool = False) -> None:
    """List the open reviews: what is asked, what was answered, by when, and who may answer.

    Parameters
    ----------
    label
        Only this hub's.
    json
        Print one object on one line.
    """
    settings = load_settings()
    labels = [settings.hub(label).label] if label else [hub.label for hub in settings.hubs]
    with ledger_of(settings) as ledger, ledger.reading() as book:
        rows = [_row(settings, book, one) for one in labels]
    if json:
        print_json({"reviews": rows})
        return
    for row in rows:
        _show(row, settings.zone)


def _row(settings: Settings, book: Book, label: str) -> dict[str, Any]:
    entries = book.entries(hub=label)
    owners = owners_of(entries, label, settings.now())
    known = known_refs(settings, book, owners)
    row: dict[str, Any] = {
        "hub": label,
        "review": None,
        "owners": [
            {"name": k.name, "can_act": k.status == "active" and k.kind == "employee"} for k in known.values()
        ],
        "questions": [],
    }
    current = open_review(entries, label)
    if current is None or settings.now() >= current.expires_at:
        return row
    now = standing_of(settings, book, label, current.id)
    return row | {
        "review": current.id,
        "expires_at": current.expires_at.isoformat(timespec="seconds"),
        "page": f"{settings.page.url.rstrip('/')}/r/{current.id}",
        "questions": _questions(settings, book, now),
    }


def _questions(settings: Settings, book: Book, now: ReviewNow) -> list[dict[str, Any]]:
    today = settings.now().astimezone(settings.zone).date()
    return [
        {
            "change": proposal["id"],
            "kind": proposal["kind"],
            "member_id": proposal["member"]["member_id"],
            "sentence": sentence(proposal, today, done=now.verdicts[proposal["id"]].state == DONE),
            "state": now.verdicts[proposal["id"]].state,
            "needs": now.review.asked[proposal["id"]].needs,
            "answers": list(now.review.asked[proposal["id"]].options),
        }
        for proposal in proposals_of(settings, book, now.rows, now.review).values()
    ]


def _show(row: dict[str, Any], zone: ZoneInfo) -> None:
    who = " · ".join(
        o["name"] + ("" if o["can_act"] else " (not an active employee: can't)") for o in row["owners"]
    )
    if row["review"] is None:
        stdout.print(f"{row['hub']}: nothing to answer. Owners: {who or 'none yet'}", markup=False)
        return
    title = f"{row['review']}: open until {day(row['expires_at'], zone)}. Owners: {who or 'none yet'}"
    print_told(title, [(_head(q), q["sentence"]) for q in row["questions"]])
    stdout.print(
        f"To answer: {row['page']} with the code from the mail, or `hubroster decide CODE`", markup=False
    )


def _head(question: dict[str, Any]) -> str:
    state = "one of two said yes" if question["state"] == "partly" else question["state"]
    two = ", needs two persons" if question["needs"] > 1 and state == "open" else ""
    answers = "" if state == DONE else f" · {' '.join(question['answers'])}"
    return f"{question['change']}  {state}{two}{answers}"
