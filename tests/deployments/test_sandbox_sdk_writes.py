"""Meta's own client, unmodified, drives every writing verb (meta-graph-api.md §1, §4, §9)."""

from collections.abc import Callable
from typing import Any

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.business import Business
from facebook_business.adobjects.businessassetgroup import BusinessAssetGroup
from facebook_business.adobjects.businessrolerequest import BusinessRoleRequest
from facebook_business.adobjects.businessuser import BusinessUser
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.productcatalog import ProductCatalog
from facebook_business.adobjects.systemuser import SystemUser
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError

from deployments.sandbox.server import Sandbox
from tests.deployments.official_sdk import sdk
from tests.deployments.small_world import HUB

# The SDK only warns about what its tables lack: the edge fields of §1.2, `business` on assigned_users (§1.5).
pytestmark = pytest.mark.filterwarnings("ignore:.*does not allow field", "ignore:.*might not be compatible")

Api = FacebookAdsApi


def hub(api: Api) -> Business:
    return Business(HUB, api=api)


def ids(nodes: Any) -> list[str]:
    return [node["id"] for node in nodes]


def test_an_invitation_is_pending_until_it_is_accepted(own_box: Sandbox, api: Api) -> None:
    made = hub(api).create_business_user(params={"email": "gil@x.test", "role": "EMPLOYEE"})

    assert isinstance(made, BusinessUser)
    assert dict(made) == {"id": made["id"]}  # §9.14: only the id
    pending = hub(api).get_pending_users(fields=["email", "role", "status", "created_by"])
    assert dict(list(pending)[-1]) == {
        "id": made["id"],
        "email": "gil@x.test",
        "role": "EMPLOYEE",
        "status": "PENDING",
        "created_by": {"id": "200", "name": "reader"},
    }
    assert "gil@x.test" not in [
        user["email"] for user in hub(api).get_business_users(fields=["email"]) if "email" in user
    ]

    seat = own_box.admin(f"invites/{made['id']}/accept", {})
    assert made["id"] not in ids(hub(api).get_pending_users())
    joined = BusinessUser(seat["id"], api=api).api_get(fields=["email", "role"])
    assert (joined["email"], joined["role"]) == ("gil@x.test", "EMPLOYEE")


def test_what_was_written_is_read_in_the_same_call(api: Api) -> None:
    made = hub(api).create_business_user(
        fields=["email", "role", "status"], params={"email": "gil@x.test", "role": "ADMIN"}
    )
    assert (made["email"], made["role"]) == ("gil@x.test", "ADMIN")
    page = Page("700", api=api).create_assigned_user(
        fields=["name"], params={"user": 103, "tasks": ["ANALYZE"]}
    )
    assert (page["id"], page["name"]) == ("700", "Shop")
    user = BusinessUser("101", api=api).api_update(fields=["role", "title"], params={"title": "Buyer"})
    assert (user["role"], user["title"]) == ("EMPLOYEE", "Buyer")


def test_an_invitation_changes_its_role_and_is_cancelled(api: Api) -> None:
    invitation = BusinessRoleRequest("900", api=api)

    changed = invitation.api_update(fields=[], params={"role": "FINANCE_EDITOR"})
    assert changed["id"] == "900"
    read = invitation.api_get(fields=["role", "finance_role"])
    assert (read["role"], read["finance_role"]) == ("EMPLOYEE", "EDITOR")

    invitation.api_delete()
    assert ids(hub(api).get_pending_users()) == []
    with pytest.raises(FacebookRequestError) as gone:
        invitation.api_delete()
    assert (gone.value.api_error_code(), gone.value.api_error_subcode()) == (100, 33)


def test_a_member_changes_and_leaves_with_all_grants(own_box: Sandbox, api: Api) -> None:
    BusinessUser("101", api=api).api_update(
        params={"role": "DEVELOPER", "first_name": "Bob", "last_name": "Cee", "pending_email": "bob@x.test"}
    )
    read = BusinessUser("101", api=api).api_get(fields=["role", "name", "email", "pending_email"])
    assert (read["role"], read["name"]) == ("DEVELOPER", "Bob Cee")
    assert (read["email"], read["pending_email"]) == ("bo@x.test", "bob@x.test")

    BusinessUser("101", api=api).api_delete()
    assert ids(hub(api).get_business_users()) == ["100", "102", "103", "104"]
    assert ids(Page("700", api=api).get_assigned_users(params={"business": HUB})) == ["100"]
    assert "101" not in own_box.world.grants


@pytest.mark.parametrize(
    "write",
    [
        lambda user: user.api_delete(),
        lambda user: user.api_update(params={"role": "EMPLOYEE"}),
        lambda user: user.api_update(params={"tasks": ["FINANCE_EDITOR"]}),
    ],
)
def test_the_last_admin_stays(own_box: Sandbox, api: Api, write: Callable[[BusinessUser], Any]) -> None:
    """3914 counts people: that the system user is an admin as well doesn't help."""
    with pytest.raises(FacebookRequestError) as refused:
        write(BusinessUser("100", api=api))

    assert refused.value.api_error_code() == 3914
    assert "remove the last admin from this Business Manager" in refused.value.api_error_message()
    assert own_box.world.users["100"].role == "ADMIN"
    BusinessUser("101", api=api).api_update(params={"role": "ADMIN"})
    write(BusinessUser("100", api=api))


