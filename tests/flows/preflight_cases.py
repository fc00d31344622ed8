"""What can be wrong with a hub or a workspace, point by point: what spoils it, and what mends it."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.flows.preflight_scene import Scene

Act = Callable[[Scene], Any]
HEAL: Act = Scene.heal


def business(**facts: object) -> Act:
    return lambda scene: scene.admin("business", facts)


def setting(**facts: Any) -> Act:
    return lambda scene: scene.set(**facts)


def reader(**asked: object) -> Act:
    return lambda scene: scene.set(TOKEN=scene.token(**asked))


def writer(**asked: object) -> Act:
    return lambda scene: scene.set(WRITE=scene.token(**{"role": "ADMIN", **asked}))


def one_admin(scene: Scene) -> None:
    scene.demoted = scene.admins()[1:]
    for user in scene.demoted:
        scene.admin(f"members/{user}/role", {"role": "EMPLOYEE"})


def all_admins(scene: Scene) -> None:
    for user in scene.demoted:
        scene.admin(f"members/{user}/role", {"role": "ADMIN"})


def robots(role: str) -> Act:
    """Make all system users but the reader Admins, or none."""

    def act(scene: Scene) -> None:
        users = [one for one in scene.box.world.users.values() if one.is_system][1:]
        for one in users if role == "EMPLOYEE" else users[1:]:
            one.role = role
        scene.box.world.version += 1

    return act


def no_admin_robot(scene: Scene) -> None:
    robots("EMPLOYEE")(scene)
    scene.set(write="")


def usual_robots(scene: Scene) -> None:
    scene.heal()
    _, writer, *others = [one for one in scene.box.world.users.values() if one.is_system]
    writer.role = "ADMIN"
    for one in others:
        one.role = "EMPLOYEE"
    scene.box.world.version += 1


def control(path: str) -> Act:
    def act(scene: Scene) -> None:
        robot = next(one.id for one in scene.box.world.users.values() if one.is_system)
        page = next(one for one in scene.box.world.assets if one.isdigit())
        scene.admin(path, {"user": robot, "asset": page, "tasks": ["MANAGE"]})

    return act


def aged(hours: float) -> Act:
    then = time.time() - hours * 3600
    return lambda scene: os.utime(scene.box.directory_path, (then, then))


def statuses(*, told: bool) -> Act:
    """Take the statuses out of the directory's file, or write it again."""

    def act(scene: Scene) -> None:
        path = Path(scene.box.directory_path)
        scene.box.admin("clock", {"now": scene.box.world.now.isoformat()}, method="POST")
        if not told:
            path.write_text(re.sub(r"(?m)\b(active|suspended|deprovisioned)\b", "", path.read_text()))

    return act


def file(name: str, content: str) -> Act:
    def act(scene: Scene) -> None:
        scene.home.mkdir(exist_ok=True)
        (scene.home / name).write_text(content)

    return act


def no_file(name: str) -> Act:
    return lambda scene: (scene.home / name).unlink()


def server(url: str | None) -> Act:
    def act(scene: Scene) -> None:
        if url:
            scene.set(PREFECT_API_URL=url)
        else:
            scene.patch.delenv("PREFECT_API_URL")

    return act


def usage(percent: int) -> Act:
    return lambda scene: scene.admin("switches", {"usage_percent": percent})


def moved(minutes: float) -> Act:
    return lambda scene: scene.admin("clock", {"now": scene.now(minutes=minutes)})


def young_writer(days: float) -> Act:
    """The token is another one, but of the same system user."""
    return lambda scene: scene.set(WRITE=scene.token(role="ADMIN", created_at=scene.now(days=-days)))


def fault(**facts: object) -> Act:
    return lambda scene: scene.admin("faults", [facts] if facts else [])


def give_page(scene: Scene) -> None:
    page = next(one.id for one in scene.box.world.assets_of("page", is_client=False))
    scene.admin("business", {"primary_page": page})


def sight(sees: str) -> Act:
    return lambda scene: scene.admin("switches", {"system_user_sees": sees})


def limit(edge: str, code: int) -> Act:
    return fault(edge=edge, fault="code", code=code, headers=True)


LATER = {"expires_at": "2099-01-01T00:00:00Z"}
NO_SECRET = {"secret": ""}
CATALOGS = ["owned_product_catalogs", "client_product_catalogs"]

