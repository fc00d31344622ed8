"""One change at Meta: what is asked, what Meta said to it, what a re-reading showed (design §9)."""

from dataclasses import dataclass, field

REMOVALS = frozenset({"remove", "cancel_invitation"})
ON_ASSETS = frozenset({"grant", "revoke"})
KINDS = REMOVALS | ON_ASSETS | {"invite", "set_role"}


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `kind` is one of KINDS, `member_kind` user, pending or system; ids are Meta's.

    `address` is whom to invite, and of a removed invitation whom it had invited: the proof looks for it.
    `tasks` of a grant come on top of those that are there; a revoke takes all of the asset.
    """

    kind: str
    member_kind: str
    member_id: str
    address: str = field(default="", repr=False)
    role: str = ""
    asset_kind: str = ""
    asset_id: str = ""
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """What Meta said to the one call: `state` is accepted, refused (surely not done) or lost (nobody knows).

    `reason` is plain words with what to do; it has Meta's codes and fbtrace_id, no names and no addresses.
    `meta_id` is the id that Meta returned, an invitation's.
    """

    state: str
    reason: str
    meta_id: str = ""
    code: int | None = None
    subcode: int | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a complete re-reading showed.

    `state`: proven; not_there_yet (what should be gone is still there, or what should be there isn't);
    accepted_meanwhile (an invitation became the seat `member_id`); unknown (not read completely: `reason`).
    """

    state: str
    reason: str = ""
    member_id: str = ""
