"""What the activity logs of ad accounts say: who added whom, and when."""

import json
from datetime import datetime, timedelta
from random import Random

from deployments.sandbox.world.state import Asset, User, World, meta_time


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
            rows.append((at, _row(world, rng.choice(admins) if admins else user, user, account, tasks, at)))
        rows.sort(key=lambda row: row[0], reverse=True)
        world.activities[account.id] = [row for _, row in rows]


def _row(
    world: World, actor: User, user: User, account: Asset, tasks: tuple[str, ...], at: datetime
) -> dict[str, object]:
    """Return an AdActivity (§1.6).

    Assumptions: the object is the ad account, `extra_data` says who was added with which tasks, and
    people's ids are those of business users.
    """
    return {
        "actor_id": actor.id,
        "actor_name": actor.name,
        "application_id": world.app_id,
        "application_name": "Business settings",
        "date_time_in_timezone": at.strftime("%m/%d/%Y at %I:%M %p"),
        "event_time": meta_time(at),
        "event_type": "ad_account_add_user_to_role",
        "extra_data": json.dumps(
            {"user_id": user.id, "user_name": user.name, "tasks": tasks}, ensure_ascii=False
        ),
        "object_id": account.id.removeprefix("act_"),
        "object_name": account.name,
        "object_type": "ACCOUNT",
        "translated_event_type": "Account user added",
    }
