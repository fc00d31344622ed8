"""What the activity logs of ad accounts say: who added or removed whom, and when."""

import json
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from deployments.sandbox.world.state import Asset, User, World, meta_time

Event = Literal["ad_account_add_user_to_role", "ad_account_remove_user_from_role"]  # §1.6: the user events
ADDED: Event = "ad_account_add_user_to_role"
REMOVED: Event = "ad_account_remove_user_from_role"
APP_NAME = "Sandbox app"
_TRANSLATED: dict[Event, str] = {ADDED: "Account user added", REMOVED: "Account user removed"}


def record_activities(world: World, rng: Random, accounts: int = 200) -> None:
    """Write who added whom to the first ad accounts, the newest first.

    Assumption: whoever has Full control did it, since they joined.
    """
    admins = [user for user in world.users.values() if user.role == "ADMIN" and not user.is_system]
    ad_accounts = [one for one in world.assets.values() if one.kind == "ad_account"]
    for account in ad_accounts[:accounts]:
        rows = []
        for user_id, tasks in list(world.holders.get(account.id, {}).items())[:6]:
            user = world.users[user_id]
            since = user.created_time or world.now - timedelta(days=400)
            minutes = int((world.now - since).total_seconds() // 60)
            at = since + timedelta(minutes=rng.randint(0, max(0, minutes - 1)))
            actor = rng.choice(admins) if admins else user
            rows.append((at, _row(world, ADDED, actor, user, account, tasks, at)))
        rows.sort(key=lambda row: row[0], reverse=True)
        world.activities[account.id] = [row for _, row in rows]


def record_activity(world: World, event: Event, user_id: str, asset_id: str, by: User | None = None) -> None:
    """Write that a user was added to or removed from an ad account at the world's `now`, and the tasks there.

    Call it while the user has them. `by` did it through the API; None: somebody in Meta's settings.
    Other assets have no log at Meta: nothing is written.
    """
    account = world.assets[asset_id]
    if account.kind != "ad_account":
        return
    tasks = world.grants.get(user_id, {}).get(asset_id, ())
    user = world.users[user_id]
    row = _row(world, event, by or _somebody_else_in_charge(world, user), user, account, tasks, world.now)
    if by is not None:
        row["application_name"] = APP_NAME
    world.activities.setdefault(asset_id, []).insert(0, row)
    world.version += 1


def _somebody_else_in_charge(world: World, user: User) -> User:
    """Return the first other ADMIN, a person if there is one; the user, where there is no other."""
    others = [one for one in world.users.values() if one.role == "ADMIN" and one is not user]
    return min(others, key=lambda one: one.is_system, default=user)


def _row(
    world: World,
    event: Event,
    actor: User,
    user: User,
    account: Asset,
    tasks: tuple[str, ...],
    at: datetime,
) -> dict[str, object]:
    """Return an AdActivity (§1.6).

    Assumptions: the object is the ad account, `extra_data` says whom it is about and with which tasks,
    and people's ids are those of business users.
    """
    return {
        "actor_id": actor.id,
        "actor_name": actor.name,
        "application_id": world.app_id,
        "application_name": "Business settings",
        "date_time_in_timezone": at.strftime("%m/%d/%Y at %I:%M %p"),
        "event_time": meta_time(at),
        "event_type": event,
        "extra_data": json.dumps(
            {"user_id": user.id, "user_name": user.name, "tasks": tasks}, ensure_ascii=False
        ),
        "object_id": account.id.removeprefix("act_"),
        "object_name": account.name,
        "object_type": "ACCOUNT",
        "translated_event_type": _TRANSLATED[event],
    }
