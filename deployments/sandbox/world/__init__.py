"""The stand-in world: its state, which this package hands out, and what fills it. Knows no Graph API."""

from deployments.sandbox.world.state import (
    Asset,
    Business,
    Invite,
    Token,
    User,
    World,
    WorldError,
    meta_time,
)

__all__ = ["Asset", "Business", "Invite", "Token", "User", "World", "WorldError", "meta_time"]
