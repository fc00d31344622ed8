"""Meta's clock: starts at the world's `now` and goes on from there; `POST clock` sets it."""

import time
from datetime import UTC, datetime, timedelta

from deployments.sandbox.world import World


class Clock:
    """The time at Meta: what `Date`, token expiry and invitations go by."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.set(world.now)

    def now(self) -> datetime:
        """Return the time at Meta, in UTC."""
        return self._base + timedelta(seconds=time.monotonic() - self._started)

    def set(self, now: datetime) -> None:
        """Let it be this moment now."""
        self._base = now.astimezone(UTC)
        self._started = time.monotonic()
        self.world.now = self._base

    def bring_world_up(self) -> datetime:
        """Let the world know the time before something happens in it, and return it."""
        self.world.now = self.now()
        return self.world.now
