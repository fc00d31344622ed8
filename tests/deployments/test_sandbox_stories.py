"""The named people of the sandbox: each story is as it is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from deployments.sandbox.build import WorldPlan, build_world
from deployments.sandbox.world import World
from deployments.sandbox.world.tasks_at_meta import CONTROL_TASKS

PLAN = WorldPlan(now=datetime(2026, 11, 24, 10, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(PLAN)


def people(world: World) -> dict[object, dict[str, object]]:
    return {row["person_id"]: row for row in world.directory}


def seat_of(world: World, story: str) -> str:
    return world.stories[story]["member_ids"][0]


def controllers(world: World, asset_id: str) -> set[str]:
    return {
        user for user, tasks in world.holders.get(asset_id, {}).items() if CONTROL_TASKS.intersection(tasks)
    }


def active_people(world: World) -> set[str]:
    """Members who are active employees and sit there under the address that the directory has for them."""
    found = set()
    for user in world.users.values():
        person = people(world).get(world.answer_key[user.id]["person_id"])
        shown = None if user.email_hidden else user.email
        if (
            person
            and (person["status"], person["kind"]) == ("active", "employee")
            and shown == person["primary_email"]
        ):
            found.add(user.id)
    return found


def business_users(world: World) -> list[str]:
    return [user.id for user in world.users.values() if not user.is_system]


@pytest.mark.parametrize("seed", range(1, 6))
def test_two_active_people_control_every_page_and_ad_account_but_the_lonely_one(seed: int) -> None:
    world = build_world(replace(PLAN, seed=seed))
    lonely = world.stories["last_in_control"]["asset_ids"]
    active = active_people(world)
    weak = [
        asset.id
        for asset in world.assets.values()
        if asset.kind in ("page", "ad_account") and len(controllers(world, asset.id) & active) < 2
    ]

    assert weak == lonely


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_last_in_control_is_a_leaver_without_full_control_of_the_hub(seed: int) -> None:
    world = build_world(replace(PLAN, seed=seed))
    member = seat_of(world, "last_in_control")
    (page,) = world.stories["last_in_control"]["asset_ids"]
    (person,) = world.stories["last_in_control"]["person_ids"]

    assert world.assets[page].kind == "page"
    assert controllers(world, page) == {member}
    assert "MANAGE" in world.grants[member][page]
    assert len(world.holders[page]) > 1  # others work on it, and can't take it over
    assert world.users[member].role == "EMPLOYEE"
    assert people(world)[person]["status"] == "deprovisioned"
    assert all(page not in assets for assets in world.agency_assets.values())
    assert all(page not in assets for assets in world.group_contents.values())


def test_nothing_stands_in_the_way_of_removing_the_ordinary_ex_employee(world: World) -> None:
    member = seat_of(world, "ex_employee")
    active = active_people(world)

    assert people(world)[world.answer_key[member]["person_id"]]["status"] == "deprovisioned"
    assert world.users[member].role == "EMPLOYEE"
    assert world.stories["ex_employee"]["asset_ids"]  # she controls some, others do too
    assert all(controllers(world, asset) & active for asset in world.stories["ex_employee"]["asset_ids"])


def test_the_leavers_of_the_default_world_are_those_of_the_stories(world: World) -> None:
    gone = {row["person_id"] for row in world.directory if row["status"] == "deprovisioned"}
    leavers = {one for one in business_users(world) if world.answer_key[one]["person_id"] in gone}

    assert leavers == {
        seat_of(world, story) for story in ("ex_employee", "ex_employee_full_control", "last_in_control")
    }
    assert all(
        world.users[one].email == people(world)[world.answer_key[one]["person_id"]]["primary_email"]
        and not world.users[one].email_hidden
        for one in leavers
    )
    assert 0.04 <= len(gone) / len(world.directory) <= 0.15


def test_three_owners_with_full_control_stay_when_the_ex_employee_with_full_control_goes(
    world: World,
) -> None:
    admins = {one for one in business_users(world) if world.users[one].role == "ADMIN"}

    assert seat_of(world, "ex_employee_full_control") in admins
    assert set(world.stories["owners"]["member_ids"]) <= admins & active_people(world)
    assert len(world.stories["owners"]["member_ids"]) == 3


def test_two_people_bear_the_name_of_a_member_whose_address_is_hidden(world: World) -> None:
    member = world.users[seat_of(world, "two_people_one_name")]
    bearers = [row["person_id"] for row in world.directory if row["display_name"] == member.name]

    assert bearers == world.stories["two_people_one_name"]["person_ids"]
    assert len(bearers) == 2
    assert member.email_hidden
    assert world.answer_key[member.id] == {
        "truth": "ambiguous",
        "person_id": None,
        "variant": "namesake/hidden",
    }


def test_names_alone_lead_to_the_member_with_the_hidden_and_the_one_with_the_personal_address(
    world: World,
) -> None:
    for story, hidden in (("hidden_address", True), ("personal_address", False)):
        member = world.users[seat_of(world, story)]
        bearers = [row["person_id"] for row in world.directory if row["display_name"] == member.name]

        assert bearers == [world.answer_key[member.id]["person_id"]]
        assert member.email_hidden == hidden
        assert hidden or member.email not in {row["primary_email"] for row in world.directory}


def test_maiden_name_nickname_and_freelancer_are_in_the_directory_under_what_they_are(world: World) -> None:
    row = {
        story: people(world)[world.answer_key[seat_of(world, story)]["person_id"]]
        for story in ("maiden_name", "nickname", "freelancer")
    }

    assert world.users[seat_of(world, "maiden_name")].last_name != row["maiden_name"]["family_name"]
    assert world.users[seat_of(world, "nickname")].first_name == "Bill"
    assert row["nickname"]["given_name"] == "William"
    assert row["freelancer"]["kind"] == "guest"


def test_the_directory_knows_neither_the_shared_login_nor_the_outsider(world: World) -> None:
    for story in ("shared_login", "outsider"):
        member = world.users[seat_of(world, story)]

        assert world.answer_key[member.id]["truth"] == "none"
        assert member.email not in {row["primary_email"] for row in world.directory}
        assert member.name not in {row["display_name"] for row in world.directory}


def test_the_invitation_nobody_accepted_is_old_and_can_still_be_accepted(world: World) -> None:
    (invite_id,) = world.stories["invitation_nobody_accepted"]["invite_ids"]
    invite = world.invites[invite_id]

    assert invite.status == "PENDING"
    assert world.now - invite.created_time > timedelta(days=180)

    fresh = build_world(PLAN)
    user = fresh.accept(invite_id)

    assert (user.email, user.business_role_request) == (invite.email, invite_id)
    assert fresh.answer_key[user.id]["person_id"] in world.stories["invitation_nobody_accepted"]["person_ids"]


def test_the_partner_agency_may_use_some_of_the_hubs_own_assets(world: World) -> None:
    (agency,) = world.stories["partner_agency"]["business_ids"]

    assert agency in world.agencies
    assert all(not world.assets[one].is_client for one in world.agency_assets[agency])
    assert len(world.agency_assets[agency]) >= 4


@pytest.mark.parametrize("members", [1, 2, 5, 12, 14, 15])
def test_small_hubs_have_as_many_of_the_stories_as_fit(members: int) -> None:
    world = build_world(replace(PLAN, members=members))
    told = {member for story in world.stories.values() for member in story["member_ids"]}

    assert len(business_users(world)) == members
    assert len(told) == min(14, members)
    assert world.users[business_users(world)[0]]


def test_all_addresses_hidden_still_leaves_every_asset_under_control() -> None:
    world = build_world(replace(PLAN, members=300, hidden_emails=1.0))
    lonely = world.stories["last_in_control"]["asset_ids"]

    assert all(
        len(controllers(world, one.id)) >= 2
        for one in world.assets.values()
        if one.kind in ("page", "ad_account") and one.id not in lonely
    )
