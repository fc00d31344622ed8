"""`hubroster directory`: how the sources of people stand, and what to do when a read was refused."""

import shlex
from dataclasses import asdict
from datetime import datetime
from typing import Any

from cyclopts import App

from deployments.cli.output import print_json, print_table, printable, records, stderr, stdout
from flows.directory import accept as directory_accept
from flows.directory import rekey as directory_rekey
from flows.directory.explain import explain_person
from flows.directory.state import DirectoryState, SourceState, directory_state
from flows.review.words import counted
from flows.settings import load_settings
from matching.roster.words import role_words
from tasks.directory.advice import advice
from tasks.directory.exports import titles

SHOWN = 12  # hex digits of a hash

directory = App(name="directory", help="Look at the sources of people, and accept what was refused.")


@directory.command
def status(*, json: bool = False) -> int:
    """Show each source: its file and format, what was last accepted, what was refused and what to do.

    Exits 1 when a file would be refused as it is now.

    Parameters
    ----------
    json
        Print one object on one line.
    """
    settings = load_settings()
    state, now = directory_state(settings), settings.now()
    if json:
        print_json({"sources": [_row(one, now) for one in state.sources], "disagree": list(state.disagree)})
    else:
        for one in state.sources:
            _show(one, now)
        _show_disagreeing(state)
    return 0 if all(one.file.accepted for one in state.sources) else 1


@directory.command
def accept(source: str | None = None, *, reason: str, digest: str = "", json: bool = False) -> None:
    """Accept the file that is refused, exactly as it is now. You must be logged in as an Owner of a hub.

    Before any read was accepted, an Owner is who is one by the settings, and an active employee in the file.

    The next check goes by it; who is gone by it is proposed for removal, and removed only after an approval.

    Parameters
    ----------
    source
        The source, as `directory status` calls it; needed when several are refused.
    reason
        Why; other Owners and auditors read it.
    digest
        The first digits of the file's hash, so that no other file is accepted meanwhile.
    json
        Print one object on one line.
    """
    done = directory_accept.accept(load_settings(), source, reason, digest)
    if json:
        print_json(asdict(done))
        return
    _say(
        f"Accepted: {done.source}, {done.people:,} people, hash {done.digest[:SHOWN]}, "
        f"though it {done.refusal}."
    )
    _say(f"It stands in the ledger (entry {done.seq}). The next check goes by it.")


@directory.command
def rekey(source: str, *, reason: str = "", dry_run: bool = False, json: bool = False) -> None:
    """Carry links, decisions and Owners over when a source gave its people other ids.

    Old ids become new ones by exactly the same address and name. You must be logged in as an Owner of a hub.

    Parameters
    ----------
    source
        The source, as `directory status` calls it.
    reason
        Why; other Owners and auditors read it. Not needed with --dry-run.
    dry_run
        Only show how many map.
    json
        Print one object on one line.
    """
    settings = load_settings()
    look_only = dry_run or not reason.strip()
    done = (
        directory_rekey.look(settings, source)
        if look_only
        else directory_rekey.rekey(settings, source, reason)
    )
    if json:
        print_json(asdict(done))
        return
    did = "would map" if look_only else "mapped"
    _say(f"{done.source}: {did} {done.mapped:,} ids by exact address and name; {done.unmapped:,} don't map.")
    if done.seated:
        some = ", ".join(printable(one) for one in done.seated[:10])
        _say(f"Of those, {len(done.seated)} hold seats, and will be missing: {some}")
    if look_only:
        _say("Nothing was done: say why with --reason to do it.")
    else:
        _say(f"It stands in the ledger (entry {done.seq}); `hubroster directory status` says what is next.")


@directory.command
def explain(person: str, *, json: bool = False) -> None:
    """Show what each source says of a person, which one has the word, since when, and the seats.

    Parameters
    ----------
    person
        The exact id, address, alias, user name or name.
    json
        Print one object on one line.
    """
    found = explain_person(load_settings(), person)
    said, seats = records(found.said), records(found.seats)
    if json:
        ids = list(found.ids)
        told = {
            "person_id": found.person_id,
            "ids": ids,
            "source": found.source,
            "said": said,
            "seats": seats,
        }
        print_json(told)
        return
    cells = [
        [
            row["source"]
            + (" (has the word)" if row["source"] == found.source and not row["valid_to"] else ""),
            row["person_id"],
            row["display_name"] or "",
            row["primary_email"] or "",
            row["kind"],
            row["status"],
            row["valid_from"][:16].replace("T", " "),
            (row["valid_to"] or "now")[:16].replace("T", " "),
        ]
        for row in said
    ]
    names = ["source", "id", "name", "address", "kind", "status", "from (UTC)", "to"]
    print_table(f"{found.person_id}: what the directory says", names, cells)
    held = [
        [s["hub"], s["name"] or "", role_words(s["role"]), s["rule"] or "", s["since"][:10]] for s in seats
    ]
    print_table(counted(len(held), "seat"), ["hub", "name at Meta", "app role", "linked by", "since"], held)


def _row(one: SourceState, now: datetime) -> dict[str, Any]:
    file = one.file
    return {
        "source": one.source,
        "path": one.path,
        "format": file.format or None,
        "last_accepted_at": one.last_at and one.last_at.isoformat(timespec="seconds"),
        "made_at": one.made_at and one.made_at.isoformat(timespec="seconds"),
        "age_h": _age_h(one, now),
        "people": dict(one.people),
        "refused": [asdict(refusal) for refusal in one.refused],
        "file": {
            "accepted": file.accepted,
            "reason": file.reason,
            "advice": advice(file.reason) if file.reason else None,
            "people": len(file.people),
            "digest": file.digest or None,
            "may_accept": one.may_accept,
        },
    }


def _age_h(one: SourceState, now: datetime) -> float | None:
    return round((now - one.made_at).total_seconds() / 3600, 1) if one.made_at else None


def _show(one: SourceState, now: datetime) -> None:
    file = one.file
    name = {"columns": "our own columns", "": "not readable"} | dict(titles())
    _say(f"{one.source}: {one.path} ({name[file.format]})")
    if one.last_at:
        people = ", ".join(f"{n:,} {status}" for status, n in one.people.items())
        _say(
            f"  last accepted {one.last_at:%Y-%m-%d %H:%M} UTC, of a file {_age_h(one, now)} h old: {people}"
        )
    else:
        _say("  no read was accepted yet")
    for refusal in one.refused:
        _say(
            f"  refused {refusal.reads} times since {refusal.first_at:%Y-%m-%d %H:%M} UTC: "
            f"it {refusal.reason}"
        )
    if file.accepted:
        _say(f"  the file now: {len(file.people):,} people, would be accepted")
        return
    _say(f"  the file now would be refused: it {file.reason}")
    _say(f"  what to do: {advice(file.reason or '')}")
    if one.may_accept:
        command = f"hubroster directory accept {shlex.quote(one.source)} --digest {file.digest[:SHOWN]}"
        _say(f"  if it is right all the same: {command} --reason WHY")
    if one.no_owner:
        _say(
            "  nobody can accept it: no Owner of a hub is an active employee, by what was accepted or by "
            "this file; mend the file, or `owners` of the hub"
        )


def _show_disagreeing(state: DirectoryState) -> None:
    if state.disagree:
        some = ", ".join(printable(one) for one in state.disagree[:10])
        stderr.print(
            f"{len(state.disagree)} people are active by the first source that knows them, and gone by "
            f"another: {some} (hubroster directory explain ID)",
            markup=False,
            soft_wrap=True,
        )


def _say(line: str) -> None:
    stdout.print(printable(line), markup=False, soft_wrap=True)
