"""A report as a person reads it in a terminal: the worst first, one line per finding."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from deployments.cli.output import printable
from matching.roster.words import likely_words, reason_words, rights_words, role_words

Row = Mapping[str, Any]
_FINDINGS = {
    "linked_by_name": "recognised by name alone as",
    "invitation_expired": "the invitation ran out; withdraw it or send a new one",
    "invitation_old": "invited more than two weeks ago, not accepted yet",
    "person_suspended": "suspended in the directory, still holds a seat",
    "person_missing": "no longer in the directory, which doesn't say that the person left",
    "address_outside": "signs in with an address outside our own domains",
    "leaver_exempted": "left the company, and stays by an Owner's exception",
    "left_elsewhere": "has left by one source of the directory, and not by the one that has the word",
    "id_passed_on": "was the seat of somebody whose id the directory has given to another person",
    "removal_marked": "Meta says the seat is marked for removal",
}
_ABOUT_NOBODY = {"leavers_untold": "Directory", "untold_by": "Directory", "by_name_off": "Names"}
_HAVE_LEFT = ("leaver_exempted", "left_elsewhere")


def show_report(report: Row, console: Console, zone: ZoneInfo, *, limit: int = 10) -> None:
    """Print a report; each section shows `limit` lines and says how many more there are."""
    check, hub = report["check"], report["hub"]
    began = datetime.fromisoformat(check["started_at"]).astimezone(zone)
    state = Text("complete", "green") if check["complete"] else Text("not complete", "bold red")
    _line(console, Text(f"{hub['label']}", "bold"), f"  checked {began:%d %b %Y %H:%M %Z}, ", state)
    _unread(report, console, limit)
    _leavers(report, console, limit)
    _unmatched(report, console, limit)
    _changes(report, console, zone, limit)
    _worth_knowing(report, console, limit)
    tabs = " · ".join(f"{tab} {count}" for tab, count in report["tabs"].items() if count)
    _line(console, "")
    _line(console, Text("Members  ", "bold"), tabs or "none")
    _line(console, Text("Nothing was changed at Meta.", "bold green"))


def _unread(report: Row, console: Console, limit: int) -> None:
    edges = [e for e in report["edges"] if not e["complete"] and e["reason"] != "skipped by configuration"]
    refused = [d for d in report["directory"] if not d["accepted"]]
    if not edges and not refused:
        return
    _title(console, "Could not be read, so nothing is concluded from it", "bold red")
    by_reason: dict[str, list[str]] = {}
    for edge in edges:
        by_reason.setdefault(edge["reason"], []).append(edge["edge"])
    lines = [("✖", "red", _several(names), reason) for reason, names in by_reason.items()]
    lines += [("✖", "red", d["source"], f"refused: it {d['reason']}") for d in refused]
    _lines(console, lines, limit)


def _several(names: list[str]) -> str:
    """Return edges that failed for one reason, named as far as a line has room."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _leavers(report: Row, console: Console, limit: int) -> None:
    held = report["held_back"]
    going = [p for p in report["proposals"] if p.get("was", p["kind"]) == "remove"]
    kept = [p for p in report["kept"] if p["kind"] == "remove"]
    if held:
        _title(
            console,
            f"{_people(len(held))} left but still {_holds(len(held))}, and can't be removed yet",
            "bold red",
        )
        for proposal in held[:limit]:
            _leaver(console, proposal, "red")
            for sentence in proposal["held_back"]:
                _line(console, "      ", Text(sentence, "yellow"))
        _more(console, len(held) - limit)
    if going:
        _title(console, f"{_people(len(going))} left and still {_holds(len(going))}", "bold red")
        for proposal in going[:limit]:
            _leaver(console, proposal, "red")
        _more(console, len(going) - limit)
    if kept:
        title = f"{_people(len(kept))} left and still {_holds(len(kept))}: an Owner let them stay"
        _title(console, title, "bold yellow")
        for proposal in kept[:limit]:
            _leaver(console, proposal, "yellow")
        _more(console, len(kept) - limit)
    if not (held or going or kept):
        _no_leavers(report, console)


def _no_leavers(report: Row, console: Console) -> None:
    found = {finding["kind"] for finding in report["findings"]}
    if found.intersection(_HAVE_LEFT):
        return
    if "leavers_untold" in found:
        _title(console, "Nobody can be known to have left: no directory says who has", "bold yellow")
    elif "untold_by" in found:
        _title(
            console, "No leaver is known to hold a seat; of some people no directory says it", "bold yellow"
        )
    elif report["check"]["complete"] and all(read["accepted"] for read in report["directory"]):
        _title(console, "Nobody who is known to have left holds a seat", "bold green")
    else:
        _title(console, "No leaver is known to hold a seat, but not everything was read", "bold yellow")


def _leaver(console: Console, proposal: Row, style: str) -> None:
    member = proposal["member"]
    invited = " (invited, not accepted)" if member["kind"] == "pending" else ""
    _line(
        console,
        Text("  ● ", style),
        Text(name_of(member) + invited, "bold"),
        f" · {role_words(member['role'])} · {rights_words(proposal['rights'])}",
    )
    if not proposal["rights_known"]:
        _line(console, "      ", Text("What this seat can do was not read to the end.", "yellow"))
    alone = [r for r in proposal["rights"] if r.get("left_with") in ("nobody", "unknown", "one")]
    for right in sorted(alone, key=lambda r: (r["left_with"] == "one", str(r["asset_name"])))[:3]:
        who = {
            "nobody": "nobody else controls it",
            "unknown": "nobody else that we can see controls it",
            "one": "one other person controls it",
        }[right["left_with"]]
        _line(console, Text(f"      if removed: {right['asset_name'] or right['asset_id']}: {who}", "dim"))


