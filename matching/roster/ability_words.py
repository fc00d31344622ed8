"""What somebody can do in a hub, in plain verbs: the most powerful first."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matching.roster.one_line import their_words
from matching.roster.safeguards import FULL_CONTROL
from matching.roster.words import ASSETS, CONTROLS, PUBLISHES, SPENDS, counted, power_of, role_words

_VERBS = {CONTROLS: "control", SPENDS: "spend money on", PUBLISHES: "publish on"}
# Meta writes the finance permission of a seat as EDITOR or ANALYST.
_FINANCE = {"EDITOR": "change payment details", "ANALYST": "see invoices and payment details"}
# Roles that say no more than the grants do.
_PLAIN_ROLES = {"", "EMPLOYEE"}


def abilities(member: Mapping[str, Any], rights: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what a member can do, as verbs that follow "they can": `spend money on 3 ad accounts`.

    Each right has asset_kind, tasks and controls. A role that nobody knows is shown as Meta writes it.
    """
    found = []
    role, finance = member["role"] or "", member.get("finance_permission") or ""
    if role == FULL_CONTROL:
        found.append("add and remove people and take any Page or ad account for themselves (Full control)")
    elif role not in _PLAIN_ROLES:
        found.append(f"act as {their_words(role_words(role))}")
    if finance:
        found.append(_FINANCE.get(finance, f"act on finance as {their_words(finance)}"))
    counts: dict[int, dict[str, int]] = {}
    for right in rights:
        of_kind = counts.setdefault(power_of(right), {})
        of_kind[right["asset_kind"]] = of_kind.get(right["asset_kind"], 0) + 1
    for power, verb in _VERBS.items():
        if power in counts:
            found.append(f"{verb} {_counted(counts.pop(power))}")
    rest = {kind: n for of_kind in counts.values() for kind, n in of_kind.items()}
    if rest:
        found.append(f"work on {_counted(rest)}")
    return found


def joined(parts: Sequence[str]) -> str:
    """Return the parts as one list in words: `a, b and c`."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _counted(of_kind: Mapping[str, int]) -> str:
    known = [counted(of_kind[kind], kind) for kind in ASSETS if kind in of_kind]
    return joined(
        known + [counted(n, their_words(kind)) for kind, n in of_kind.items() if kind not in ASSETS]
    )
