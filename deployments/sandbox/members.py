"""Who sits in the hub: the characters of the stories, colleagues under their own names and addresses, strangers, shared logins."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from deployments.sandbox.ids import Ids
from deployments.sandbox.people import DOMAIN, Person, generate_people, unused
from deployments.sandbox.seats import Seat, seat_in_style, seat_of
from deployments.sandbox.stories import CAST, Character
from deployments.sandbox.world import User, World

_TEAMS = ("Ads Desk", "Paid Team", "Reporting", "Campaigns", "Creative Pool", "Billing", "Studio")
_TELLING = frozenset(
    {"work", "alias", "plus", "capitals", "retired_domain"}
)  # addresses that name one person of the directory


@dataclass(slots=True)
class Members:
    """The ids of those who were added, by what they may be given."""

    characters: list[tuple[Character, str]] = field(default_factory=list)
    stewards: list[str] = field(
        default_factory=list
    )  # active employees under their own visible address: they get control
    others: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Arrival:
    """A member on the way in."""

    user: User
    truth: str
    person: Person | None
    variant: str
    days_ago: int
    character: Character | None = None


class _Namesakes:
    """Counts how many of the directory a name could mean."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._full: Counter[tuple[str, str]] = Counter()
        self._initial: Counter[tuple[str, str]] = Counter()
        self._given: Counter[str] = Counter()
        for person in people:
            self._full[person.given_name, person.family_name] += 1
            self._initial[person.given_name, person.family_name[:1]] += 1
            self._given[person.given_name] += 1

    def of(self, person: Person, name_style: str) -> int:
        if name_style == "one_word":
            return self._given[person.given_name]
        if name_style == "initial":
            return self._initial[person.given_name, person.family_name[:1]]
        return self._full[person.given_name, person.family_name]


def cast_for(members: int) -> tuple[Character, ...]:
    """Return the characters who fit into a hub of that many members."""
    return CAST[:members]


def add_members(
    world: World,
    rng: Random,
    ids: Ids,
    story_ids: Ids,
    people: list[Person],
    *,
    members: int,
    hidden: float,
    taken: set[str],
) -> Members:
    """Add the business users and what they truly are; `people` is the directory without the stories' people."""
    cast = cast_for(members)
    arrivals = [_character(one, story_ids) for one in cast]
    newcomers = _strangers(rng, ids, members - len(cast), taken)
    newcomers += _colleagues(rng, ids, people, members - len(cast) - len(newcomers), members)
    _hide_addresses(rng, arrivals, newcomers, round(hidden * members))
    _make_ambiguous(newcomers, _Namesakes([*people, *(entry for one in cast for entry in one.entries)]))
    _give_roles(rng, arrivals, newcomers, members)
    arrivals += newcomers
    # Assumption: Meta lists users in order of creation.
    arrivals.sort(key=lambda one: -one.days_ago)
    return _seat_all(world, rng, ids, arrivals)


def _character(character: Character, ids: Ids) -> _Arrival:
    user = _user(ids.new(), character.seat)
    user.role = character.role
    user.email_hidden = character.email_hidden
    user.finance_permission = character.finance_permission
    person = character.entries[0] if character.truth == "match" else None
    user.title = person.title if person else None
    return _Arrival(
        user, character.truth, person, character.seat.variant, character.joined_days_ago, character
    )


def _strangers(rng: Random, ids: Ids, seats: int, taken: set[str]) -> list[_Arrival]:
    """Return those whom the directory doesn't know: 12 % people from elsewhere, 2 % shared logins."""
    found = []
    for person in generate_people(rng, round(0.12 * seats)):
        style = rng.choice(("foreign", "personal", "foreign", "opaque"))
        seat = seat_in_style(rng, person, "exact", style)
        found.append(
            _Arrival(_user(ids.new(), seat), "none", None, f"outsider/{style}", rng.randint(20, 900))
        )
    for _ in range(round(0.02 * seats)):
        team = rng.choice(_TEAMS)
        local = unused(team.lower().replace(" ", "-"), taken)
        seat = Seat("", "", f"Northwind {team}", f"{local}@{DOMAIN}", "shared/work")
        found.append(_Arrival(_user(ids.new(), seat), "none", None, seat.variant, rng.randint(200, 1500)))
    return found


