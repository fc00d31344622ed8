"""How a hub's review stands: what is asked, what was answered, and what that comes to (design §9)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from matching.review.asked import DONT, EXEMPT, KEEP, MATCH, WITHDRAW, YES, Asked, AskedOf
from matching.review.rows import Row

OPENED, CLOSED, ANSWERED = "review_opened", "review_closed", "answered"
RESULT, CHECKED = "result", "checked"
DONE = "done"
AT_META = (DONE, "already_done")  # outcomes after which Meta is as the Owners wanted it


@dataclass(frozen=True, slots=True)
class Review:
    """One review of a hub. `asked`: change id → question. `since`: change id → when it was first asked.

    A review that supersedes another takes over what is asked unchanged, with the answers given so far.
    `supersedes` is the id of that one, empty where there was none open.
    """

    id: str
    hub: str
    report: str
    digest: str
    opened_at: datetime
    expires_at: datetime
    state: str
    asked: Mapping[str, Asked]
    since: Mapping[str, datetime]
    supersedes: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the answers to one question come to.

    state: open, partly (of two persons one has said remove), or the answer: remove,
    keep, exempt, match:n, do, dont; or done: carried out, which the next complete check will see.
    `by`: the references of those who said so, first first. `complete_at`: when the last needed one did.
    """

    state: str
    by: tuple[str, ...] = ()
    complete_at: datetime | None = None


def reviews_of(rows: Iterable[Row], hub: str) -> list[Review]:
    """Return all reviews of a hub in their order; of a hub at most the last one is open."""
    found: dict[str, Review] = {}
    for row in rows:
        if row.hub != hub or row.kind not in (OPENED, CLOSED):
            continue
        said = row.payload
        if row.kind == OPENED:
            before = found.get(said.get("supersedes") or "")
            asked = AskedOf(said["asked"])
            earlier = before.since if before else {}
            found[said["review"]] = Review(
                id=said["review"],
                hub=hub,
                report=said["report"],
                digest=said["digest"],
                opened_at=row.at,
                expires_at=datetime.fromisoformat(said["expires_at"]),
                state="open",
                asked=asked,
                since={change: earlier.get(change, row.at) for change in asked},
                supersedes=said.get("supersedes") or "",
            )
        elif said["review"] in found:
            found[said["review"]] = replace(found[said["review"]], state=said["state"])
    return list(found.values())


def open_review(rows: Iterable[Row], hub: str) -> Review | None:
    """Return the open review of a hub, or None."""
    reviews = reviews_of(rows, hub)
    return reviews[-1] if reviews and reviews[-1].state == "open" else None


def successor(reviews: Sequence[Review], earlier: str) -> Review | None:
    """Return the open review that took the place of an earlier one, however often; None where none did."""
    by_id = {review.id: review for review in reviews}
    last = reviews[-1] if reviews and reviews[-1].state == "open" else None
    at: Review | None = last
    while at is not None and at.id != earlier:
        at = by_id.get(at.supersedes)
    return last if at is not None else None


def latest_answers(rows: Iterable[Row], review: Review) -> dict[str, dict[str, tuple[str, datetime]]]:
    """Return for each question the last answer of each person: change id → person → (answer, when).

    Once a change was tried at Meta its yeses are spent: whoever wants it tried again says so again. A stay
    is not: it holds until whoever said it takes it back.
    """
    found: dict[str, dict[str, tuple[str, datetime]]] = {change: {} for change in review.asked}
    for row in rows:
        if row.kind == RESULT and row.hub == review.hub and row.payload["change"] in found:
            given = found[row.payload["change"]]
            found[row.payload["change"]] = {who: said for who, said in given.items() if said[0] not in YES}
        if row.kind != ANSWERED or row.hub != review.hub:
            continue
        for change, answer in row.payload["answers"].items():
            if change not in found or row.at < review.since[change]:
                continue
            if answer == WITHDRAW:
                found[change].pop(row.actor, None)
            else:
                found[change][row.actor] = (answer, row.at)
    return found


def verdicts(
    rows: Sequence[Row], review: Review, may_answer: Callable[[str, Asked], bool]
) -> dict[str, Verdict]:
    """Return what each question's answers come to: change id → Verdict.

    `may_answer(person, asked)` is asked again for every answer: who has left meanwhile, or is the subject,
    doesn't count. Whoever wants somebody to stay outweighs whoever wants him gone, until he withdraws.
    """
    answers = latest_answers(rows, review)
    done = _done(rows, review)
    return {
        change: Verdict(DONE)
        if change in done
        else _verdict(
            {who: said for who, said in answers[change].items() if may_answer(who, asked)}, asked.needs
        )
        for change, asked in review.asked.items()
    }


def _done(rows: Iterable[Row], review: Review) -> set[str]:
    """Return the changes that were carried out since the last complete check, which still asks for them."""
    done: set[str] = set()
    for row in rows:
        if row.hub != review.hub:
            continue
        if row.kind == RESULT and row.payload["outcome"] in AT_META:
            done.add(row.payload["change"])
        elif row.kind == CHECKED and row.payload["complete"]:
            done.clear()
    return done


def _verdict(given: Mapping[str, tuple[str, datetime]], needs: int) -> Verdict:
    in_turn = sorted(given.items(), key=lambda item: item[1][1])
    kept = [(who, answer, at) for who, (answer, at) in in_turn if answer not in YES]
    for wanted in (KEEP, DONT, EXEMPT, MATCH):
        said = [(who, answer, at) for who, answer, at in kept if answer.startswith(wanted)]
        if said:
            who, answer, at = said[-1]
            return Verdict(answer, (who,), at)
    removers = [(who, at) for who, (answer, at) in in_turn if answer in YES]
    by = tuple(who for who, _ in removers)
    if len(by) >= needs:
        yes = next(answer for _, (answer, _) in in_turn if answer in YES)
        return Verdict(yes, by, removers[needs - 1][1])
    return Verdict("partly" if by else "open", by)


@dataclass(frozen=True, slots=True)
class Course:
    """What a check does with the open review: keep it, open another, or close it because nothing is left."""

    what: str
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def course(current: Review | None, proposed: Sequence[str], *, complete: bool) -> Course:
    """Return what a report with these change ids means for the review that is open.

    A check that was not complete knows less, not more: it leaves an open review as it is.
    """
    asked = set(current.asked) if current else set()
    if current and (not complete or asked == set(proposed)):
        return Course("keep")
    if not proposed:
        return Course("close" if current else "none", gone=tuple(sorted(asked)))
    new, gone = sorted(set(proposed) - asked), sorted(asked - set(proposed))
    return Course("open", tuple(new), tuple(gone))


def expired(review: Review, now: datetime) -> bool:
    """Say whether nobody can answer it any more."""
    return now >= review.expires_at


def lapsed(complete_at: datetime, now: datetime) -> bool:
    """Say whether an approval is too old to be carried out: 24 h after the last needed one (design §9)."""
    return now - complete_at > timedelta(hours=24)
