"""`hubroster decide`, `login` and `apply`: an Owner's answers from the command line, and what follows."""

import asyncio
import csv
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from deployments.cli.ledger_words import seats_in
from deployments.cli.output import agreed, print_json, printable, shown_progress, stderr, stdout
from flows.answers.after_answer import after_answer
from flows.answers.by_codes import answer_by_codes
from flows.answers.sheet import answers_in, change_of, spoken
from flows.mails.notify import notify
from flows.opening.ledger import ledger_of
from flows.owners.login import MINUTES, log_in, logged_in, send_code
from flows.review.answering import Answered, AnswerRefused, SeenFrom, record_answers
from flows.review.refusals import write_refused
from flows.review.words import counted, outcome_words
from flows.settings import Settings, load_settings
from matching.review.standing import open_review
from tasks.errors import InputError, UsageError
from tasks.ledger.export import export

_FROM = SeenFrom(agent="command line")


def login(owner: str, *, json: bool = False) -> None:
    """Prove by a code in your mailbox who you are, for 15 minutes of `decide`.

    Parameters
    ----------
    owner
        Your address in the directory.
    json
        Print one object on one line.
    """
    settings = load_settings()
    ref = send_code(settings, owner)
    stderr.print("A code is on its way to the address in the directory.")
    stderr.print("Code: ", end="")
    log_in(settings, ref, sys.stdin.readline())
    if json:
        print_json({"owner": owner, "minutes": MINUTES})
    stderr.print(f"Logged in for {MINUTES} minutes.")


def decide(
    *answers: str,
    hub: str | None = None,
    file: Path | None = None,
    comment: str = "",
    yes: bool = False,
    json: bool = False,
) -> int:
    """Answer a review: with codes from your mail as they stand, or after `login` with CHANGE=ANSWER.

    Parameters
    ----------
    answers
        Codes; or, with --hub, change ids with answers: 3fa9c1d20b77=remove.
    hub
        The hub whose open review is answered, after `hubroster login`.
    file
        The sheet that `members HUB --review --csv` gives, with the column `answer` filled in; rows without an
        answer are left open.
    comment
        Why; other Owners and auditors read it.
    yes
        Don't ask before it is recorded.
    json
        Print one object on one line.
    """
    settings = load_settings()
    if hub is None and file is None:
        if not answers:
            raise UsageError("nothing to record: give codes from your mail, or --hub with CHANGE=ANSWER")
        found = answer_by_codes(settings, answers, via="command line", comment=comment, seen_from=_FROM)
        for one in found.taken:
            _follow(settings, one)
        return _tell(settings.zone, found.taken, found.refused, json=json)
    if hub is None:
        raise UsageError("--file needs --hub: the hub whose review it answers")
    settings.hub(hub)
    return _decide_logged_in(settings, hub, _pairs(settings, hub, answers, file), comment, yes=yes, json=json)


def _decide_logged_in(
    settings: Settings, label: str, answers: dict[str, str], comment: str, *, yes: bool, json: bool
) -> int:
    owner = logged_in(settings)
    if owner is None:
        raise InputError("you are not logged in, or not any more: hubroster login YOUR-ADDRESS")
    for line in spoken(settings, label, answers):
        stderr.print(f"  {printable(line)}", markup=False, soft_wrap=True)
    if not yes and not agreed(f"Record {counted(len(answers), 'answer')} to the review of {label}? [y/N] "):
        raise InputError("nothing was recorded")
    try:
        with ledger_of(settings) as ledger, ledger.writing() as book:
            review = open_review(book.entries(hub=label), label)
            done = record_answers(
                settings,
                book,
                label,
                review.id if review else f"of {label}",
                person=owner,
                answers=answers,
                identified_by="login code",
                comment=comment,
                seen_from=_FROM,
            )
    except AnswerRefused as error:
        with ledger_of(settings) as ledger:
            write_refused(settings, ledger, via="login code", reason=str(error), hub=label, person=owner)
        return _tell(settings.zone, (), (str(error),), json=json)
    _follow(settings, done)
    return _tell(settings.zone, (done,), (), json=json)


def _follow(settings: Settings, done: Answered) -> None:
    after_answer(settings, done.hub, bool(done.approved), done.not_before)


def _pairs(settings: Settings, label: str, answers: tuple[str, ...], file: Path | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in answers:
        change, equals, answer = text.partition("=")
        if not equals:
            raise UsageError(f"{text[:20]!r} is not CHANGE=ANSWER")
        found[change_of(change)] = answer.strip()
    if file is not None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                found |= answers_in(csv.DictReader(lines), _open_now(settings, label))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            why = getattr(error, "strerror", None) or error
            raise InputError(f"{file} can't be read as a sheet: {why}") from error
    if not found:
        raise InputError(f"there is no answer in {file or 'what was said'}: nothing was recorded")
    return found


def _open_now(settings: Settings, label: str) -> str | None:
    with ledger_of(settings) as ledger, ledger.reading() as book:
        review = open_review(book.entries(hub=label), label)
    return review.id if review else None


def _tell(zone: ZoneInfo, taken: tuple[Answered, ...], refused: tuple[str, ...], *, json: bool) -> int:
    if json:
        print_json({"answered": [_row(one) for one in taken], "refused": list(refused)})
        return int(bool(refused))
    for one in taken:
        stdout.print(f"{one.review}: {counted(len(one.taken), 'answer')} recorded", markup=False)
        if one.approved:
            when = f"{one.not_before.astimezone(zone):%H:%M %Z}"
            stdout.print(
                f"  {len(one.approved)} will be done after {when}, by `hubroster up` or by "
                f"`hubroster apply {one.hub}`",
                markup=False,
                soft_wrap=True,
            )
        if one.waiting:
            waits = "waits" if len(one.waiting) == 1 else "wait"
            stdout.print(f"  {len(one.waiting)} {waits} for the yes of a second Owner")
    for reason in refused:
        stderr.print(f"hubroster: {reason}", style="red", markup=False, soft_wrap=True)
    return int(bool(refused))


def _row(one: Answered) -> dict[str, Any]:
    return {
        "review": one.review,
        "hub": one.hub,
        "answers": dict(one.taken),
        "approved": list(one.approved),
        "waiting": list(one.waiting),
        "not_before": one.not_before.isoformat(timespec="seconds"),
    }


def apply(label: str, *, json: bool = False) -> int:
    """Carry out now what the Owners of a hub approved and what is due; safe to run twice.

    Exits 1 when something approved was not done.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    json
        Print one object on one line.
    """
    from flows.apply import apply_approved  # brings Prefect, which reads its surroundings on import

    settings = load_settings()
    settings.hub(label)
    with shown_progress():
        settled = asyncio.run(apply_approved(settings, label))
        notify(settings, label)
    if json:
        rows = [
            {"change": s.change, "member_id": s.member_id, "outcome": s.outcome, "reason": s.reason}
            for s in settled
        ]
        print_json({"hub": label, "settled": rows})
    else:
        with ledger_of(settings) as ledger, ledger.reading() as book:
            seats = seats_in(export(book, hub=label))
        for one in settled:
            words, who = outcome_words(one.outcome, one.kind), seats.get(one.member_id, "")
            named = f"{printable(who)} ({one.member_id})" if who else one.member_id or "an invitation"
            stdout.print(
                f"{one.change} {named}: {words}. {one.reason}".rstrip(), markup=False, soft_wrap=True
            )
        if not settled:
            stdout.print(f"{label}: nothing approved is due", markup=False)
    return int(any(one.outcome not in ("done", "already_done", "withdrawn") for one in settled))