# point, state, what it says, what spoils it, what mends it
CASES: list[tuple[str, str, str, Act, Act]] = [
    ("read-token", "broken", "code 190, subcode 467", reader(revoked=True), HEAL),
    (
        "read-token",
        "broken",
        "has expired.*code 190, subcode 463",
        reader(expires_at="2026-01-01T00:00Z"),
        HEAL,
    ),
    ("read-token", "broken", "'env:TOKEN' is empty or not set", setting(TOKEN=""), HEAL),
    (
        "read-token",
        "broken",
        "doesn't answer|no connection",
        setting(graph_url="http://127.0.0.1:9", write=""),
        HEAL,
    ),
    ("read-token", "look", "a person's", reader(kind="USER", role="EMPLOYEE"), HEAL),
    ("read-token-expires", "look", "expires on 01 Jan 2099", reader(**LATER), HEAL),
    (
        "read-scopes",
        "broken",
        r"can't read Pages \(lacks pages_show_list\)",
        reader(without=["pages_show_list"]),
        HEAL,
    ),
    (
        "read-scopes",
        "broken",
        "ads_read or ads_management",
        reader(without=["ads_read", "ads_management"]),
        HEAL,
    ),
    ("read-scopes", "look", "optional", reader(without=["catalog_management"]), setting(skip=CATALOGS)),
    ("read-token-only-reads", "look", "the role Admin", reader(role="ADMIN"), HEAL),
    (
        "read-token-only-reads",
        "look",
        "full control of 1 assets",
        control("grants"),
        control("grants/revoke"),
    ),
    ("read-token-sees", "look", "sees 0 of . Pages and 0 of . ad accounts", sight("assigned"), sight("all")),
    ("write-token", "broken", "Basic: it can't remove", writer(role="EMPLOYEE"), HEAL),
    ("write-token", "broken", "code 190", writer(revoked=True), HEAL),
    ("write-token-expires", "look", "expires on", writer(**LATER), HEAL),
    ("write-scopes", "broken", "access to Pages", writer(without=["pages_manage_metadata"]), HEAL),
    ("app", "broken", "the hub's app_id is 999", setting(app_id="999"), HEAL),
    ("app", "broken", "token is of app 42", reader(app_id="42"), HEAL),
    ("app-secret", "broken", "Invalid appsecret_proof", setting(SECRET="f" * 32), HEAL),
    ("app-secret", "look", "no proof", setting(**NO_SECRET), HEAL),
    ("app-access", "look", "Request sent", business(app="requested"), business(app="shared")),
    ("app-access", "look", "not among the apps", business(app="none"), business(app="owned")),
    (
        "business",
        "broken",
        "does not exist.*code 100, subcode 33.*sees Northwind Agency",
        setting(business_id="123"),
        HEAL,
    ),
    ("full-control", "look", "1 person has Full control, 2 should", one_admin, all_admins),
    (
        "full-control",
        "broken",
        "can't be listed.*business_management",
        fault(edge="business_users", fault="code", code=200),
        fault(),
    ),
    ("primary-page", "look", "no primary Page", business(primary_page=None), give_page),
    (
        "verification",
        "look",
        "pending",
        business(verification_status="pending"),
        business(verification_status="verified"),
    ),
    (
        "two-factor",
        "look",
        "stolen password",
        business(two_factor_type="none"),
        business(two_factor_type="all_required"),
    ),
    ("admin-system-users", "look", "2 system users may change", robots("ADMIN"), usual_robots),
    ("admin-system-users", "look", "no system user is an Admin", no_admin_robot, usual_robots),
    ("api-version", "look", "v20.0 is over: Meta answers with v2", setting(api_version="v20.0"), HEAL),
    ("rate", "look", "91 %", usage(91), usage(0)),
    ("rate", "look", "limits this app", limit("debug_token", 4), fault()),
    ("business", "unknown", "it was not read: Meta: .*wait_s", limit("system_users", 17), fault()),
    ("clock", "broken", "s behind Meta's: nothing is written", moved(minutes=10), moved(minutes=0)),
    ("clock", "look", "s ahead of Meta's", moved(minutes=-2), moved(minutes=0)),
    ("system-user-age", "look", "may refuse to change people until about", young_writer(2), young_writer(90)),
    (
        "owners",
        "broken",
        "nobody can answer.*nobody's in the directory",
        setting(owners=["who@else.test"]),
        HEAL,
    ),
    ("owners", "broken", "nobody can answer", setting(owners=[]), HEAL),
    ("directory", "broken", "is 48 h old", aged(48), aged(1)),
    ("directory", "look", "none says who has left", statuses(told=False), statuses(told=True)),
    ("mail", "broken", "can't be reached", setting(smtp_port=9), HEAL),
    ("ledger", "broken", "is empty: bring back a backup", file("ledger.db", ""), no_file("ledger.db")),
    (
        "warehouse",
        "broken",
        "is not a DuckDB file",
        file("warehouse.duckdb", "x" * 5000),
        no_file("warehouse.duckdb"),
    ),
    ("prefect", "broken", "doesn't answer", server("http://127.0.0.1:9/api"), server(None)),
]