@pytest.mark.parametrize(
    ("asset", "params", "read"),
    [
        (lambda api: Page("700", api=api), {"tasks": ["ADVERTISE", "ANALYZE"]}, ["ADVERTISE", "ANALYZE"]),
        (lambda api: AdAccount("act_800", api=api), {"tasks": ["DRAFT"]}, ["DRAFT"]),
        (lambda api: ProductCatalog("810", api=api), {"tasks": ["MANAGE"]}, ["MANAGE"]),
        (
            lambda api: BusinessAssetGroup("820", api=api),
            {"page_tasks": ["ANALYZE"], "adaccount_tasks": ["ADVERTISE", "ANALYZE"]},
            ["ANALYZE", "ADVERTISE"],
        ),
    ],
)
@pytest.mark.parametrize("user", ["101", "200"])
def test_access_is_given_and_taken_on_every_kind_of_asset(
    own_box: Sandbox, api: Api, asset: Any, params: dict[str, Any], read: list[str], user: str
) -> None:
    own_box.admin("switches", {"business_on_writes": "required"})
    node = asset(api)
    made = node.create_assigned_user(params={"user": int(user), "business": HUB, **params})

    assert made.get_id() is None  # §9.14
    holders = {one["id"]: list(one["tasks"]) for one in node.get_assigned_users(params={"business": HUB})}
    assert holders[user] == read
    node.delete_assigned_users(params={"user": int(user), "business": HUB})
    assert user not in ids(node.get_assigned_users(params={"business": HUB}))


def test_partners_get_and_lose_an_asset(api: Api) -> None:
    for node in (Page("700", api=api), AdAccount("act_800", api=api), ProductCatalog("810", api=api)):
        node.create_agency(params={"business": "600", "permitted_tasks": ["ADVERTISE"]})
        assert [list(one["permitted_tasks"]) for one in node.get_agencies(fields=["permitted_tasks"])] == [
            ["ADVERTISE"]
        ]
        node.delete_agencies(params={"business": "600"})
        assert ids(node.get_agencies()) == []


def test_parting_with_an_agency_and_a_client(api: Api) -> None:
    hub(api).delete_agencies(params={"business": "600"})
    assert ids(hub(api).get_agencies()) == []
    assert ids(AdAccount("act_800", api=api).get_agencies()) == []

    hub(api).delete_clients(params={"business": "601"})
    assert ids(hub(api).get_clients()) == ids(hub(api).get_client_pages()) == []
    assert ids(BusinessUser("100", api=api).get_assigned_pages()) == ["700", "701"]


def test_a_system_user_is_made_and_its_token_works(own_box: Sandbox, api: Api) -> None:
    made = hub(api).create_system_user(params={"name": "feed", "role": "ADMIN"})
    assert isinstance(made, SystemUser)
    assert ids(hub(api).get_system_users()) == ["200", made["id"]]

    answer = hub(api).create_system_user_access_token(
        params={"system_user_id": made["id"], "scope": ["business_management"]}
    )
    other = sdk(own_box, answer["access_token"])
    hub(other).create_business_user(params={"email": "gil@x.test"})
    other._session.requests.close()
    created_by = list(hub(api).get_pending_users(fields=["created_by"]))[-1]["created_by"]
    assert created_by["id"] == made["id"]


def test_the_business_lets_assets_go_and_changes_itself(api: Api) -> None:
    hub(api).delete_pages(params={"page_id": "701"})
    hub(api).delete_ad_accounts(params={"adaccount_id": "act_800"})
    assert ids(hub(api).get_owned_pages()) == ["700"]
    assert ids(hub(api).get_owned_ad_accounts()) == []
    assert ids(BusinessUser("100", api=api).get_assigned_ad_accounts()) == []

    changed = hub(api).api_update(params={"two_factor_type": "admin_required", "name": "Northwind II"})
    assert changed["id"] == HUB
    assert hub(api).api_get(fields=["name", "two_factor_type"])["two_factor_type"] == "admin_required"


def test_what_an_asset_group_holds_is_changed(api: Api) -> None:
    group = BusinessAssetGroup("820", api=api)

    group.create_contained_page(params={"asset_id": "701"})
    group.create_contained_product_catalog(params={"asset_id": "810"})
    group.delete_contained_ad_accounts(params={"asset_id": "act_800"})
    group.api_update(params={"name": "All shops"})
    assert ids(group.get_contained_pages()) == ["700", "701"]
    assert ids(group.get_contained_product_catalogs()) == ["810"]
    assert ids(group.get_contained_ad_accounts()) == []
    assert group.api_get(fields=["name"])["name"] == "All shops"


def test_a_batch_of_writes_is_done_in_its_order(api: Api) -> None:
    said: list[tuple[str, object]] = []
    batch = api.new_batch()
    how = {
        "batch": batch,
        "success": lambda answer: said.append(("ok", answer.json())),
        "failure": lambda answer: said.append(("no", answer.error().api_error_code())),
    }
    BusinessUser("100", api=api).api_delete(**how)
    BusinessUser("101", api=api).api_update(params={"role": "ADMIN"}, **how)
    BusinessUser("100", api=api).api_delete(**how)
    Page("700", api=api).create_assigned_user(params={"user": 103, "tasks": ["ANALYZE"]}, **how)
    Page("700", api=api).delete_assigned_users(params={"user": 101}, **how)
    assert batch.execute() is None

    done = ("ok", {"success": True})
    assert said == [("no", 3914), done, done, done, done]
    assert ids(Page("700", api=api).get_assigned_users(params={"business": HUB})) == ["103"]
