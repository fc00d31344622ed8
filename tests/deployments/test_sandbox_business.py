"""What the business says of itself and of our app, read by the official SDK; set by hand through /_admin."""

import pytest
from facebook_business.adobjects.business import Business
from facebook_business.api import FacebookAdsApi

from deployments.sandbox.server import AdminError, Sandbox
from tests.deployments.small_world import HUB

pytestmark = pytest.mark.filterwarnings("ignore:.*does not allow field")


def test_primary_page_verification_and_two_factor_are_as_they_were_set(
    own_box: Sandbox, api: FacebookAdsApi
) -> None:
    fields = ["primary_page", "verification_status", "two_factor_type"]
    assert "primary_page" not in Business(HUB, api=api).api_get(fields=fields)

    own_box.admin(
        "business", {"primary_page": "700", "verification_status": "pending", "two_factor_type": "none"}
    )

    read = Business(HUB, api=api).api_get(fields=fields).export_all_data()
    assert read["primary_page"] == {"id": "700", "name": "Shop"}
    assert (read["verification_status"], read["two_factor_type"]) == ("pending", "none")


@pytest.mark.parametrize(
    ("state", "owned", "shared", "asked"),
    [("owned", 1, 0, 0), ("shared", 0, 1, 0), ("requested", 0, 0, 1), ("none", 0, 0, 0)],
)
def test_an_app_is_owned_shared_asked_for_or_not_there(
    own_box: Sandbox, api: FacebookAdsApi, state: str, owned: int, shared: int, asked: int
) -> None:
    own_box.admin("business", {"app": state})
    business = Business(HUB, api=api)

    assert [app["id"] for app in business.get_owned_apps(fields=["id"])] == ["9000"] * owned
    assert [app["id"] for app in business.get_client_apps(fields=["id"])] == ["9000"] * shared
    requests = business.get_pending_client_apps(fields=["application"])
    assert [one["application"]["id"] for one in requests] == ["9000"] * asked


def test_the_usage_that_headers_read_can_be_set(own_box: Sandbox, api: FacebookAdsApi) -> None:
    own_box.admin("switches", {"usage_percent": 91})

    headers = Business(HUB, api=api).get_business_users().headers()

    assert '"call_count":91' in headers["x-app-usage"].replace(" ", "")


@pytest.mark.parametrize("wrong", [{"app": "maybe"}, {"primary_page": "act_800000"}, {"name": "Else"}])
def test_what_a_business_has_not_is_refused(own_box: Sandbox, wrong: dict[str, str]) -> None:
    with pytest.raises(AdminError):
        own_box.admin("business", wrong)
