"""The words of the letters: what each says, in which order, and what its subject tells."""

from matching.roster.one_line import one_line, quoted, their_words
from tasks.mail.blocks import Block, Body, Code, Heading, Item, Items, Link, Words
from tasks.mail.letters import (
    ClaimCode,
    HeldBack,
    Letter,
    Line,
    LoginCode,
    Proposal,
    Receipt,
    Result,
    TestMail,
)
from tasks.mail.phrases import SHOWN, changes, footer, greeting, hub_name, listed, moment, people, questions
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
    blocks: list[Block] = [Words(f"{their_words(mail.by)} answered for {hub} ({one_line(mail.via, 100)}).")]
    if mail.comment:
        blocks.append(Words(f"Their words: {quoted(mail.comment, 600)}"))
    if mail.not_before:
        rest = " What waits for a second Owner is not done before that one's yes." if mail.waiting else ""
        blocks.append(Words(f"What is approved is done at {moment(mail.not_before)}, not earlier.{rest}"))
    if mail.waiting and mail.page_url:
        blocks.append(
            Link(
                f"{questions(mail.waiting)} {'waits' if mail.waiting == 1 else 'wait'} for a second Owner's "
                "yes. If that can be you, answer with the code of your mail at:",
                mail.page_url,
            )
        )
    items = tuple(_answered(line) for line in mail.lines[:SHOWN])
    blocks += [Heading("What was answered"), Items(items, numbered=True)] if items else []
    if (more := mail.answered - len(items)) > 0:
        blocks.append(Words(f"And {more:,} more; the page shows them all."))
    if mail.stop_words:
        blocks += [Heading("How to stop it"), Words(one_line(mail.stop_words))]
    return Body(
        _receipt_subject(mail),
        greeting(mail.owner_name),
        (*blocks, *footer(mail.workspace, mail.head)),
        mail.review,
    )


def _receipt_subject(mail: Receipt) -> str:
    hub, now = hub_name(mail.hub), mail.removals - mail.waiting_removals
    others = mail.answered - mail.removals
    parts = [f"{people(now)} to be removed from {hub}"] if now else []
    if mail.waiting_removals:
        waits = "waits" if mail.waiting_removals == 1 else "wait"
        told = f"{mail.waiting_removals:,}" if now else f"removing {people(mail.waiting_removals)} from {hub}"
        parts.append(f"{told} {waits if now else 'waits'} for a second Owner")
    if others:
        answers = "1 other answer" if others == 1 else f"{others:,} other answers"
        parts.append(answers if mail.removals else f"an answer for {hub}" if others == 1 else answers)
    return f"Receipt: {', '.join(parts) or f'an answer for {hub}'}"


def _answered(line: Line) -> Item:
    said = [
        f"Answer: {one_line(words, 200)}." for answer, words, _ in line.answers if answer == line.recommended
    ]
    notes = tuple(one_line(note) for note in (line.consequence, *said) if note)
    return Item(one_line(line.details), notes, head=one_line(line.headline))


def _result(mail: Result) -> Body:
    hub = hub_name(mail.hub)
    done = f"{people(mail.removed)} removed from {hub}" if mail.removed else f"{changes(mail.done)} in {hub}"
    if mail.not_done and not mail.done:
        subject = f"Not done: {changes(mail.not_done)} in {hub}, please look"
        opening = f"What was approved for {hub} could not be done:"
    elif mail.not_done:
        subject = f"Done: {done}; {changes(mail.not_done)} could not be done, please look"
        opening = f"Not all that was approved for {hub} could be done. What could not stands first:"
    else:
        subject, opening = f"Done: {done}", f"This was done for {hub} at Meta:"
    items = [
        Item("", tuple(one_line(note) for note in (outcome, *notes) if note), head=one_line(headline))
        for headline, outcome, notes in mail.lines[:SHOWN]
    ]
    more = mail.done + mail.not_done - len(items)
    blocks: list[Block] = [
        Words(opening),
        Items(tuple(items), numbered=True),
        *([Words(f"And {more:,} more.")] if more > 0 else []),
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
                f"You are an Owner of {hub}, a business portfolio at Meta. {people(count)} who left can "
                "still act there, and something holds the removal back. This mail comes every day until that "
                "is mended."
            ),
            *listed(mail.lines),
            Words(
                "Access is given in Meta's own settings, or by whoever runs hubroster at your company. Once "
                "the reason is gone, the next check asks you whether to remove them."
            ),
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
                f"one, {mail.how} and type this code."
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
