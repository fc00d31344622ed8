"""What the sandbox's world promises to those who are tested against it."""

import csv
import json
from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deployments.sandbox.build import WorldPlan, build_world
from deployments.sandbox.directory_file import write_directory
from deployments.sandbox.tasks_at_meta import CONTROL_TASKS
from deployments.sandbox.world import World

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PLAN = WorldPlan(now=NOW)


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


def test_the_same_plan_makes_the_same_world_to_the_last_id() -> None:
    first, second = (json.dumps(asdict(build_world(PLAN)), default=str) for _ in range(2))

    assert first == second


def test_another_seed_changes_everybody_but_the_people_in_the_stories(world: World) -> None:
    other = build_world(replace(PLAN, seed=2))
    cast = {member for story in world.stories.values() for member in story["member_ids"]}

    assert {member: asdict(world.users[member]) for member in cast} == {
        member: asdict(other.users[member]) for member in cast
    }
    assert cast == set(world.users) & set(other.users) - {u.id for u in world.users.values() if u.is_system}
    assert world.access_token != other.access_token


def test_more_pages_leave_the_people_as_they_are(world: World) -> None:
    bigger = build_world(replace(PLAN, pages=60))

    assert list(bigger.users) == list(world.users)
    assert bigger.directory == world.directory


def test_the_default_world_has_the_sizes_of_its_plan(world: World) -> None:
    kinds = Counter(asset.kind for asset in world.assets.values())

    assert len(business_users(world)) == 40
    assert kinds == {"page": 30, "ad_account": 25, "product_catalog": 6, "business_asset_group": 4}
    assert len(world.directory) == 120
    assert sum(world.users[one].email_hidden for one in business_users(world)) == 8
    assert len(world.invites) >= 2
    assert len(world.agencies) >= 1
    assert len(world.clients) >= 2


@pytest.mark.parametrize("members", [40, 1000])
def test_a_member_has_about_ten_grants(members: int) -> None:
    world = build_world(
        replace(PLAN, members=members, pages=members // 2, ad_accounts=members // 2, directory=3 * members)
    )

    total = sum(len(world.grants.get(one, {})) for one in business_users(world))

    assert 9 * members <= total <= 11.5 * members


def test_holders_are_the_grants_seen_from_the_asset(world: World) -> None:
    there = {(user, asset, tasks) for user, grants in world.grants.items() for asset, tasks in grants.items()}
    back = {
        (user, asset, tasks) for asset, holders in world.holders.items() for user, tasks in holders.items()
    }

    assert there == back
    assert all(tasks for _, _, tasks in there)


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


def test_pages_speak_three_vocabularies(world: World) -> None:
    spoken = {
        task
        for one in world.grants.values()
        for asset, tasks in one.items()
        for task in tasks
        if world.assets[asset].kind == "page"
    }

    assert {"MANAGE", "PROFILE_PLUS_FULL_CONTROL", "FULL_CONTROL"} <= spoken


def test_nobody_has_a_task_on_a_clients_asset_that_the_client_does_not_allow(world: World) -> None:
    shared = [one for one in world.assets.values() if one.is_client]

    assert {one.kind for one in shared} >= {"page", "ad_account"}
    assert all(one.owner_business in world.clients for one in shared)
    for asset in shared:
        assert all(
            set(tasks) <= set(asset.permitted_tasks) for tasks in world.holders.get(asset.id, {}).values()
        )


def test_ids_are_digits_of_metas_length_and_unique_over_all_kinds(world: World) -> None:
    ids = [world.business.id, world.app_id, *world.users, *world.invites, *world.agencies, *world.clients]
    ids += [invite.joins_as.id for invite in world.invites.values()]
    ids += [asset.removeprefix("act_") for asset in world.assets]

    assert len(set(ids)) == len(ids)
    assert all(one.isdigit() and 15 <= len(one) <= 17 for one in ids)
    assert any(int(one) > 2**53 for one in ids)  # what a float would round


def test_the_tokens_belong_to_the_hubs_own_system_users_and_only_one_writes(world: World) -> None:
    read, write = world.tokens[world.access_token], world.tokens[world.write_token]

    assert [world.users[str(one.user_id)].name for one in (read, write)] == [
        "hubroster reader",
        "hubroster writer",
    ]
    assert (read.can_write, write.can_write) == (False, True)
    assert world.tokens[f"{world.app_id}|{world.app_secret}"].kind == "APP"


def test_the_activity_log_has_its_newest_row_first(world: World) -> None:
    logs = [[str(row["event_time"]) for row in rows] for rows in world.activities.values() if len(rows) > 1]

    assert logs
    assert all(times == sorted(times, reverse=True) for times in logs)


@pytest.mark.parametrize("members", [1, 2, 5, 12, 14, 15])
def test_small_hubs_have_as_many_of_the_stories_as_fit(members: int) -> None:
    world = build_world(replace(PLAN, members=members))
    told = {member for story in world.stories.values() for member in story["member_ids"]}

    assert len(business_users(world)) == members
    assert len(told) == min(14, members)
    assert world.users[business_users(world)[0]]


def test_a_directory_too_small_for_the_seats_grows_to_hold_them() -> None:
    world = build_world(replace(PLAN, members=60, directory=5))
    known = people(world)

    assert all(
        key["person_id"] in known
        for one, key in world.answer_key.items()
        if one in world.users and key["person_id"]
    )


def test_all_addresses_hidden_still_leaves_every_asset_under_control() -> None:
    world = build_world(replace(PLAN, members=300, hidden_emails=1.0))
    lonely = world.stories["last_in_control"]["asset_ids"]

    assert all(
        len(controllers(world, one.id)) >= 2
        for one in world.assets.values()
        if one.kind in ("page", "ad_account") and one.id not in lonely
    )


def test_a_big_hub_shares_its_task_sets() -> None:
    world = build_world(replace(PLAN, members=1000, pages=200, ad_accounts=500, directory=5000))
    tuples = {id(tasks) for grants in world.grants.values() for tasks in grants.values()}

    assert len(tuples) < 60
    assert (
        0.02
        <= sum(
            people(world)[key["person_id"]]["status"] == "deprovisioned"
            for one, key in world.answer_key.items()
            if one in world.users and key["person_id"]
        )
        / 1000
        <= 0.05
    )


def test_the_directory_file_gives_back_what_was_written_commas_quotes_and_all(
    world: World, tmp_path: Path
) -> None:
    world = build_world(PLAN)
    world.directory[0] = {
        **world.directory[0],
        "display_name": 'Ruiz, Ana "Anita"\n(Chefin)',
        "manager_id": None,
    }
    write_directory(world, tmp_path / "people.csv")

    with (tmp_path / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == len(world.directory)
    assert rows[0]["display_name"] == 'Ruiz, Ana "Anita"\n(Chefin)'
    assert rows[0]["manager_id"] == ""
    for row, person in zip(rows, world.directory, strict=True):
        assert row["person_id"] == person["person_id"]
        assert row["aliases"].split(";") == (list(person["aliases"]) or [""])  # type: ignore[call-overload]


def test_the_directory_file_is_dated_to_the_worlds_clock_and_replaced_in_one_step(tmp_path: Path) -> None:
    world = build_world(PLAN)
    path = tmp_path / "people.csv"
    write_directory(world, path)
    world.now = NOW + timedelta(days=3)
    write_directory(world, path)

    assert path.stat().st_mtime == world.now.timestamp()
    assert [one.name for one in tmp_path.iterdir()] == ["people.csv"]