def _colleagues(rng: Random, ids: Ids, people: list[Person], count: int, members: int) -> list[_Arrival]:
    """Return members whom the directory knows. Beyond the stories' leavers, 3 % of a hub of more than 40 left the company."""
    leavers = [person for person in people if person.status == "deprovisioned"]
    here = [person for person in people if person.status != "deprovisioned"]
    gone = rng.sample(leavers, min(len(leavers), count, round(0.03 * max(0, members - 40))))
    staying = count - len(gone)
    for person in leavers:  # a small directory: too few are left for the seats
        if len(here) >= staying:
            break
        if person not in gone:
            person.status, person.left_days_ago = "active", None
            here.append(person)
    found = []
    for person in [*gone, *rng.sample(here, staying)]:
        seat = seat_of(rng, person)
        earliest = person.left_days_ago or 1
        joined = rng.randint(earliest, max(earliest, person.hired_days_ago))
        user = _user(ids.new(), seat)
        user.title = person.title if rng.random() < 0.3 else None
        found.append(_Arrival(user, "match", person, seat.variant, joined))
    return found


def _hide_addresses(rng: Random, cast: list[_Arrival], newcomers: list[_Arrival], target: int) -> None:
    """Hide that many addresses; those of the stories are hidden or shown as the story goes, whatever the target."""
    left = target - sum(one.user.email_hidden for one in cast)
    for one in rng.sample(newcomers, max(0, min(left, len(newcomers)))):
        one.user.email_hidden = True


def _make_ambiguous(newcomers: list[_Arrival], namesakes: _Namesakes) -> None:
    """Mark those of whom nobody could say who they are: a name that several bear, and no address that tells."""
    for one in newcomers:
        name_style, _, email_style = one.variant.partition("/")
        tells = email_style in _TELLING and not one.user.email_hidden
        if one.person is not None and not tells and namesakes.of(one.person, name_style) > 1:
            one.truth = "ambiguous"


def _give_roles(rng: Random, cast: list[_Arrival], newcomers: list[_Arrival], members: int) -> None:
    """Give about 6 % Full control, mostly to stewards, 3 % DEVELOPER, and a few the finance and ads-rights permissions."""
    admins = max(3, round(0.06 * members)) - sum(one.user.role == "ADMIN" for one in cast)
    likely = [one for one in newcomers if _is_steward(one)] or newcomers
    for one in rng.sample(likely, max(0, min(admins, len(likely)))):
        one.user.role = "ADMIN"
    for one in newcomers:
        if one.user.role != "ADMIN" and rng.random() < 0.03:
            one.user.role = "DEVELOPER"  # on read unconfirmed (meta-graph-api.md §2)
        if rng.random() < 0.06:
            one.user.finance_permission = rng.choice(("EDITOR", "ANALYST"))  # §2: as finance shows on read
        if rng.random() < 0.03:
            one.user.ip_permission = "Reviewer"  # §2: as ads-rights shows on read


def _is_steward(one: _Arrival) -> bool:
    person = one.person
    return (
        person is not None
        and (person.kind, person.status) == ("employee", "active")
        and not one.user.email_hidden
        and one.user.email == person.primary_email
    )


def _seat_all(world: World, rng: Random, ids: Ids, arrivals: list[_Arrival]) -> Members:
    seated = Members()
    addresses: set[str] = set()
    for one in arrivals:
        user = one.user
        user.email = _unused_address(user.email or "", addresses)
        user.created_time = world.now - timedelta(days=one.days_ago, minutes=rng.randint(0, 1439))
        # Assumption: the constants of two_fac_status are not documented (§2, §10).
        user.two_fac_status = "enabled" if rng.random() < 0.8 else "disabled"
        user.business_role_request = ids.new() if rng.random() < 0.6 else None
        world.users[user.id] = user
        sure = one.truth == "match" and one.person is not None
        world.answer_key[user.id] = {
            "truth": one.truth,
            "person_id": one.person.person_id if sure and one.person else None,
            "variant": one.variant.partition("/")[0] + "/hidden" if user.email_hidden else one.variant,
        }
        if one.character:
            seated.characters.append((one.character, user.id))
        else:
            (seated.stewards if _is_steward(one) else seated.others).append(user.id)
    return seated


def _unused_address(email: str, addresses: set[str]) -> str:
    local, _, domain = email.partition("@")
    number = 1
    while email.lower() in addresses:
        number += 1
        email = f"{local}{number}@{domain}"
    addresses.add(email.lower())
    return email


def _user(user_id: str, seat: Seat) -> User:
    return User(
        user_id,
        seat.name,
        "EMPLOYEE",
        first_name=seat.first_name or None,
        last_name=seat.last_name or None,
        email=seat.email,
    )
