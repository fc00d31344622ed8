"""The letter that asks: who left and can still act, what a removal would leave behind, how to answer."""

from collections.abc import Sequence

from matching.roster.one_line import one_line, their_words
from tasks.mail.blocks import Block, Body, Code, Heading, Item, Items, Link, Words
from tasks.mail.letters import Line, Proposal, Reminder
from tasks.mail.phrases import (
    SHOWN,
    day,
    footer,
    greeting,
    hub_name,
    people,
    questions,
    short_day,
    titled,
)


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
        needs = "needs" if mail.asked == 1 else "need"
        subject = f"Please answer by {by}: {questions(mail.asked)} about {hub} {needs} an answer"
    return f"Reminder: {subject[0].lower()}{subject[1:]}" if isinstance(mail, Reminder) else subject


def _opening(mail: Proposal) -> str:
    about = [f"You are an Owner of {hub_name(mail.hub)}, a business portfolio at Meta."]
    if mail.leavers:
        verb = "has" if mail.leavers == 1 else "have"
        about.append(f"{people(mail.leavers)} who {verb} left can still act there{_held(mail)}.")
    needs = "needs" if mail.asked == 1 else "need"
    still = "still " if isinstance(mail, Reminder) else ""
    about.append(f"{questions(mail.asked)} {still}{needs} an answer by {day(mail.expires_on)}.")
    return " ".join((*about, "Nothing is done unless somebody answers."))


def _held(mail: Proposal) -> str:
    held = len(mail.held_back)
    if not held:
        return ""
    return " and can't be removed yet" if held == mail.leavers else f"; {held} of them can't be removed yet"


_ONLY_THE_PAGE = (
    "You need no other code: those beside the questions are for whoever would rather answer without the page."
)
_MEANT = {
    "keep": "\u201cLet them stay\u201d: you are asked again if things change, or after 30 days.",
    "exempt": "\u201cAs an exception\u201d: they stay for 90 days, as long as they may do no more than now.",
}


def _how_to_answer(mail: Proposal) -> list[Block]:
    return [
        Heading("How to answer"),
        Link("Open this page:", mail.page_url),
        Code("Type this code there:", mail.page_code),
        Words(
            "The page asks once more before anything is decided. The code stands for you: whoever has it "
            "can answer in your name. Do not forward this mail."
        ),
        *([Words(_ONLY_THE_PAGE)] if any(code for line in mail.lines for *_, code in line.answers) else []),
    ]


def _asked(mail: Proposal) -> list[Block]:
    shown = mail.lines[:SHOWN]
    blocks: list[Block] = [Heading("What is asked")]
    if more := mail.asked - len(shown):
        blocks.append(Words(f"Here are the {len(shown)} most urgent; the page has {more:,} more."))
    blocks.append(Items(tuple(_item(line) for line in shown), numbered=True))
    answers = {answer for line in shown for answer, *_ in line.answers}
    meant = " ".join(words for answer, words in _MEANT.items() if answer in answers)
    return [*blocks, Words(meant)] if meant else blocks


def _item(line: Line) -> Item:
    notes = [one_line(line.consequence)] if line.consequence else []
    recommended = [words for answer, words, _ in line.answers if answer == line.recommended]
    notes += [f"Recommended: {one_line(words, 200)}." for words in recommended]
    codes = tuple((one_line(words, 200), one_line(code, 40)) for _, words, code in line.answers if code)
    return Item(one_line(line.details), tuple(notes), codes, head=one_line(line.headline))


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
    if found and mail.asked > len(mail.lines[:SHOWN]):
        how += f" Those below are for all {mail.asked:,} questions, not only for the ones above."
    return [Heading("Or answer by codes"), Words(how), *found]


def _then(mail: Proposal) -> str:
    two = ""
    if mail.two_needed and mail.others:
        two = " What needs two Owners counts with the second one's yes."
    elif mail.two_needed:
        two = (
            " Some of it needs the yes of two Owners, and you are the only one: name a second with "
            f"`hubroster owner-add {hub_name(mail.hub)} ADDRESS --reason WHY` (after `hubroster login`), or "
            "ask whoever runs hubroster at your company how."
        )
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
