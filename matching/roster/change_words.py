"""A proposal of a report in plain sentences, the same in mail, page and command line.

Names, addresses and asset names come from Meta: they go through one_line's functions here, and nowhere else.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from matching.roster.ability_words import abilities, joined
from matching.roster.one_line import LINE_LIMIT, one_line, plain_address, quoted, their_words
from matching.roster.request_words import request_sentence
from matching.roster.words import ASSETS, likely_words, reason_words

Row = Mapping[str, Any]
_ANSWERS = {
    "remove": "Remove them",
    "keep": "Let them stay",
    "exempt": "Let them stay, as an exception",
    "do": "Do it",
    "dont": "Don't do it",
    "withdraw": "Take my answer back",
}


def sentence(proposal: Row, today: date, *, done: bool = False) -> str:
    """Return who it is about, why, and what they can still do: the headline and the details in one line.

    `done`: it was carried out since the report was made, so that only the headline is still true.
    """
    return headline(proposal) if done else one_line(f"{headline(proposal)} {details(proposal, today)}")


def headline(proposal: Row) -> str:
    """Return who it is about and why it is asked: a sentence that stays true when it was done."""
    if "request" in proposal:
        return request_sentence(proposal)
    return one_line(_leaver(proposal) if "person" in proposal else _stranger(proposal))


def details(proposal: Row, today: date) -> str:
    """Return what they can still do, and who they may be; nothing for what somebody asked for.

    `today` dates what the report knows the time of: a `re_review` says when an Owner let somebody stay.
    """
    if "request" in proposal:
        return ""
    if "person" in proposal:
        told = [_alias(proposal), _waits(proposal), "" if _invited(proposal) else _can(proposal, "still ")]
    else:
        told = [_waits(proposal), _can(proposal), _guess(proposal)]
    again = _kept(proposal["kept_at"], today) if proposal["kind"] == "re_review" else ""
    return one_line(" ".join(part for part in (*told, again) if part))


def consequence(proposal: Row) -> str:
    """Return what a removal would leave behind, or nothing where there is nothing to tell."""
    if "request" in proposal:
        taking = proposal["kind"] in ("remove_member", "revoke")
        return _unweighed([r for r in proposal["rights"] if r["controls"]]) if taking else ""
    if proposal["member"]["kind"] == "pending":
        return "If removed, nobody can accept the invitation any more."
    if not proposal["rights_known"]:
        return "Meta did not say all they can do, so nobody can tell what a removal would leave behind."
    controlled = [right for right in proposal["rights"] if right["controls"]]
    if "person" not in proposal:
        return _unweighed(controlled)
    for left_with, who in (
        ("nobody", "nobody else controls"),
        ("unknown", "nobody else that we can see controls"),
    ):
        if alone := [right for right in controlled if right.get("left_with") == left_with]:
            return one_line(f"If removed, {who} {_assets(alone)}: choose who should first.")
    if alone := [right for right in controlled if right.get("left_with") == "one"]:
        return one_line(f"If removed, only one other person controls {_assets(alone)}.")
    return "If removed, nothing is left without somebody in control."


def answer_words(answer: str, proposal: Row | None = None) -> str:
    """Return the words of an answer: remove, keep, exempt, do, dont, withdraw, or `match:2` for candidate 2.

    With the proposal the candidate is named. Raises ValueError for an answer that there is not.
    """
    if answer in _ANSWERS:
        return _ANSWERS[answer]
    kind, _, rank = answer.partition(":")
    if kind != "match" or not (rank.isascii() and rank.isdigit() and int(rank)):
        raise ValueError("no such answer")
    candidates = proposal["candidates"] if proposal else ()
    for candidate in candidates:
        if candidate["rank"] == int(rank):
            return one_line(f"They are {_person(candidate['person'])}")
    return f"They are candidate {int(rank)}"


def held_back_words(proposal: Row) -> str:
    """Return a known leaver who can't be removed yet, what they can still do, and why it is held back."""
    reasons = " ".join(one_line(reason).removeprefix("Held back: ") for reason in proposal["held_back"])
    can = _waits(proposal) if _invited(proposal) else _can(proposal, "still ")
    told = [_leaver(proposal), _alias(proposal), can]
    told.append(f"They can't be removed yet: {reasons}")
    return one_line(" ".join(part for part in told if part), 2 * LINE_LIMIT)