def _unmatched(report: Row, console: Console, limit: int) -> None:
    resolve = [p for p in report["proposals"] if p.get("was", p["kind"]) == "resolve"]
    if not resolve:
        return
    plural = "members are" if len(resolve) > 1 else "member is"
    _title(console, f"{len(resolve)} {plural} matched to nobody: match, remove or exempt", "bold yellow")
    for proposal in sorted(resolve, key=_urgency)[:limit]:
        member = proposal["member"]
        maybe = [_guess(candidate) for candidate in proposal["candidates"][:2]]
        guess = "maybe " + " or ".join(maybe) if maybe else reason_words(proposal["reason"])
        _line(
            console,
            Text("  ● ", "red" if proposal["maybe_left"] else "yellow"),
            Text(name_of(member), "bold"),
            f" · {role_words(member['role'])} · {rights_words(proposal['rights'])} · ",
            Text(guess, "italic"),
        )
    _more(console, len(resolve) - limit)


def _guess(candidate: Row) -> str:
    person = candidate["person"]
    name = person["display_name"] or person["primary_email"] or person["person_id"]
    gone = ", who left the company" if person["status"] == "deprovisioned" else ""
    return f"{name} ({likely_words(candidate['posterior'])}{gone})"


def _urgency(proposal: Row) -> tuple[bool, bool, bool, str]:
    """Sort who may be a leaver first, then Full control, then who has candidates."""
    member = proposal["member"]
    full_control = member["role"] == "ADMIN"
    return not proposal["maybe_left"], not full_control, not proposal["candidates"], name_of(member)


def _changes(report: Row, console: Console, zone: ZoneInfo, limit: int) -> None:
    if report["check"]["baseline"]:
        _title(console, "This is the first complete check: changes are told from the next one on", "bold")
        return
    if report["check"]["since"] is None:
        _title(console, "There was no complete check yet: changes are told after the first one", "bold")
        return
    changes = report["changes"]
    if not changes:
        seen = "Nothing" if report["check"]["complete"] else "Of what was read, nothing"
        _title(console, f"{seen} changed since the last complete check", "bold")
        return
    since = _moment(report["check"]["since"], zone)
    _title(console, f"Changed since the last complete check, {since}", "bold")
    lines = [(*_SIGNS[c["kind"].rpartition("_")[2]], c["about"], c["sentence"]) for c in changes]
    _lines(console, lines, limit * 2)
    _log(report, console, zone, limit)


_EVENTS = {
    "ad_account_add_user_to_role": "gave somebody a role on",
    "ad_account_remove_user_from_role": "took somebody's role away on",
}


def _log(report: Row, console: Console, zone: ZoneInfo, limit: int) -> None:
    if not report["log"]:
        return
    _line(console, Text("  Meta's log of the ad accounts concerned:", "dim"))
    for entry in report["log"][:limit]:
        at, where = _moment(entry["at"], zone), entry["name"] or entry["ad_account"]
        what = _EVENTS.get(entry["event"], entry["event"])
        _line(console, Text(f"    {at}  {entry['by'] or 'somebody'} {what} {where}", "dim"))
    _more(console, len(report["log"]) - limit)


def _moment(iso: str | None, zone: ZoneInfo) -> str:
    """Return a time of the report where people are, and Meta's own word for what is no time."""
    try:
        at = datetime.fromisoformat(iso or "")
    except ValueError:
        return iso or "at an unknown time"
    return f"{(at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(zone):%d %b %Y %H:%M %Z}"


_SIGNS = {
    "added": ("+", "green"),
    "gone": ("-", "red"),
    "changed": ("~", "yellow"),
    "left": ("-", "red"),
}


def _worth_knowing(report: Row, console: Console, limit: int) -> None:
    if not report["findings"]:
        return
    _title(console, "Worth knowing", "bold")
    lines = [("·", "cyan", *_finding(finding)) for finding in report["findings"]]
    _lines(console, lines, limit)


def _finding(finding: Row) -> tuple[str, str]:
    """Return whom or what it is about, and what is to be known."""
    if finding["kind"] in _ABOUT_NOBODY:
        return _ABOUT_NOBODY[finding["kind"]], finding["why"]
    return name_of(finding["member"]), _of_member(finding)


def _of_member(finding: Row) -> str:
    words = _FINDINGS.get(finding["kind"], finding["kind"])
    return f"{words} {_called(finding['person'])}" if "person" in finding else str(words)


def _called(person: Row) -> str:
    """Return a person's name with what tells him from a namesake."""
    name, address = person["display_name"], str(person["primary_email"] or person["person_id"])
    return f"{name} <{address}>" if name else address


def name_of(member: Row) -> str:
    """Return how a member is called: by name, else by address, else by id."""
    return str(member.get("name") or member.get("email") or f"{member['kind']} {member['member_id']}")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _holds(count: int) -> str:
    return "holds a seat" if count == 1 else "hold a seat"


def _title(console: Console, text: str, style: str) -> None:
    _line(console, "")
    _line(console, Text(text, style))


def _lines(console: Console, lines: list[tuple[str, str, str, str]], limit: int) -> None:
    for sign, style, about, text in lines[:limit]:
        _line(console, Text(f"  {sign} ", style), Text(str(about), "bold"), f"  {text}")
    _more(console, len(lines) - limit)


def _more(console: Console, count: int) -> None:
    if count > 0:
        _line(console, Text(f"    and {count} more; `hubroster report` with --all shows every line", "dim"))


def _line(console: Console, *parts: str | Text) -> None:
    # Names come from Meta and the directory: they are text, never markup, and never move the cursor.
    line = Text()
    for part in parts:
        text = part if isinstance(part, Text) else Text(part)
        line.append_text(Text(printable(text.plain), text.style))
    console.print(line, soft_wrap=True)
