"""One write: who does what to which node, and how Meta answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deployments.sandbox.switches import Switches
from deployments.sandbox.world import User, World


@dataclass(frozen=True, slots=True)
class Act:
    """One write under way."""

    world: World
    switches: Switches
    params: dict[str, str]
    node: Any  # what it is done to
    edge: str | None  # and by which edge of it
    by: User


def says_id(made: Any) -> dict[str, object]:
    """Answer with the id of what was made or changed."""
    return {"id": made.id}


def says_success(_: Any) -> dict[str, object]:
    """Answer that it is done."""
    return {"success": True}


def says_token(made: Any) -> dict[str, object]:
    """Answer with a new token."""
    return {"access_token": made.token}


@dataclass(frozen=True, slots=True)
class Write:
    """A write that Meta offers: `do` changes the world and returns the node that the answer is about.

    `makes` names that node's type where it isn't the one written to: read-after-write (§3) shows it.
    """

    do: Callable[[Act], Any]
    says: Callable[[Any], dict[str, object]] = says_success
    makes: Callable[[Switches], str] | None = None
    scope: str = "business_management"  # needed beside it, for some kinds of asset
    by_controller: bool = False  # also by who controls the asset, without being an admin of the business


# (method, node type, edge or None for the node) → the write
Writes = dict[tuple[str, str, str | None], Write]
