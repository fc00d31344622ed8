"""An entry of the ledger as one line for people; `--json` and `ledger export` have all of it."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flows.review.words import counted
from matching.review.letters_due import TITLES

Row = Mapping[str, Any]
_SHOWN = 3  # answers of one entry


def what(row: Row, seats: Mapping[str, str]) -> str:
    """Return what an entry says. `seats`: member id → whose seat it is, of `seats_in`."""
    said = row["payload"].get("said")
    if (
        isinstance(said, str) and said in row["names"]
    ):  # what somebody decided unasked stands there as a sentence
        return f"{name_of(row, said)}{_because(row, row['payload'])}"
    try:
        return _WORDS[row["kind"]](row, row["payload"], seats)
    except (KeyError, TypeError, AttributeError):  # a kind without words, or not as we write it: all of it
        return _all_of(row)


def seats_in(rows: Iterable[Row], member: str | None = None) -> dict[str, str]:
    """Return member id → whose seat it was, as far as that was known, and change id → member id.

    With `member` what is about that one alone.
    Of a seat that nobody could place the ledger has the candidates: none of them is who was removed.
    """
    found: dict[str, str] = {}
    for row in rows:
        asked = row["payload"].get("asked")
        for one in asked if isinstance(asked, list) else [asked]:
            if not isinstance(one, dict) or not one.get("member_id"):
                continue
            found.setdefault(str(one.get("id")), one["member_id"])
            if name := _whose(row, one):
                found[one["member_id"]] = name
    return {key: told for key, told in found.items() if member in (None, key, told)}


def _whose(row: Row, asked: Row) -> str:
    """Return whose seat a question is about: the leaver, or the name at Meta of whom an Owner asked about."""
    if asked.get("kind") == "remove" or asked.get("options") == ["remove", "keep"]:
        known = [who for who in asked["persons"] if who in row["names"]]
        return name_of(row, known[0]) if known else ""
    shown = row["names"].get(row["payload"].get("shown"), {}).get("words")
    return str(json.loads(shown)["member"].get("name") or "") if shown else ""


def name_of(row: Row, word: str) -> str:
    """Return what a reference stands for, by the names that go with the row; other words as they are."""
    facts = row["names"].get(word)
    if facts is None:
        return word
    return str(facts.get("words") or facts.get("name") or facts.get("id") or "(erased)")


def _checked(_: Row, said: Row, __: Mapping[str, str]) -> str:
    held = f", {said['held_back']} held back" if said.get("held_back") else ""
    return f"{'complete' if said['complete'] else 'not complete'}{held}; report {said['report'][:12]}"


def _opened(_: Row, said: Row, __: Mapping[str, str]) -> str:
    place = f", in place of {said['supersedes']}" if said.get("supersedes") else ""
    return f"{said['review']}: {counted(len(said['asked']), 'question')}{place}"


def _mailed(row: Row, said: Row, _: Mapping[str, str]) -> str:
    return f"to {name_of(row, said['person'])}: {TITLES.get(said['kind'], said['kind'])}"


def _answered(row: Row, said: Row, seats: Mapping[str, str]) -> str:
    given = sorted(said["answers"].items(), key=lambda one: one[0] not in seats)  # of whom it is about first
    answers = [f"{change}={answer}{_for(change, seats)}" for change, answer in given]
    more = f" and {len(answers) - _SHOWN} more" if len(answers) > _SHOWN else ""
    why = f" (“{name_of(row, said['comment'])}”)" if said.get("comment") else ""
    return f"{said['review']}: {', '.join(answers[:_SHOWN])}{more}{why}"


def _approved(row: Row, said: Row, seats: Mapping[str, str]) -> str:
    by = " and ".join(name_of(row, who) for who in said["by"])
    call = said["asked"]["kind"] if said["asked"].get("wanted") else "remove"  # all that a review's yes does
    return f"{said['change']}: {call} {_seat(said, seats)}, by the word of {by}"


def _intended(_: Row, said: Row, seats: Mapping[str, str]) -> str:
    had = said.get("had") or {}
    kept = f", who has {had.get('role')} and {counted(len(had.get('grants', ())), 'grant')}" if had else ""
    return f"{said['change']}: {said['call']} {_seat(said, seats)}{kept}"


def _result(_: Row, said: Row, seats: Mapping[str, str]) -> str:
    return f"{said['change']}: {said['outcome']}, {_seat(said, seats)}. {said.get('reason') or ''}".rstrip()


def _for(change: str, seats: Mapping[str, str]) -> str:
    return f" for {_seat({'member_id': seats[change]}, seats)}" if change in seats else ""


def _seat(said: Row, seats: Mapping[str, str]) -> str:
    member = said.get("member_id") or "an invitation"
    return f"{seats[member]} ({member})" if member in seats else str(member)


def _owner_named(row: Row, said: Row, _: Mapping[str, str]) -> str:
    return f"{name_of(row, said['person'])} is an Owner from {_moment(said['counts_from'])}"


def _owner_dropped(row: Row, said: Row, _: Mapping[str, str]) -> str:
    return f"{name_of(row, said['person'])} is no Owner any more"


def _requested(row: Row, said: Row, seats: Mapping[str, str]) -> str:
    asked = said["asked"]
    return f"{asked['id']}: {asked['kind']} {_seat(asked, seats)}{_because(row, said)}"


def _request_ended(_: Row, said: Row, __: Mapping[str, str]) -> str:
    return f"{said['change']}: {said['state']}"


def _closed(_: Row, said: Row, __: Mapping[str, str]) -> str:
    return f"{said['review']}: {said['state']}"


def _entered(_: Row, said: Row, __: Mapping[str, str]) -> str:
    return f"opened the page of {said['review']}"


def _refused(_: Row, said: Row, __: Mapping[str, str]) -> str:
    times = f" ({said['times']} times)" if said.get("times", 1) > 1 else ""
    return f"{said['review']}: {said['reason']}{times}" if said.get("review") else f"{said['reason']}{times}"


def _mail_refused(row: Row, said: Row, _: Mapping[str, str]) -> str:
    about = TITLES.get(said["kind"], said["kind"])
    return f"the mailbox of {name_of(row, said['person'])} takes no mail: {about}"


def _taken_back(_: Row, said: Row, __: Mapping[str, str]) -> str:
    return f"{said['change']}: {counted(len(said['ends']), 'earlier entry')} {_numbers(said['ends'])} end"


def _erased(row: Row, said: Row, _: Mapping[str, str]) -> str:
    return f"what was read of the hub was to be erased{_because(row, said)}"


def _on_seat(row: Row, said: Row, seats: Mapping[str, str]) -> str:
    """Say what was decided about a seat: matched, kept, exempted."""
    who = f" to {name_of(row, said['person'])}" if said.get("person") else ""
    until = f", until {_moment(said['until'])}" if said.get("until") else ""
    return f"{_seat(said, seats)}{who}{until}"


def _because(row: Row, said: Row) -> str:
    return f" (“{name_of(row, said['reason'])}”)" if said.get("reason") else ""


def _numbers(entries: Iterable[int]) -> str:
    return ", ".join(str(entry) for entry in entries)


def _moment(iso: str) -> str:
    return f"{iso[:16].replace('T', ' ')} UTC"


_WORDS: dict[str, Callable[[Row, Row, Mapping[str, str]], str]] = {
    "checked": _checked,
    "review_opened": _opened,
    "mail_sent": _mailed,
    "answered": _answered,
    "approved": _approved,
    "intended": _intended,
    "result": _result,
    "owner_named": _owner_named,
    "owner_dropped": _owner_dropped,
    "matched": _on_seat,
    "kept": _on_seat,
    "exempted": _on_seat,
    "requested": _requested,
    "request_ended": _request_ended,
    "review_closed": _closed,
    "entered": _entered,
    "answer_refused": _refused,
    "mail_refused": _mail_refused,
    "taken_back": _taken_back,
    "hub_erased": _erased,
}


def _all_of(row: Row) -> str:
    return "; ".join(f"{key} {_words(row, value)}" for key, value in row["payload"].items() if value)


def _words(row: Row, value: Any) -> str:
    if isinstance(value, str):
        return name_of(row, value)
    if isinstance(value, list):
        return ", ".join(_words(row, one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name_of(row, key)}={_words(row, one)}" for key, one in value.items())
    return json.dumps(value)
