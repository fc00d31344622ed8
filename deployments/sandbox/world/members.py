"""Who sits in the hub: the characters of the stories, colleagues, strangers, shared logins."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from deployments.sandbox.names.addresses import unused
from deployments.sandbox.people import DOMAIN, Person, generate_people
from deployments.sandbox.world.ids import Ids, dice
from deployments.sandbox.world.seats import Seat, seat_in_style, seat_of
from deployments.sandbox.world.state import User, World
from deployments.sandbox.world.stories import CAST, Character, everybody

# Up to here the only leavers are the stories', so that the default world stays easy to tell.
DEFAULT_MEMBERS = 40
_TEAMS = ("Ads Desk", "Paid Team", "Reporting", "Campaigns", "Creative Pool", "Billing", "Studio")
# Addresses that name one person.
_TELLING = frozenset({"work", "alias", "plus", "capitals", "retired_domain"})


@dataclass(slots=True)
class Members:
    """The ids of those who were seated, by what they may be given."""

    characters: list[tuple[Character, str]] = field(default_factory=list)
    stewards: list[str] = field(default_factory=list)  # active employees under their own visible address
    others: list[str] = field(default_factory=list)
    active: list[str] = field(default_factory=list)  # active employees, whatever Meta shows of them
    person_ids: set[str] = field(default_factory=set)  # of the directory, who hold a seat


@dataclass(slots=True)
class Arrival:
    """A member on the way in. `person` is who it is, also where nobody could tell (`truth` ambiguous)."""

    user: User
    truth: str  # match, none, ambiguous
    person: Person | None
    variant: str
    days_ago: int
    character: Character | None = None

    def is_active(self) -> bool:
        """Tell whether this is an active employee."""
        return self.person is not None and (self.person.kind, self.person.status) == ("employee", "active")

    def is_under_own_address(self) -> bool:
        """Tell whether Meta shows the address that the directory has for the person."""
        shown = self.user.email if not self.user.email_hidden else None
        return self.person is not None and shown == self.person.primary_email


def cast_for(members: int) -> tuple[Character, ...]:
    """Return the characters who fit into a hub of that many members."""
    return CAST[:members]


def add_members(
    world: World,
    rng: Random,
    ids: Ids,
    story_ids: Ids,
    people: list[Person],
    taken: set[str],
    members: int,
    hidden: float,
) -> Members:
    """Add the business users, and who they truly are. `people` is the directory without the stories' people.

    Beyond the stories' leavers, 3 % of a bigger hub have left the company.
    """
    cast = [_character(one, story_ids) for one in cast_for(members)]
    seats = members - len(cast)
    names = {(one.given_name, one.family_name) for one in everybody()}
    newcomers = _strangers(rng, ids, seats, taken, names)
    leavers = round(0.03 * max(0, members - DEFAULT_MEMBERS))
    newcomers += _colleagues(rng, ids, people, seats - len(newcomers), leavers)
    _hide_addresses(rng, cast, newcomers, round(hidden * members))
    _make_ambiguous(newcomers, (*people, *everybody()))
    _give_roles(rng, cast, newcomers)
    # Assumption: Meta lists users in order of creation.
    arrivals = sorted((*cast, *newcomers), key=lambda one: one.days_ago, reverse=True)
    return _seat_all(world, rng, ids, story_ids, arrivals)


def _seat_all(world: World, rng: Random, ids: Ids, story_ids: Ids, arrivals: list[Arrival]) -> Members:
    seated = Members()
    addresses: set[str] = set()
    story_rng = dice(0, "cast")
    for one in arrivals:
        if one.character:
            _seat(world, story_rng, story_ids, one, addresses)
            seated.characters.append((one.character, one.user.id))
        else:
            _seat(world, rng, ids, one, addresses)
            steward = one.is_active() and one.is_under_own_address()
            (seated.stewards if steward else seated.others).append(one.user.id)
            if one.is_active():
                seated.active.append(one.user.id)
        if one.person:
            seated.person_ids.add(one.person.person_id)
    return seated


def _seat(world: World, rng: Random, ids: Ids, one: Arrival, addresses: set[str]) -> None:
    user = one.user
    user.email = _unused_address(user.email or "", addresses)
    user.created_time = world.now - timedelta(days=one.days_ago, minutes=rng.randint(0, 1439))
    # Assumption: the constants of two_fac_status are not documented (meta-graph-api.md §2, §10).
    user.two_fac_status = "enabled" if rng.random() < 0.8 else "disabled"
    user.business_role_request = ids.new() if rng.random() < 0.6 else None
    world.users[user.id] = user
    world.answer_key[user.id] = {
        "truth": one.truth,
        "person_id": one.person.person_id if one.person and one.truth == "match" else None,
        "variant": one.variant.partition("/")[0] + "/hidden" if user.email_hidden else one.variant,
    }


def _unused_address(email: str, addresses: set[str]) -> str:
    local, _, domain = email.partition("@")
    number = 1
    while email.lower() in addresses:
        number += 1
        email = f"{local}{number}@{domain}"
    addresses.add(email.lower())
    return email


def _character(one: Character, ids: Ids) -> Arrival:
    """Return the member of a story."""
    user = _user(ids.new(), one.seat)
    user.role = one.role
    user.email_hidden = one.email_hidden
    user.finance_permission = one.finance_permission
    person = one.entries[0] if one.entries else None
    user.title = person.title if person else None
    return Arrival(user, one.truth, person, one.seat.variant, one.joined_days_ago, one)


def _strangers(
    rng: Random, ids: Ids, seats: int, taken: set[str], reserved: Iterable[tuple[str, str]]
) -> list[Arrival]:
    """Return those whom the directory doesn't know: 12 % are people from elsewhere, 2 % shared logins."""
    found = []
    for person in generate_people(rng, round(0.12 * seats), reserved=reserved):
        style = rng.choice(("foreign", "personal", "foreign", "opaque"))
        user = _user(ids.new(), seat_in_style(rng, person, "exact", style))
        found.append(Arrival(user, "none", None, f"outsider/{style}", rng.randint(20, 900)))
    for _ in range(round(0.02 * seats)):
        team = rng.choice(_TEAMS)
        local = unused(team.lower().replace(" ", "-"), taken)
        user = _user(ids.new(), Seat("", "", f"Northwind {team}", f"{local}@{DOMAIN}", ""))
        found.append(Arrival(user, "none", None, "shared/work", rng.randint(200, 1500)))
    return found


