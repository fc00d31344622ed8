"""A hub small enough to know by heart: five people, a robot, an invitation, a handful of assets."""

from datetime import UTC, datetime, timedelta

from deployments.sandbox.world import Asset, Business, Invite, Token, User, World

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HUB = "500"
SECRET = "app-secret"
READER = "read-token"

ALL_SCOPES = (
    "business_management",
    "ads_management",
    "ads_read",
    "catalog_management",
    "pages_manage_metadata",
    "pages_show_list",
)


def small_world() -> World:
    """Ada controls everything, Bo advertises, Cleo hides her address, Dee and Eve hold nothing."""
    world = World(Business(HUB, "Northwind"), "9000", SECRET, NOW)
    for user in (
        User("100", "Ada B", "ADMIN", email="ada@x.test", finance_permission="EDITOR"),
        User("101", "Bo C", "EMPLOYEE", email="bo@x.test", business_role_request="901"),
        User("102", "Cleo D", "EMPLOYEE", email="cleo@x.test", email_hidden=True),
        User("103", "Dee E", "EMPLOYEE", email="dee@x.test"),
        User("104", "Eve F", "DEVELOPER", email="eve@x.test"),
        User("200", "reader", "ADMIN", is_system=True, created_time=NOW - timedelta(days=90)),
    ):
        world.users[user.id] = user
    world.invites["900"] = Invite(
        "900",
        "new@x.test",
        "EMPLOYEE",
        "PENDING",
        NOW - timedelta(days=4),
        NOW + timedelta(days=10),
        "100",
        "https://x.test/invite",
        joins_as=User("105", "Fay G", "EMPLOYEE", email="new@x.test"),
        grants={"701": ("ANALYZE",)},
    )
    _add_assets(world)
    world.tokens = {
        READER: Token(READER, "SYSTEM_USER", "9000", "200", ALL_SCOPES),
        "old-token": Token("old-token", "SYSTEM_USER", "9000", "200", ALL_SCOPES, expires_at=NOW),
        "page-token": Token("page-token", "SYSTEM_USER", "9000", "200", ("pages_show_list",)),
    }
    world.access_token = world.write_token = READER
    return world


def _add_assets(world: World) -> None:
    world.agencies["600"] = Business("600", "Reach Agency")
    world.clients["601"] = Business("601", "Paloma Shoes")
    for asset in (
        Asset("page", "700", "Shop", HUB, extra={"category": "Retail"}),
        Asset("page", "701", "Blog", HUB),
        Asset("page", "702", "Paloma", "601", is_client=True, permitted_tasks=("ADVERTISE", "ANALYZE")),
        Asset("ad_account", "act_800", "Main", HUB, extra={"currency": "EUR"}),
        Asset("product_catalog", "810", "Shoes", HUB),
        Asset("business_asset_group", "820", "Retail", HUB),
    ):
        world.assets[asset.id] = asset
    world.group_contents["820"] = ("700", "act_800")
    world.agency_assets["600"] = {"act_800": ("ADVERTISE",)}
    world.activities["act_800"] = [
        {
            "event_type": "ad_account_add_user_to_role",
            "event_time": f"2026-11-2{day}T09:00:00+0000",
            "actor_id": "100",
        }
        for day in (3, 2, 1)
    ]
    for asset_id in ("700", "701", "702", "act_800", "810", "820"):
        world.assign("100", asset_id, ("MANAGE", "ADVERTISE", "ANALYZE"))
    world.assign("101", "700", ("ADVERTISE",))
    world.assign("200", "act_800", ("ANALYZE",))