def _leaver(proposal: Row) -> str:
    name = _name(proposal["person"])
    if _invited(proposal):
        return f"{name} has left, and an invitation{_to(proposal['member'])} was sent."
    return f"{name} has left."


def _alias(proposal: Row) -> str:
    member = proposal["member"]
    called = their_words(member["name"])
    other = called and called != _name(proposal["person"]) and not _invited(proposal)
    return f"At Meta they are called {quoted(member['name'])}." if other else ""


def _invited(proposal: Row) -> bool:
    return bool(proposal["member"]["kind"] == "pending")


def _waits(proposal: Row) -> str:
    waits = "The invitation is still open: whoever reads that mailbox can accept it."
    return waits if _invited(proposal) else ""


def _stranger(proposal: Row) -> str:
    member = proposal["member"]
    if _invited(proposal):
        return f"An invitation{_to(member)} was sent, and nobody in the directory has that address."
    address = plain_address(member["email"])
    if not their_words(member["name"]):
        unnamed = f"a member without a name (Meta id {their_words(member['member_id'])})"
        return f"It is not certain who {address or unnamed} is."
    return f"It is not certain who {quoted(member['name'])}{f' ({address})' if address else ''} is."


def _guess(proposal: Row) -> str:
    candidates = proposal.get("candidates", ())
    if not candidates:
        return "Nobody in the directory is alike."
    gone = [c for c in candidates if c["person"]["status"] == "deprovisioned"]
    best = gone[0] if proposal.get("maybe_left") and gone else candidates[0]
    likely = likely_words(best["posterior"])
    told = [likely if likely == "unlikely" else f"{likely} likely", reason_words(proposal.get("reason"))]
    return (
        f"Most like in the directory: {_person(best['person'])} ({'; '.join(part for part in told if part)})."
    )


def _can(proposal: Row, still: str = "") -> str:
    member = proposal["member"]
    found = abilities(member, proposal["rights"])
    unread = "" if proposal["rights_known"] else " Meta did not say all they can do."
    if member["kind"] == "pending":
        return f"Whoever accepts it can {joined(found)}." if found else "It gives no Page or ad account yet."
    if found:
        return f"They can {still}{joined(found)}.{unread}"
    return unread.strip() or f"They {still}hold a seat, without any Page, ad account or catalog."


def _kept(kept_at: str, today: date) -> str:
    day = datetime.fromisoformat(kept_at).date()
    year = f" {day.year}" if day.year != today.year else ""
    days = (today - day).days
    ago = f", {days} days ago" if days > 1 else ""
    return f"On {day.day} {day:%B}{year}{ago}, an Owner let them stay; it is asked again."


def _unweighed(controlled: list[Row]) -> str:
    if not controlled:
        return ""
    return one_line(
        f"They control {_assets(controlled)}: before you remove them, see that somebody else does."
    )


def _assets(rights: list[Row]) -> str:
    shown = [
        f"the {ASSETS.get(right['asset_kind'], (right['asset_kind'],))[0]} "
        f"{quoted(right['asset_name'] or right['asset_id'])}"
        for right in rights[:2]
    ]
    return joined(shown + ([f"{len(rights) - 2} more"] if len(rights) > 2 else []))


def _person(person: Row) -> str:
    parts = [_name(person)]
    if (address := plain_address(person["primary_email"])) and address != parts[0]:
        parts.append(address)
    if title := their_words(person.get("title")):
        parts.append(title)
    gone = ", who has left" if person["status"] == "deprovisioned" else ""
    return ", ".join(parts) + gone


def _name(person: Row) -> str:
    address = plain_address(person["primary_email"])
    return their_words(person["display_name"]) or address or their_words(person["person_id"])


def _to(member: Row) -> str:
    address = plain_address(member["email"])
    return f" to {address}" if address else ""
