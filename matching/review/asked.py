"""What a report asks the Owners of a hub: one question per proposal, with the answers that it takes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from matching.review.wanted import NEW_SEATS, OF_OWNERS, Wanted, wanted_from

REMOVE, KEEP, EXEMPT, WITHDRAW = "remove", "keep", "exempt", "withdraw"
DO, DONT = "do", "dont"  # to what an Owner asked for
YES = (REMOVE, DO)
MATCH = "match:"  # followed by the rank of a candidate, from 1


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a review.

    `id` are the 12 hex digits that people see, over `subject` and `evidence` (design §9). `persons` are the
    references of everybody it is about: the leaver, or each candidate; none of them may answer it. `needs`
    is how many persons must say remove. `base`: the subject that a no sticks to. `recommended` is empty
    where nothing can be recommended. `wanted`: where an Owner asked for it, what he wants.
    """

    id: str
    subject: str
    evidence: str
    kind: str
    stay: str
    member_kind: str
    member_id: str
    role: str
    persons: tuple[str, ...]
    needs: int
    base: str
    options: tuple[str, ...]
    recommended: str
    wanted: Wanted | None = None

    @property
    def refusal(self) -> str:
        """The answer by which nothing is done."""
        return KEEP if self.wanted is None else DONT

    @property
    def takes_a_seat(self) -> bool:
        """Whether a member's seat, or an invitation, is gone when it is done."""
        return self.wanted is None or self.wanted.kind == "remove_member"

    def as_payload(self) -> dict[str, Any]:
        """Return it as the ledger keeps it."""
        plain = {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }
        plain.pop("wanted")
        return plain if self.wanted is None else plain | {"wanted": self.wanted.as_payload()}


class AskedOf(Mapping[str, Asked]):
    """The questions of a review by their ids, each made of what the ledger keeps when it is looked at.

    Of hundreds of reviews of a hub only the last one's are.
    """

    def __init__(self, kept: Iterable[Mapping[str, Any]]) -> None:
        self._kept = {str(one["id"]): one for one in kept}
        self._made: dict[str, Asked] = {}

    def __getitem__(self, change: str) -> Asked:
        if change not in self._made:
            self._made[change] = from_payload(self._kept[change])
        return self._made[change]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def from_payload(kept: Mapping[str, Any]) -> Asked:
    """Return the question that the ledger keeps so."""
    lists = {name: tuple(kept[name]) for name in ("persons", "options")}
    wanted = wanted_from(kept["wanted"]) if kept.get("wanted") else None
    return Asked(**{**kept, **lists, "wanted": wanted})


def needed(two_approvers_for: Collection[str], kind: str, role: str, *, gives_access: bool = False) -> int:
    """Return how many persons must say yes to a change of this kind, as the policy is.

    `gives_access`: an invitation that gives access to assets as well is a grant too.
    """
    kinds = {REMOVE if kind == "remove_member" else kind} | ({"grant"} if gives_access else set())
    return 2 if any(f"{one}:{role}" in two_approvers_for for one in kinds) else 1


def by_policy(asked: Asked, two_approvers_for: Collection[str]) -> Asked:
    """Return a question as the policy is now: it may have become stricter since it was asked."""
    wanted = asked.wanted
    if wanted is None:
        needs = needed(two_approvers_for, REMOVE, asked.role)
    elif wanted.kind in OF_OWNERS:
        return asked
    else:
        gives = wanted.kind in NEW_SEATS and bool(wanted.grants)
        needs = needed(two_approvers_for, wanted.kind, wanted.role or asked.role, gives_access=gives)
    return replace(asked, needs=needs) if needs > asked.needs else asked


def asked_of(
    proposal: Mapping[str, Any], two_approvers_for: Collection[str], ref: Callable[[str], str]
) -> Asked:
    """Return what a proposal of a report asks; `ref` gives the ledger's reference of a person id.

    A removal needs two persons where the policy says so for the role, and where Meta did not say what the
    member may do: nobody can know then what is lost (design §10).
    """
    member = proposal["member"]
    role = str(member["role"] or "")
    two = needed(two_approvers_for, REMOVE, role) > 1 or not proposal["rights_known"]
    candidates = [option["person"]["person_id"] for option in proposal.get("candidates", ())]
    options: tuple[str, ...]
    if proposal.get("was", proposal["kind"]) == REMOVE:
        people, options, recommended = [proposal["person"]["person_id"]], (REMOVE, KEEP), REMOVE
    else:
        people = candidates
        matches = tuple(f"{MATCH}{rank}" for rank in range(1, len(candidates) + 1))
        options, recommended = (*matches, REMOVE, EXEMPT, KEEP), ""
    return Asked(
        id=proposal["id"],
        subject=proposal["subject"],
        evidence=proposal["evidence"],
        kind=proposal["kind"],
        stay=proposal["stay"],
        member_kind=member["kind"],
        member_id=member["member_id"],
        role=role,
        persons=tuple(ref(str(person)) for person in people),
        needs=2 if two else 1,
        base=proposal.get("base", proposal["subject"]),
        options=options,
        recommended=recommended,
    )
