"""`hubroster reviews`: what waits for an Owner's answer."""

from typing import Any
from zoneinfo import ZoneInfo

from deployments.cli.output import day, print_json, print_table, print_told, printable, stderr, stdout
from flows.opening.ledger import ledger_of
from flows.review.answering import ReviewNow
from flows.review.asked_about import proposals_of
from flows.review.grounds import ReportLost
from flows.review.open_now import HubNow, open_now
from flows.review.words import counted
from flows.settings import Settings, load_settings
from matching.review.owners import is_fit
from matching.review.standing import DONE
from matching.roster.change_words import sentence
from tasks.ledger.book import Book

AT_LENGTH = 5  # hubs whose questions are told one by one; of more there is a line for each


def reviews(label: str | None = None, *, json: bool = False) -> int:
    """List the open reviews: what is asked, what was answered, by when, and who may answer.

    Of more than five hubs a line for each, those with most to answer first; HUB tells its questions. Exits 1
    when the questions of a hub can't be shown.

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
        hubs = open_now(settings, book, labels)
        if len(hubs) > AT_LENGTH and not json:
            _list(hubs, settings.zone)
            return 0
        rows = [_row(settings, book, hub) for hub in hubs]
    if json:
        print_json({"reviews": rows})
    for row in rows if not json else []:
        _show(row, settings.zone)
    return 1 if any(row["error"] for row in rows) else 0


def _list(hubs: list[HubNow], zone: ZoneInfo) -> None:
    """Print a line for each open review, those with most to answer first."""
    found = sorted(
        ((hub, hub.review) for hub in hubs if hub.review), key=lambda one: one[0].waiting(), reverse=True
    )
    waiting = sum(hub.waiting() for hub, _ in found)
    cells = [
        [
            hub.label,
            now.review.id,
            f"{hub.waiting()} of {len(now.verdicts)}",
            day(now.review.expires_at.isoformat(), zone),
            " · ".join(_owner(one.name, can_act=is_fit(one)) for one in hub.owners) or "none yet",
        ]
        for hub, now in found
    ]
    title = (
        f"{counted(len(found), 'open review')} of {len(hubs)} hubs, {counted(waiting, 'question')} to answer"
    )
    print_table(title, ["hub", "review", "to answer", "open until", "Owners"], cells)
    if cells:
        stderr.print("`hubroster reviews HUB` tells the questions of one.", soft_wrap=True)


def _row(settings: Settings, book: Book, hub: HubNow) -> dict[str, Any]:
    row: dict[str, Any] = {
        "hub": hub.label,
        "review": None,
        "owners": [{"name": one.name, "can_act": is_fit(one)} for one in hub.owners],
        "to_answer": hub.waiting(),
        "questions": [],
        "error": None,
    }
    if hub.review is None:
        return row
    row |= {
        "review": hub.review.review.id,
        "expires_at": hub.review.review.expires_at.isoformat(timespec="seconds"),
        "page": f"{settings.page.url.rstrip('/')}/r/{hub.review.review.id}",
    }
    try:
        return row | {"questions": _questions(settings, book, hub.review)}
    except ReportLost as error:  # of this hub: the others are told all the same
        return row | {"error": str(error)}


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
    who = " · ".join(_owner(one["name"], can_act=one["can_act"]) for one in row["owners"])
    if row["review"] is None:
        stdout.print(f"{row['hub']}: nothing to answer. Owners: {who or 'none yet'}", markup=False)
        return
    title = f"{row['review']}: open until {day(row['expires_at'], zone)}. Owners: {who or 'none yet'}"
    print_told(title, [(_head(q), q["sentence"]) for q in row["questions"]])
    if row["error"]:
        stderr.print(printable(row["error"]), markup=False, soft_wrap=True)
        return
    stdout.print(
        f"To answer: {row['page']} with the code from the mail, or `hubroster decide CODE`", markup=False
    )


def _owner(name: str, *, can_act: bool) -> str:
    return name if can_act else f"{name} (not an active employee: can't)"


def _head(question: dict[str, Any]) -> str:
    state = "one of two said yes" if question["state"] == "partly" else question["state"]
    two = ", needs two persons" if question["needs"] > 1 and state == "open" else ""
    answers = "" if state == DONE else f" · {' '.join(question['answers'])}"
    return f"{question['change']}  {state}{two}{answers}"
