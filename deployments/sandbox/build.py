"""Makes the stand-in world from a plan: the same plan and time, the same world, to the last id."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deployments.sandbox.people import Person, generate_people
from deployments.sandbox.world import Business, World, meta_time
from deployments.sandbox.world.access import grant_access
from deployments.sandbox.world.activities import record_activities
from deployments.sandbox.world.assets import add_assets, add_partners, let_agencies_in
from deployments.sandbox.world.ids import Ids, dice
from deployments.sandbox.world.invites import add_invites
from deployments.sandbox.world.members import Members, add_members, cast_for
from deployments.sandbox.world.stories import BUSINESS_NAME, INVITED, everybody
from deployments.sandbox.world.system_users import add_system_users, add_tokens, give_system_users
from deployments.sandbox.world.tasks_at_meta import CONTROL_TASKS


@dataclass(frozen=True, slots=True)
class WorldPlan:
    """What to build: sizes, the share of members whose address Meta hides, the time there (None: real)."""

    seed: int = 1
    members: int = 40  # business users; invitations and system users come on top
    pages: int = 30
    ad_accounts: int = 25
    directory: int = 120  # people; at least as many as the members need
    hidden_emails: float = 0.2
    catalogs: int = 6
    asset_groups: int = 4
    now: datetime | None = None
    story_seed: int = 0  # another one gives the business, and all in the stories, other ids


def build_world(plan: WorldPlan) -> World:
    """Return the world of the plan. The stories' people and ids are in it whatever the seed."""
    story_ids = Ids(dice(plan.story_seed, "stories"))
    ids = story_ids.sharing(dice(plan.seed, "ids"))
    world = _empty_world(plan, story_ids)
    stories = everybody()
    taken = {
        "marketing",
        *(email.split("@")[0] for one in stories for email in (one.primary_email, *one.aliases)),
    }
    people = _directory(plan, taken)
    rng = dice(plan.seed, "members")
    members = add_members(world, rng, ids, story_ids, people, taken, plan.members, plan.hidden_emails)
    world.directory = [person.row() for person in (*stories, *people)]
    add_system_users(world, story_ids)
    _add_businesses_and_assets(plan, world, story_ids)
    rng = dice(plan.seed, "access")
    grant_access(world, rng, members)
    give_system_users(world, rng)
    free = [one for one in people if one.status == "active" and one.person_id not in members.person_ids]
    add_invites(world, dice(plan.seed, "invites"), ids, story_ids, free, round(0.05 * plan.members))
    record_activities(world, rng)
    add_tokens(world, dice(plan.seed, "tokens"))
    _tell_stories(world, members)
    return world


def _add_businesses_and_assets(plan: WorldPlan, world: World, story_ids: Ids) -> None:
    rng = dice(plan.seed, "assets")
    ids = story_ids.sharing(dice(plan.seed, "asset ids"))
    add_partners(world, rng, ids, min(40, plan.members // 400))
    add_assets(
        world,
        rng,
        ids,
        pages=plan.pages,
        ad_accounts=plan.ad_accounts,
        catalogs=plan.catalogs,
        asset_groups=plan.asset_groups,
    )
    let_agencies_in(world, rng)
    world.business.primary_page = next((one.id for one in world.assets_of("page", is_client=False)), None)


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


def _tell_stories(world: World, members: Members) -> None:
    """Write down the ids of each story. `asset_ids` are what the member controls, or the agency uses."""
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
