"""Who sits in the hub: the characters of the stories, colleagues, strangers, shared logins."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from deployments.sandbox.arrivals import (
    Arrival,
    character,
    colleagues,
    give_roles,
    hide_addresses,
    make_ambiguous,
    strangers,
)
from deployments.sandbox.ids import Ids, dice
from deployments.sandbox.people import Person
from deployments.sandbox.stories import CAST, Character, everybody
from deployments.sandbox.world import World

DEFAULT_MEMBERS = (
    40  # up to here the only leavers are the stories', so that the default world stays easy to tell
)


@dataclass(slots=True)
class Members:
    """The ids of those who were seated, by what they may be given."""

    characters: list[tuple[Character, str]] = field(default_factory=list)
    stewards: list[str] = field(default_factory=list)  # active employees under their own visible address
    others: list[str] = field(default_factory=list)
    active: list[str] = field(default_factory=list)  # active employees, whatever Meta shows of them
    person_ids: set[str] = field(default_factory=set)  # of the directory, who hold a seat


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
    cast = [character(one, story_ids) for one in cast_for(members)]
    seats = members - len(cast)
    names = {(one.given_name, one.family_name) for one in everybody()}
    newcomers = strangers(rng, ids, seats, taken, names)
    leavers = round(0.03 * max(0, members - DEFAULT_MEMBERS))
    newcomers += colleagues(rng, ids, people, seats - len(newcomers), leavers)
    hide_addresses(rng, cast, newcomers, round(hidden * members))
    make_ambiguous(newcomers, (*people, *everybody()))
    give_roles(rng, cast, newcomers)
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
