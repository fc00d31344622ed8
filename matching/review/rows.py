"""What the rules of a review read: rows of the ledger, whoever keeps them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


class Row(Protocol):
    """One entry of the ledger. Persons in it are references, never names or addresses (design §7)."""

    @property
    def seq(self) -> int:
        """Its place in the book."""

    @property
    def at(self) -> datetime:
        """When it was written, by the ledger's time."""

    @property
    def hub(self) -> str:
        """The label of the hub that it is about."""

    @property
    def actor(self) -> str:
        """Who did it: a person's reference, or what ran by itself."""

    @property
    def kind(self) -> str:
        """What was done."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """What it was done to, and with."""
