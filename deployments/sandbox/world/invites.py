"""Invitations that are under way, and those that ran out."""

from datetime import timedelta
from random import Random

from deployments.sandbox.people import Person
from deployments.sandbox.world.assets import pages_and_ad_accounts
from deployments.sandbox.world.ids import Ids, dice
from deployments.sandbox.world.state import Asset, Invite, User, World
from deployments.sandbox.world.stories import INVITED, INVITED_DAYS_AGO
from deployments.sandbox.world.tasks_at_meta import usual_tasks

LIFE_DAYS = 365  # assumption: how long an invitation lives is not documented (meta-graph-api.md §10)


def add_invites(
    world: World, rng: Random, ids: Ids, story_ids: Ids, colleagues: list[Person], count: int
) -> None:
    """Add the invitation of the story, and `count` more (at least one) of colleagues without a seat."""
    senders = [one.id for one in world.users.values() if one.role == "ADMIN"]
    choice = pages_and_ad_accounts(world)
    _invite(world, dice(0, "invitation"), story_ids, INVITED, INVITED_DAYS_AGO, senders, choice)
    for number, person in enumerate(rng.sample(colleagues, min(len(colleagues), max(1, count)))):
        days_ago = LIFE_DAYS + 30 if number % 5 == 1 else rng.randint(1, 45)  # every fifth ran out
        _invite(world, rng, ids, person, days_ago, senders, choice)


def _invite(
    world: World,
    rng: Random,
    ids: Ids,
    person: Person,
    days_ago: int,
    senders: list[str],
    choice: list[Asset],
) -> None:
    sent = world.now - timedelta(days=days_ago, minutes=rng.randint(1, 600))
    expires = sent + timedelta(days=LIFE_DAYS)
    invite = Invite(
        id=ids.new(),
        email=person.primary_email,
        role="EMPLOYEE",
        # Assumption: the constants of the status are not documented (§2).
        status="PENDING" if expires > world.now else "EXPIRED",
        created_time=sent,
        expiration_time=expires,
        created_by=rng.choice(senders),
        invite_link=f"https://business.facebook.example/invitation/?token={rng.getrandbits(96):024x}",
        joins_as=_as_user(ids.new(), person),
    )
    for asset in rng.sample(choice, min(3, len(choice))):
        invite.grants[asset.id] = usual_tasks(asset).partial[0]
    world.invites[invite.id] = invite
    for member_id, variant in ((invite.id, "invitation"), (invite.joins_as.id, "exact/work")):
        world.answer_key[member_id] = {"truth": "match", "person_id": person.person_id, "variant": variant}


def _as_user(user_id: str, person: Person) -> User:
    first, last = person.given_name, person.family_name
    name = f"{first} {last}"
    user = User(user_id, name, "EMPLOYEE", first_name=first, last_name=last, email=person.primary_email)
    user.two_fac_status = "enabled"  # assumption, as for other users
    return user
