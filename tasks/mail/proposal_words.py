"""The letter that asks: who left and can still act, what a removal would leave behind, how to answer."""

from collections.abc import Sequence

from matching.roster.one_line import one_line, their_words
from tasks.mail.blocks import Block, Body, Code, Heading, Item, Items, Link, Words
from tasks.mail.letters import Line, Proposal, Reminder
from tasks.mail.phrases import (
    SHOWN,
    changes,
    day,
    footer,
    greeting,
    hub_name,
    people,
    short_day,
    titled,
)

# The most urgent first: who left, who was kept although they left, and then all the others.
_URGENCY = {"remove": 0, "re_review": 1}


def proposal(mail: Proposal) -> Body:
    """Return the letter in words; a reminder says that it is one."""
    return Body(
        subject=_subject(mail),
        greeting=greeting(mail.owner_name),
        blocks=(
            Words(_opening(mail)),
            *titled("What has changed since the last mail", mail.changed),
            *_how_to_answer(mail),
            *_asked(mail),
            *titled("Cannot be removed yet", mail.held_back),
            *_by_codes(mail),
            Heading("What happens then"),
            Words(_then(mail)),
            *footer(mail.workspace, mail.head),
        ),
        thread=mail.review,
    )


def _subject(mail: Proposal) -> str:
    hub, by = hub_name(mail.hub), short_day(mail.expires_on)
    if mail.leavers:
        control = f"{mail.admins} with Full control" if mail.leavers > 1 else "with Full control"
        told = f"{people(mail.leavers)} who left can still act in {hub}" + (
            f" ({control})" if mail.admins else ""
        )
        subject = f"Action needed by {by}: {told}"
    else:
        needs = "needs" if len(mail.lines) == 1 else "need"
        subject = f"Please answer by {by}: {changes(len(mail.lines))} in {hub} {needs} a decision"
    return f"Reminder: {subject[0].lower()}{subject[1:]}" if isinstance(mail, Reminder) else subject


def _opening(mail: Proposal) -> str:
    hub = hub_name(mail.hub)
    about = f"You are an Owner of {hub}, a business portfolio at Meta."
    open_ones = f"{changes(len(mail.lines))} {'needs' if len(mail.lines) == 1 else 'need'} a decision"
    still = "still " if isinstance(mail, Reminder) else ""
    if mail.leavers:
        verb = "has" if mail.leavers == 1 else "have"
        about += f" {people(mail.leavers)} who {verb} left can still act there."
    return f"{about} {open_ones} {still}by {day(mail.expires_on)}. Nothing is done unless somebody answers."


def _how_to_answer(mail: Proposal) -> list[Block]:
    return [
        Heading("How to answer"),
        Link("Open this page:", mail.page_url),
        Code("Type this code there:", mail.page_code),
        Words(
            "The page asks once more before anything is decided. The code stands for you: whoever has it "
            "can answer in your name. Do not forward this mail."
        ),
    ]


def _asked(mail: Proposal) -> list[Block]:
    lines = sorted(mail.lines, key=lambda line: _URGENCY.get(line.kind, len(_URGENCY)))
    blocks: list[Block] = [
        Heading("What is asked"),
        Items(tuple(_item(line) for line in lines[:SHOWN]), numbered=True),
    ]
    if len(lines) > SHOWN:
        blocks.append(
            Words(f"These are the {SHOWN} most urgent; {len(lines) - SHOWN:,} more stand on the page.")
        )
    return blocks


def _item(line: Line) -> Item:
    notes = [one_line(line.consequence)] if line.consequence else []
    recommended = [words for answer, words, _ in line.answers if answer == line.recommended]
    notes += [f"Recommended: {one_line(words, 200)}." for words in recommended]
    codes = tuple((one_line(words, 200), one_line(code, 40)) for _, words, code in line.answers if code)
    return Item(one_line(line.sentence), tuple(notes), codes)


def _by_codes(mail: Proposal) -> list[Block]:
    found: list[Block] = []
    if mail.recommended_code:
        found.append(Code("All that is recommended:", mail.recommended_code))
    if mail.keep_code:
        found.append(Code("Let all of them stay:", mail.keep_code))
    if not found and not any(code for line in mail.lines for _, _, code in line.answers):
        return []
    how = (
        "For those who work with Prefect or the command line: resume the run "
        f"\u201c{one_line(mail.run_name, 120)}\u201d with one code or several, or type them after "
        "`hubroster decide`. Each code works once."
    )
    return [Heading("Or answer by codes"), Words(how), *found]


def _then(mail: Proposal) -> str:
    two = " What needs two Owners counts with the second one's yes." if mail.two_needed else ""
    return (
        "All Owners get a receipt that says what will be done, by whose word, and how to stop it; later a "
        f"mail that says what was done and how to undo it.{two} {_others(mail.others)}"
    )


def _others(names: Sequence[str]) -> str:
    if not names:
        return "Nobody else can answer."
    shown = [their_words(name) for name in names[:5]]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"Others who can answer: {', '.join(shown)}{more}."
