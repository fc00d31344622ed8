"""The words of the letters: what each says, in which order, and what its subject tells."""

from matching.roster.one_line import one_line, their_words
from tasks.mail.blocks import Block, Body, Code, Heading, Item, Items, Words
from tasks.mail.letters import ClaimCode, HeldBack, Letter, LoginCode, Proposal, Receipt, Result, TestMail
from tasks.mail.phrases import SHOWN, changes, footer, greeting, hub_name, listed, moment, people
from tasks.mail.proposal_words import proposal


def worded(mail: Letter) -> Body:
    """Return a letter in words. What came from outside is one line each, of bounded length."""
    match mail:
        case Proposal():
            return proposal(mail)
        case Receipt():
            return _receipt(mail)
        case Result():
            return _result(mail)
        case HeldBack():
            return _held_back(mail)
        case LoginCode():
            return _login(mail)
        case ClaimCode():
            return _claim(mail)
        case TestMail():
            return _test(mail)


def _receipt(mail: Receipt) -> Body:
    hub = hub_name(mail.hub)
    removals = sum(line.recommended == "remove" for line in mail.lines)
    others = len(mail.lines) - removals
    parts = [f"{people(removals)} to be removed from {hub}"] if removals else []
    parts += (
        [f"{changes(others)} of another kind" if removals else f"{changes(others)} in {hub}"]
        if others
        else []
    )
    items = []
    for line in mail.lines[:SHOWN]:
        said = [
            f"Answer: {one_line(words, 200)}."
            for answer, words, _ in line.answers
            if answer == line.recommended
        ]
        notes = [one_line(note) for note in (line.consequence, *said) if note]
        items.append(Item(one_line(line.sentence), tuple(notes)))
    blocks: list[Block] = [Words(f"{their_words(mail.by)} answered for {hub} ({one_line(mail.via, 100)}).")]
    if mail.not_before:
        blocks.append(Words(f"It is carried out at {moment(mail.not_before)}, not earlier."))
    blocks += [Heading("What was answered"), Items(tuple(items), numbered=True)] if items else []
    if len(mail.lines) > SHOWN:
        blocks.append(Words(f"And {len(mail.lines) - SHOWN:,} more; the page shows them all."))
    if mail.stop_words:
        blocks += [Heading("How to stop it"), Words(one_line(mail.stop_words))]
    return Body(
        f"Receipt: {' and '.join(parts) or f'an answer for {hub}'}",
        greeting(mail.owner_name),
        (*blocks, *footer(mail.workspace, mail.head)),
        mail.review,
    )


def _result(mail: Result) -> Body:
    hub = hub_name(mail.hub)
    done = (
        f"{people(mail.removed)} removed from {hub}"
        if mail.removed
        else f"{changes(len(mail.lines))} in {hub}"
    )
    if mail.not_done and not mail.removed:
        subject = f"Not done: {changes(mail.not_done)} in {hub}, please look"
    elif mail.not_done:
        subject = f"Done: {done}; {changes(mail.not_done)} could not be done, please look"
    else:
        subject = f"Done: {done}"
    items = [
        Item(one_line(sentence), tuple(one_line(note) for note in (outcome, then) if note))
        for sentence, outcome, then in mail.lines[:SHOWN]
    ]
    more = [Words(f"And {len(mail.lines) - SHOWN:,} more.")] if len(mail.lines) > SHOWN else []
    blocks: list[Block] = [
        Words(f"This was done for {hub} at Meta:"),
        Items(tuple(items), numbered=True),
        *more,
    ]
    return Body(
        subject, greeting(mail.owner_name), (*blocks, *footer(mail.workspace, mail.head)), mail.review
    )


def _held_back(mail: HeldBack) -> Body:
    hub, count = hub_name(mail.hub), len(mail.lines)
    return Body(
        f"Still open: {people(count)} who left can act in {hub} and can't be removed yet",
        greeting(mail.owner_name),
        (
            Words(
                f"{people(count)} who left can still act in {hub}, and something holds the removal back. "
                "This mail comes every day until that is mended."
            ),
            *listed(mail.lines),
            *footer(mail.workspace, mail.head),
        ),
    )


def _login(mail: LoginCode) -> Body:
    return Body(
        f"Your code for hubroster at {their_words(mail.workspace)}",
        greeting(mail.owner_name),
        (
            Code("Your code:", mail.code),
            Words(f"It works once, for {mail.minutes} minutes."),
            Words("If you did not ask for it, do nothing, and tell whoever runs hubroster at your company."),
        ),
    )


def _claim(mail: ClaimCode) -> Body:
    hub, workspace = hub_name(mail.hub), their_words(mail.workspace)
    life = f"{mail.minutes // 60 // 24} days" if mail.minutes >= 60 * 48 else f"{mail.minutes} minutes"
    return Body(
        f"Your code to become an Owner of {hub} at {workspace}",
        greeting(mail.owner_name),
        (
            Words(
                f"An Owner of {hub}, a business portfolio at Meta, answers who may stay in it. To become "
                f"one, run hubroster {mail.command} and type this code."
            ),
            Code("Your code:", mail.code),
            Words(f"It works once, for {life}."),
            Words("If you did not expect it, do nothing, and tell whoever runs hubroster at your company."),
        ),
    )


def _test(mail: TestMail) -> Body:
    workspace = their_words(mail.workspace)
    return Body(
        f"Test: hubroster of {workspace} can send mail",
        "Hello,",
        (Words(f"Mail from hubroster of {workspace} arrives at this address. There is nothing to do."),),
    )
