"""Turns of phrase that several letters share."""

from collections.abc import Iterable
from datetime import date, datetime

from matching.roster.one_line import one_line, their_words
from tasks.mail.blocks import Block, Heading, Item, Items, Words

SHOWN = 30  # lines in a letter; a mail program cuts what is much longer


def people(count: int) -> str:
    """Return `1 person` or `3 people`."""
    return "1 person" if count == 1 else f"{count:,} people"


def changes(count: int) -> str:
    """Return `1 change` or `3 changes`."""
    return "1 change" if count == 1 else f"{count:,} changes"


def questions(count: int) -> str:
    """Return `1 question` or `3 questions`."""
    return "1 question" if count == 1 else f"{count:,} questions"


def day(when: date) -> str:
    """Return a date in words: `8 December 2026`."""
    return f"{when.day} {when:%B %Y}"


def short_day(when: date) -> str:
    """Return a date for a subject: `8 Dec`."""
    return f"{when.day} {when:%b}"


def moment(when: datetime) -> str:
    """Return a time in words, with its time zone: `8 December 2026, 14:05 CET`."""
    return f"{day(when)}, {when:%H:%M} {when.tzname() or ''}".rstrip()


def greeting(name: str) -> str:
    """Return how a letter begins."""
    called = their_words(name)
    return f"Hello {called}," if called else "Hello,"


def hub_name(hub: str) -> str:
    """Return a hub's name, short enough for a subject."""
    return their_words(hub, 40)


def listed(lines: Iterable[str], shown: int = SHOWN) -> list[Block]:
    """Return sentences as a list, the rest counted; nothing for no sentence."""
    all_lines = [one_line(line, 1200) for line in lines]
    if not all_lines:
        return []
    blocks: list[Block] = [Items(tuple(Item(line) for line in all_lines[:shown]))]
    if len(all_lines) > shown:
        blocks.append(Words(f"And {len(all_lines) - shown:,} more."))
    return blocks


def titled(title: str, lines: Iterable[str]) -> list[Block]:
    """Return `listed` under a heading; nothing for no sentence."""
    found = listed(lines)
    return [Heading(title), *found] if found else []


def footer(workspace: str, head: str) -> list[Block]:
    """Return how a letter about a hub ends."""
    return [
        Words(
            f"Sent by hubroster for {their_words(workspace)}. Record of decisions so far: "
            f"{one_line(head, 120)}. Keep this mail: with it anybody can check later that the record was "
            "not altered.",
            small=True,
        )
    ]
