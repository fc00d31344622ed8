"""`hubroster link`: match two files."""

import sys
from dataclasses import asdict
from json import dumps
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter, validators
from rich.console import Console


def link(
    *,
    members: Path,
    directory: Path,
    out: Path,
    candidates: Path | None = None,
    json: bool = False,
    auto_match_by_name: Literal["always", "low_privilege", "never"] = "always",
    at_least: Annotated[float, Parameter(validator=validators.Number(gte=0.5, lte=1))] = 0.97,
) -> int | None:
    """Match the members in one file with the people in another, without a hub.

    Files are Parquet or CSV by their ending; lists in CSV are separated by ";". Addresses that are one
    person's match; so do names of which it is sure enough who is meant, as far as that is allowed.

    Parameters
    ----------
    members
        Has member_id, and name or email (or both); first_name, last_name and role if there are any.
    directory
        Has person_id, and as far as there are: user_name, given_name, family_name, display_name,
        primary_email, aliases, status, kind.
    out
        Gets one row per member: who it is, by which rule, how sure, and why.
    candidates
        Gets up to five persons per member, with the evidence.
    json
        Print the summary as one line of JSON.
    auto_match_by_name
        Whether a name alone may match: always, never, or only members of whom `role` says that they have
        neither Full control nor finance permissions.
    at_least
        How sure it must be of a match by name, from 0.5 to 1. A check asks for 0.99, because nobody looks at
        each of its links; see docs/matching.md for what a lower one costs.
    """
    from matching.people.decide import Policy  # here, because `hubroster link --help` must not wait for numpy
    from tasks.link_files import link_files

    talk = Console(stderr=True, highlight=False)
    talk.print(f"Matching {members} with {directory} …", markup=False, soft_wrap=True)
    summary = link_files(members, directory, out, candidates, policy=Policy(at_least, auto_match_by_name))
    if json:
        written = {"out": str(out), "candidates": None if candidates is None else str(candidates)}
        sys.stdout.write(dumps(asdict(summary) | written, ensure_ascii=False) + "\n")
        return None
    sys.stdout.write(
        f"{summary.members:,} members, {summary.people:,} people: {summary.matched:,} matched, "
        f"{summary.review:,} to review, {summary.unmatched:,} unmatched\n"
        f"written: {out}" + (f", {candidates}" if candidates else "") + "\n"
    )
    return None
