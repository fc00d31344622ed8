"""Plain words for what Meta calls by codes. Unknown codes are shown as they are, never dropped.

Roles and tasks carry the names of Meta's own settings: Full control, Partial access (Basic) and so on.
"""

from collections.abc import Iterable, Mapping
from typing import Any

ROLES = {
    "ADMIN": "Full control",
    "EMPLOYEE": "Basic",
    "DEVELOPER": "Apps and integrations",
    "FINANCE_ANALYST": "Finance (view)",
    "FINANCE_VIEW": "Finance (view)",
    "FINANCE_EDITOR": "Finance (edit)",
    "FINANCE_EDIT": "Finance (edit)",
}
ASSETS = {
    "page": ("Page", "Pages"),
    "ad_account": ("ad account", "ad accounts"),
    "product_catalog": ("catalog", "catalogs"),
    "business_asset_group": ("asset group", "asset groups"),
}
REASONS = {
    "exact_address": "same address",
    "alias": "an alias of the directory",
    "user_name": "same user name",
    "plus_address": "same address but for a +tag",
    "earlier_link": "linked before",
    "former_domain": "the same address but for a former domain",
    "name": "a like name, nothing more",
    "namesake": "several people of that name",
    "taken": "that person holds another seat already",
    "foreign_address": "an address of another company",
    "initial_only": "an initial only",
    "given_name_only": "a given name only",
    "ambiguous_address": "the address leads to several people, or to one of another name",
    "no_candidate": "nobody alike in the directory",
}
# Tasks that spend money or publish in the company's name; all vocabularies of Meta's.
_SPEND = {"ADVERTISE", "PROFILE_PLUS_ADVERTISE"}
_PUBLISH = {"CREATE_CONTENT", "PROFILE_PLUS_CREATE_CONTENT", "CONTENT"}
CONTROLS, SPENDS, PUBLISHES, WORKS = range(4)


def role_words(role: str | None) -> str:
    """Return the words for a role, or the role as Meta writes it."""
    return ROLES.get(role or "", role or "no role")


def reason_words(reason: str | None) -> str:
    """Return the words for a reason code of the matcher."""
    return REASONS.get(reason or "", reason or "")


def counted(count: int, kind: str) -> str:
    """Return a count with the noun of an asset kind: `1 Page`, `3 ad accounts`."""
    one, many = ASSETS.get(kind, (kind, kind))
    return f"{count} {one if count == 1 else many}"


def rights_words(rights: Iterable[Mapping[str, Any]]) -> str:
    """Return what somebody can do with these rights: the most powerful in words, the rest counted.

    Each right has asset_kind, tasks and controls.
    """
    counts: dict[tuple[int, str], int] = {}
    for right in rights:
        counts[power_of(right), right["asset_kind"]] = (
            counts.get((power_of(right), right["asset_kind"]), 0) + 1
        )
    if not counts:
        return "has no Page, ad account or catalog"
    power = min(key[0] for key in counts)
    verb = ("controls", "can spend on", "can publish on", "can work on")[power]
    kinds = [counted(counts[power, kind], kind) for kind in ASSETS if (power, kind) in counts]
    rest = sum(count for key, count in counts.items() if key[0] > power)
    return f"{verb} {_and(kinds)}" + (f", works on {rest} more" if rest else "")


def power_of(right: Mapping[str, Any]) -> int:
    """Return the most that a right allows: CONTROLS, SPENDS, PUBLISHES or WORKS, the most powerful first."""
    tasks = set(right["tasks"])
    if right["controls"]:
        return CONTROLS
    if tasks & _SPEND and right["asset_kind"] in ("ad_account", "product_catalog"):
        return SPENDS
    return PUBLISHES if tasks & _PUBLISH else WORKS


def likely_words(posterior: float) -> str:
    """Return a rough probability in words: never certain, never out of the question."""
    if posterior > 0.99:
        return "over 99 %"
    return "unlikely" if posterior < 0.01 else f"{posterior:.0%}".replace("%", " %")


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
