"""How the sandbox refuses the writes of Meta's own client, unmodified (meta-graph-api.md §4)."""

from collections.abc import Callable
from typing import Any

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.business import Business
from facebook_business.adobjects.businessuser import BusinessUser
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.productcatalog import ProductCatalog
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError

from deployments.sandbox.server import Sandbox
from tests.deployments.small_world import HUB

# The SDK only warns about values that its tables lack: wrong ones are what this is about.
pytestmark = pytest.mark.filterwarnings("ignore:.*might not be compatible")

Api = FacebookAdsApi


def hub(api: Api) -> Business:
    return Business(HUB, api=api)


def invite(api: Api, **params: object) -> Any:
    return hub(api).create_business_user(params={"email": "gil@x.test", **params})


def assign(api: Api, page: str, user: int, *tasks: str, **more: object) -> Any:
    return Page(page, api=api).create_assigned_user(params={"user": user, "tasks": list(tasks), **more})


@pytest.mark.parametrize(
    ("write", "code", "status", "words"),
    [
        (lambda api: invite(api, email=""), 100, 400, "parameter email is required"),
        (lambda api: invite(api, email="nobody"), 100, 400, "email must be a valid"),
        (lambda api: invite(api, role="KING"), 100, 400, "(#100) Param role must be one of {ADMIN, "),
        (
            lambda api: invite(api, tasks=["KING"]),
            100, 400, "violated JSON schema constraint 'enum' for the JSON field 'tasks.0'",
        ),
        (lambda api: invite(api, email="BO@x.test"), 100, 400, "already part"),
        (lambda api: invite(api, email="cleo@x.test"), 100, 400, "already part"),  # whose address is hidden
        (lambda api: invite(api, email="new@x.test"), 100, 400, "already been invited"),
        (
            lambda api: assign(api, "700", 101, "ADVERTISE", "FULL_CONTROL"),
            100, 400, "'tasks.1' with value 'FULL_CONTROL'. expected : '[ADVERTISE, ANALYZE",
        ),
        (lambda api: assign(api, "702", 101, "MODERATE"), 200, 403, "does not permit the tasks MODERATE"),
        (lambda api: assign(api, "700", 1, "ADVERTISE"), 100, 400, "Param user must be"),
        (lambda api: assign(api, "700", 900, "ADVERTISE"), 100, 400, "Param user must be"),  # an invitation
        (lambda api: assign(api, "700", 101, "ADVERTISE", business="600"), 100, 400, "Param business"),
        (lambda api: assign(api, "1", 101, "ADVERTISE"), 100, 400, "Unsupported post request."),
        (
            lambda api: AdAccount("act_800", api=api).create_assigned_user(params={"user": 101, "tasks": []}),
            2620, 400, "update account permissions",
        ),
        (lambda api: Page("700", api=api).delete_assigned_users(params={"user": 1}), 100, 400, "Param user"),
        (lambda api: BusinessUser("1", api=api).api_delete(), 100, 400, "Unsupported delete request"),
        (lambda api: hub(api).delete_agencies(params={"business": 1}), 100, 400, "partner business"),
        (lambda api: hub(api).delete_clients(params={"business": 600}), 100, 400, "partner business"),
        (lambda api: hub(api).delete_pages(params={"page_id": 1}), 3996, 400, "Page does not belong"),
        (
            lambda api: Page("702", api=api).create_agency(
                params={"business": 600, "permitted_tasks": ["ANALYZE"]}
            ),
            200, 403, "owns this asset",
        ),
        (
            lambda api: hub(api).create_system_user_access_token(
                params={"system_user_id": 200, "scope": ["fly"]}
            ),
            3962, 400, "permission fly",
        ),
        (
            lambda api: hub(api).create_system_user_access_token(params={"system_user_id": 1}),
            110, 400, "(#110) Invalid user id",
        ),
        (
            lambda api: Business("600", api=api).create_business_user(params={"email": "a@x.test"}),
            200, 403, "(#200) Requires business_management permission",
        ),
        (lambda api: hub(api).create_owned_page(params={"page_id": 1}), 3, 400, "(#3) Application does"),
        (lambda api: hub(api).create_owned_ad_account(params={"adaccount_id": "act_1"}), 3, 400, "(#3)"),
        (lambda api: ProductCatalog("810", api=api).api_delete(), 100, 400, "Unsupported delete request"),
        (lambda api: AdAccount("act_800", api=api).api_update(params={"name": "x"}), 100, 400, "Unsupported"),
        (lambda api: hub(api).api_update(params={"two_factor_type": "maybe"}), 100, 400, "must be one of"),
    ],
)  # fmt: skip
def test_refusals_are_metas_and_change_nothing(
    own_box: Sandbox, api: Api, write: Callable[[Api], Any], code: int, status: int, words: str
) -> None:
    before = own_box.admin("state")
    with pytest.raises(FacebookRequestError) as refused:
        write(api)

    error = refused.value
    assert (error.api_error_code(), error.http_status()) == (code, status)
    assert words in error.api_error_message()
    assert error.api_transient_error() is False
    after = own_box.admin("state")
    assert {k: v for k, v in after.items() if k != "now"} == {k: v for k, v in before.items() if k != "now"}


def test_an_app_that_may_not_invite(own_box: Sandbox, api: Api) -> None:
    own_box.admin("switches", {"invite_forbidden": True})
    with pytest.raises(FacebookRequestError) as refused:
        invite(api)

    error = refused.value
    assert (error.api_error_code(), error.api_error_subcode(), error.http_status()) == (10, 2859030, 403)
    assert error.body()["error"]["error_user_title"] == "This Action Is Not Allowed"
    assert error.api_transient_error() is False
    BusinessUser("101", api=api).api_update(params={"role": "ADMIN"})  # all else it may
