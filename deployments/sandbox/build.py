"""Makes the stand-in world from a plan: the same plan and time, the same world, to the last id."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from deployments.sandbox.access import give_system_users, grant_access, record_activities
from deployments.sandbox.assets import add_assets, add_partners, let_agencies_in
from deployments.sandbox.ids import Ids, dice
from deployments.sandbox.members import Members, add_members, cast_for
from deployments.sandbox.people import Person, generate_people
from deployments.sandbox.seats import Seat, seat_in_style
from deployments.sandbox.stories import (
    BUSINESS_NAME,
    INVITED,
    INVITED_DAYS_AGO,
    LONELY_PAGE,
    SYSTEM_USERS,
    everybody,
)
from deployments.sandbox.tasks_at_meta import CONTROL_TASKS, usual_tasks
from deployments.sandbox.world import Business, Invite, Token, User, World, meta_time

# §1.8: business_management, and the scopes of each kind of asset
SCOPES = (
    "business_management", "ads_management", "ads_read", "catalog_management", "pages_manage_metadata",
    "pages_read_engagement", "pages_show_list",
)  # fmt: skip
_INVITE_DAYS = 90  # assumption: how long an invitation lives is not documented (§10)


@dataclass(frozen=True, slots=True)
class WorldPlan:
    """What to build: sizes, the share of members whose address Meta hides, and the time there. `now` None is the real one."""

    seed: int = 1
    members: int = 40  # business users; invitations and system users come on top
    pages: int = 30
    ad_accounts: int = 25
    directory: int = 120  # people; at least as many as the members need
    hidden_emails: float = 0.2
    catalogs: int = 6
    asset_groups: int = 4
    now: datetime | None = None


def build_world(plan: WorldPlan) -> World:
    """Return the world of the plan."""
    # The stories' ids don't depend on the seed; each kind of id has its own dice, and all are told apart by one set.
    story_ids = Ids(dice(0, "stories"))
    ids = story_ids.sharing(dice(plan.seed, "ids"))
    world = _empty_world(plan, story_ids)
    taken = {
        "marketing",
        *(email.split("@")[0] for one in everybody() for email in (one.primary_email, *one.aliases)),
    }
    people = _directory(plan, taken)
    members = add_members(
        world,
        dice(plan.seed, "members"),
        ids,
        story_ids,
        people,
        members=plan.members,
        hidden=plan.hidden_emails,
        taken=taken,
    )
    world.directory = [person.row() for person in (*everybody(), *people)]
    rng = dice(plan.seed, "assets")
    asset_ids = story_ids.sharing(dice(plan.seed, "asset ids"))
    add_partners(world, rng, asset_ids, min(40, plan.members // 400))
    add_assets(
        world, rng, asset_ids, pages=plan.pages, ad_accounts=plan.ad_accounts, catalogs=plan.catalogs,
        asset_groups=plan.asset_groups,
    )  # fmt: skip
    let_agencies_in(world, rng)
    rng = dice(plan.seed, "access")
    grant_access(world, rng, members)
    _add_system_users(world, story_ids)
    give_system_users(world, rng)
    _add_invites(world, rng, ids, story_ids, people, plan.members)
    record_activities(world, rng)
    _add_tokens(world, dice(plan.seed, "tokens"))
    _tell_stories(world, members)
    return world


def _empty_world(plan: WorldPlan, ids: Ids) -> World:
    now = (plan.now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    founded = meta_time(now - timedelta(days=3300))
    facts: dict[str, object] = {
        "verification_status": "verified",
        "two_factor_type": "admin_required",
        "created_time": founded,
    }
    secret = f"{dice(plan.seed, 'app secret').getrandbits(128):032x}"
    return World(Business(ids.new(), BUSINESS_NAME, facts), ids.new(), secret, now)


def _directory(plan: WorldPlan, taken: set[str]) -> list[Person]:
    """Return the people of the directory who are in no story; enough of them to fill the seats."""
    stories = everybody()
    needed = plan.members - len(cast_for(plan.members))
    names = {(one.given_name, one.family_name) for one in stories}
    return generate_people(
        dice(plan.seed, "people"), max(plan.directory - len(stories), needed), taken=taken, reserved=names
    )


def _add_system_users(world: World, ids: Ids) -> None:
    for name, role in SYSTEM_USERS:
        user = User(ids.new(), name, role, is_system=True, created_time=world.now - timedelta(days=500))
        world.users[user.id] = user
        world.answer_key[user.id] = {"truth": "none", "person_id": None, "variant": "system"}


def _add_invites(
    world: World, rng: Random, ids: Ids, story_ids: Ids, people: list[Person], members: int
) -> None:
    """Add the invitation of the story, and for each 20 members one of a colleague who holds no seat; a few ran out."""
    _invite(
        world,
        rng,
        story_ids,
        INVITED,
        seat_in_style(rng, INVITED, "exact", "work"),
        INVITED_DAYS_AGO,
        lasts=365,
    )
    seated = {entry["person_id"] for entry in world.answer_key.values()}
    free = [one for one in people if one.status == "active" and one.person_id not in seated]
    for number, person in enumerate(rng.sample(free, min(len(free), max(1, round(0.05 * members))))):
        ran_out = number % 5 == 1
        days = _INVITE_DAYS + 25 if ran_out else rng.randint(1, 45)
        _invite(
            world, rng, ids, person, seat_in_style(rng, person, "exact", "work"), days, lasts=_INVITE_DAYS
        )


def _invite(world: World, rng: Random, ids: Ids, person: Person, seat: Seat, days: int, lasts: int) -> None:
    sent = world.now - timedelta(days=days, minutes=rng.randint(1, 600))
    # An invitation given to nobody in particular has a sender all the same; the oldest with Full control sends them.
    sender = next(
        (one.id for one in world.users.values() if one.role == "ADMIN"), next(iter(world.users), "")
    )
    joins_as = User(
        ids.new(), seat.name, "EMPLOYEE", first_name=seat.first_name, last_name=seat.last_name, email=seat.email,
        two_fac_status="enabled",
    )  # fmt: skip
    invite_id = ids.new()
    link = f"https://business.facebook.example/invitation/?token={rng.getrandbits(96):024x}"
    invite = Invite(
        invite_id,
        seat.email,
        "EMPLOYEE",
        "PENDING",
        sent,
        sent + timedelta(days=lasts),
        sender,
        link,
        joins_as,
    )
    candidates = [
        one for one in world.assets.values() if one.kind in ("page", "ad_account") and one.name != LONELY_PAGE
    ]
    for asset in rng.sample(candidates, min(3, len(candidates))):
        invite.grants[asset.id] = usual_tasks(asset).partial[0]
    if invite.expiration_time < world.now:
        invite.status = "EXPIRED"  # assumption: the constants of the status are not documented (§2)
    world.invites[invite_id] = invite
    truth = {"truth": "match", "person_id": person.person_id}
    world.answer_key[invite_id] = {**truth, "variant": "invitation"}
    world.answer_key[joins_as.id] = {**truth, "variant": seat.variant}


def _add_tokens(world: World, rng: Random) -> None:
    """Add a token for each of hubroster's system users, and the app's own (§1.8: `app id|secret`)."""
    reader, writer = [user for user in world.users.values() if user.is_system][:2]
    world.access_token = f"sandbox-read-{rng.getrandbits(160):040x}"
    world.write_token = f"sandbox-write-{rng.getrandbits(160):040x}"
    app_token = f"{world.app_id}|{world.app_secret}"
    for token in (
        Token(world.access_token, "SYSTEM_USER", world.app_id, reader.id, SCOPES),
        Token(world.write_token, "SYSTEM_USER", world.app_id, writer.id, SCOPES, can_write=True),
        Token(app_token, "APP", world.app_id, None, ()),
    ):
        world.tokens[token.token] = token


def _tell_stories(world: World, members: Members) -> None:
    """Write down the ids of each story; `asset_ids` are the assets it turns on: those that the member controls, or may use."""
    for character, user_id in members.characters:
        controlled = (
            one for one, tasks in world.grants.get(user_id, {}).items() if CONTROL_TASKS.intersection(tasks)
        )
        people = (person.person_id for person in character.entries)
        _note(world, character.story, member_ids=[user_id], person_ids=people, asset_ids=controlled)
    story_invite = next(one for one in world.invites.values() if one.email == INVITED.primary_email)
    _note(world, "invitation_nobody_accepted", person_ids=[INVITED.person_id], invite_ids=[story_invite.id])
    agency = next(iter(world.agencies))
    _note(world, "partner_agency", business_ids=[agency], asset_ids=world.agency_assets.get(agency, ()))


def _note(world: World, story: str, **ids: Iterable[str]) -> None:
    kinds = ("member_ids", "person_ids", "asset_ids", "invite_ids", "business_ids")
    told = world.stories.setdefault(story, {kind: [] for kind in kinds})
    for kind, found in ids.items():
        told[kind].extend(one for one in found if one not in told[kind])
