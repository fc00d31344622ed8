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
from deployments.sandbox.world import World

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PLAN = WorldPlan(now=NOW)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(PLAN)


def people(world: World) -> dict[object, dict[str, object]]:
    return {row["person_id"]: row for row in world.directory}


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
    assert [world.users[str(one.user_id)].role for one in (read, write)] == ["EMPLOYEE", "ADMIN"]
    assert world.tokens[f"{world.app_id}|{world.app_secret}"].kind == "APP"


def test_the_activity_log_has_its_newest_row_first(world: World) -> None:
    logs = [[str(row["event_time"]) for row in rows] for rows in world.activities.values() if len(rows) > 1]

    assert logs
    assert all(times == sorted(times, reverse=True) for times in logs)


def test_a_directory_too_small_for_the_seats_grows_to_hold_them() -> None:
    world = build_world(replace(PLAN, members=60, directory=5))
    known = people(world)

    assert all(
        key["person_id"] in known
        for one, key in world.answer_key.items()
        if one in world.users and key["person_id"]
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
