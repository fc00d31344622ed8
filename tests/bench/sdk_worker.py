"""The same extraction by Meta's official SDK in its natural way: a cursor for each member and kind of asset.

Reads the sandbox's connection as JSON on stdin; prints the grants as JSON lines on stdout.
"""

import json
import sys

from facebook_business.adobjects.business import Business
from facebook_business.adobjects.businessuser import BusinessUser
from facebook_business.adobjects.systemuser import SystemUser
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

USER_FIELDS = ["id", "name", "email", "role", "first_name", "last_name", "title", "finance_permission"]
LISTINGS = (
    "get_pending_users", "get_owned_pages", "get_client_pages", "get_owned_ad_accounts",
    "get_client_ad_accounts", "get_owned_product_catalogs", "get_client_product_catalogs",
    "get_business_asset_groups", "get_agencies", "get_clients",
)  # fmt: skip
ASSIGNED = {
    "get_assigned_pages": ["id", "name", "tasks"],
    "get_assigned_ad_accounts": ["id", "name", "tasks"],
    "get_assigned_product_catalogs": ["id", "name", "tasks"],
    "get_assigned_business_asset_groups": ["id", "name", "tasks"],
}


def main() -> None:
    """Read everything that a check reads, and print one line per grant: member, asset, tasks."""
    world = json.load(sys.stdin)
    session = FacebookSession(world["app_id"], world["app_secret"], world["access_token"], timeout=60)
    session.GRAPH = world["graph_url"]
    session.requests.trust_env = False
    api = FacebookAdsApi(session, api_version="v26.0")
    business = Business(world["business_id"], api=api)
    for listing in LISTINGS:
        list(
            getattr(business, listing)(
                fields=["id", "name"] if listing != "get_pending_users" else ["id", "email"]
            )
        )
    users = [BusinessUser(u["id"], api=api) for u in business.get_business_users(fields=USER_FIELDS)]
    users += [SystemUser(u["id"], api=api) for u in business.get_system_users(fields=["id", "name"])]
    for user in users:
        for edge, fields in ASSIGNED.items():
            for asset in getattr(user, edge)(fields=fields):
                tasks = sorted(asset["tasks"]) if "tasks" in asset else []
                print(json.dumps([user["id"], asset["id"], tasks]))


if __name__ == "__main__":
    main()