def _colleagues(rng: Random, ids: Ids, people: list[Person], count: int, leavers: int) -> list[Arrival]:
    """Return members whom the directory knows, up to `leavers` of them deprovisioned."""
    left = [person for person in people if person.status == "deprovisioned"]
    here = [person for person in people if person.status != "deprovisioned"]
    gone = rng.sample(left, min(len(left), count, leavers))
    staying = count - len(gone)
    gone_ids = {person.person_id for person in gone}
    for person in left:  # in a small directory too few are left for the seats
        if len(here) >= staying:
            break
        if person.person_id not in gone_ids:
            person.status, person.left_days_ago = "active", None
            here.append(person)
    return [_colleague(rng, ids, person) for person in [*gone, *rng.sample(here, staying)]]


def _colleague(rng: Random, ids: Ids, person: Person) -> Arrival:
    seat = seat_of(rng, person)
    user = _user(ids.new(), seat)
    user.title = person.title if rng.random() < 0.3 else None
    latest = person.left_days_ago or 1
    joined = rng.randint(latest, max(latest, person.hired_days_ago))
    return Arrival(user, "match", person, seat.variant, joined)


def _hide_addresses(rng: Random, cast: list[Arrival], newcomers: list[Arrival], target: int) -> None:
    """Hide that many addresses. The stories' are hidden or shown as the story goes, whatever the target."""
    missing = target - sum(one.user.email_hidden for one in cast)
    for one in rng.sample(newcomers, max(0, min(missing, len(newcomers)))):
        one.user.email_hidden = True


def _give_roles(rng: Random, cast: list[Arrival], newcomers: list[Arrival]) -> None:
    """Give about 6 % Full control, 3 % DEVELOPER, and a few the finance and ads-rights permissions."""
    admins = round(0.06 * (len(cast) + len(newcomers))) - sum(one.user.role == "ADMIN" for one in cast)
    likely = [one for one in newcomers if one.is_active() and one.is_under_own_address()] or newcomers
    for one in rng.sample(likely, max(0, min(admins, len(likely)))):
        one.user.role = "ADMIN"
    for one in newcomers:
        if one.user.role != "ADMIN" and rng.random() < 0.03:
            one.user.role = "DEVELOPER"  # on read unconfirmed (meta-graph-api.md §2)
        if rng.random() < 0.06:
            one.user.finance_permission = rng.choice(("EDITOR", "ANALYST"))  # §2: as finance shows on read
        if rng.random() < 0.03:
            one.user.ip_permission = "Reviewer"  # §2: as ads-rights shows on read


def _make_ambiguous(newcomers: list[Arrival], directory: Iterable[Person]) -> None:
    """Mark those of whom nobody could say who they are: several bear the name, and no address tells."""
    bearers: Counter[tuple[str, ...]] = Counter()
    for person in directory:
        bearers.update(_name_as_shown(person, style) for style in ("exact", "initial", "one_word"))
    for one in newcomers:
        name_style, _, email_style = one.variant.partition("/")
        tells = email_style in _TELLING and not one.user.email_hidden
        if one.person and not tells and bearers[_name_as_shown(one.person, name_style)] > 1:
            one.truth = "ambiguous"


def _name_as_shown(person: Person, style: str) -> tuple[str, ...]:
    if style == "one_word":
        return (person.given_name,)
    if style == "initial":
        return person.given_name, person.family_name[:1], "initial"
    return person.given_name, person.family_name


def _user(user_id: str, seat: Seat) -> User:
    first, last = seat.first_name or None, seat.last_name or None
    return User(user_id, seat.name, "EMPLOYEE", first_name=first, last_name=last, email=seat.email)
