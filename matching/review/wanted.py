"""What an Owner asked for: one change that another Owner has to approve (design §9)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

ON_SEATS = ("set_role", "grant", "revoke", "remove_member")
NEW_SEATS = ("invite", "restore")
OF_OWNERS = ("owner_add", "owner_drop")
OVER_BUDGET = "over_budget"
Given = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One change as it was asked for. `kind` is one of ON_SEATS, NEW_SEATS, OF_OWNERS, or OVER_BUDGET.

    `proposer`: the reference of who asked, who can't approve it. `role`: the new one. `address`: the ledger's
    reference of whom to invite. `grants`: (asset kind, asset id, tasks) each. `person`: the reference of whom
    it makes an Owner, or takes the role from. `digest`: of the report whose changes may go over the budget of
    24 hours, `on` one date (ISO 8601, in the workspace's time zone).
    """

    kind: str
    proposer: str
    role: str = ""
    address: str = ""
    grants: tuple[Given, ...] = ()
    person: str = ""
    digest: str = ""
    on: str = ""

    def as_payload(self) -> dict[str, Any]:
        """Return it as the ledger keeps it."""
        return asdict(self) | {"grants": [[kind, asset, list(tasks)] for kind, asset, tasks in self.grants]}


def wanted_from(kept: Mapping[str, Any]) -> Wanted:
    """Return what the ledger keeps so."""
    grants = tuple((kind, asset, tuple(tasks)) for kind, asset, tasks in kept["grants"])
    return Wanted(**{**kept, "grants": grants})
