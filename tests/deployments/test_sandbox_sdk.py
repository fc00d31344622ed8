"""Meta's own client, unmodified, reads the sandbox (meta-graph-api.md §9): it judges the emulator."""

from collections.abc import Iterator

import pytest
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.business import Business
from facebook_business.adobjects.businessuser import BusinessUser
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.systemuser import SystemUser
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tests.deployments.official_sdk import sdk
from tests.deployments.small_world import HUB, READER, SECRET

# The SDK only warns about fields that its tables lack: the edge fields of §1.2, and expansion.
pytestmark = pytest.mark.filterwarnings("ignore:.*does not allow field")


@pytest.fixture
def api(box: Sandbox) -> Iterator[FacebookAdsApi]:
    found = sdk(box)
    yield found
    found._session.requests.close()


def test_cursors_page_to_the_end_with_totals_and_headers(box: Sandbox, api: FacebookAdsApi) -> None:
    cursor = Business(HUB, api=api).get_business_users(fields=["id", "name", "role"], params={"limit": 2})

    assert [user["id"] for user in cursor] == ["100", "101", "102", "103", "104"]
    assert cursor.total() == 5
    assert cursor.headers()["facebook-api-version"] == "v26.0"
    assert len(box.log.rows) == 3


@pytest.mark.parametrize(
    ("edge", "ids"),
    [
        ("get_pending_users", ["900"]),
        ("get_system_users", ["200"]),
        ("get_owned_pages", ["700", "701"]),
        ("get_client_pages", ["702"]),
        ("get_owned_ad_accounts", ["act_800"]),
        ("get_client_ad_accounts", []),
        ("get_owned_product_catalogs", ["810"]),
        ("get_client_product_catalogs", []),
        ("get_business_asset_groups", ["820"]),
        ("get_agencies", ["600"]),
        ("get_clients", ["601"]),
    ],
)
def test_the_edges_of_a_business(api: FacebookAdsApi, edge: str, ids: list[str]) -> None:
    cursor = getattr(Business(HUB, api=api), edge)(fields=["id"])

    assert [node["id"] for node in cursor] == ids


def test_what_a_user_is_assigned_to(api: FacebookAdsApi) -> None:
    ada, robot = BusinessUser("100", api=api), SystemUser("200", api=api)

    pages = ada.get_assigned_pages(fields=["name", "tasks"], params={"limit": 2})
    assert [(page["name"], page["tasks"][0]) for page in pages] == [
        ("Shop", "MANAGE"), ("Blog", "MANAGE"), ("Paloma", "MANAGE"),
    ]  # fmt: skip
    assert [one["id"] for one in ada.get_assigned_ad_accounts()] == ["act_800"]
    assert [one["id"] for one in ada.get_assigned_product_catalogs()] == ["810"]
    assert [one["id"] for one in ada.get_assigned_business_asset_groups()] == ["820"]
    assert [one["id"] for one in robot.get_assigned_ad_accounts()] == ["act_800"]
    assert [one["id"] for one in ada.get_assigned_pages(params={"pages": [701]})] == ["701"]


def test_who_is_assigned_to_an_asset(api: FacebookAdsApi) -> None:
    users = Page("700", api=api).get_assigned_users(params={"business": HUB})
    assert [(user["id"], list(user["tasks"])) for user in users] == [
        ("100", ["MANAGE", "ADVERTISE", "ANALYZE"]),
        ("101", ["ADVERTISE"]),
    ]

    with pytest.raises(FacebookRequestError) as refused:
        AdAccount("act_800", api=api).get_assigned_users()
    assert refused.value.api_error_code() == 100


def test_a_page_tells_its_roles_of_people_without_a_business(box: Sandbox, api: FacebookAdsApi) -> None:
    box.world.page_roles["700"] = {"9001": "Old Hand", "9002": "Older Hand"}
    box.world.version += 1
    page = Page("700", api=api)

    assert [(one["id"], one["name"]) for one in page.get_roles()] == [
        ("9001", "Old Hand"),
        ("9002", "Older Hand"),
    ]
    assert [one["id"] for one in page.get_roles(params={"uid": 9002})] == ["9002"]
    assert len(Page("701", api=api).get_roles()) == 0
    box.world.page_roles.clear()
    box.world.version += 1


def test_activities_page_too(api: FacebookAdsApi) -> None:
    rows = AdAccount("act_800", api=api).get_activities(fields=["event_type"], params={"limit": 1})

    assert [row["event_type"] for row in rows] == ["ad_account_add_user_to_role"] * 3


def test_nodes_and_multi_gets(api: FacebookAdsApi) -> None:
    assert BusinessUser("101", api=api).api_get(fields=["name", "email", "role"])["email"] == "bo@x.test"
    assert Business(HUB, api=api).api_get()["name"] == "Northwind"
    assert AdAccount("act_800", api=api).api_get(fields=["account_id"])["account_id"] == "800"

    found = BusinessUser.get_by_ids(["100", "101"], fields=["name"], api=api)
    assert [user["name"] for user in found] == ["Ada B", "Bo C"]


def test_expansion_comes_back_as_plain_data(api: FacebookAdsApi) -> None:
    users = Business(HUB, api=api).get_business_users(fields=["id", "assigned_pages.limit(1){id,tasks}"])

    assert users[0]["assigned_pages"]["data"][0]["id"] == "700"
    assert users[0]["assigned_pages"]["paging"]["next"]


def test_a_batch_with_a_failing_item(api: FacebookAdsApi) -> None:
    said: list[tuple[str, object]] = []
    batch = api.new_batch()
    for node in ("101", "1", "103"):
        BusinessUser(node, api=api).api_get(
            fields=["name"],
            batch=batch,
            success=lambda answer: said.append(("ok", answer.json()["name"])),
            failure=lambda answer: said.append(("no", answer.error().api_error_subcode())),
        )

    assert batch.execute() is None
    assert said == [("ok", "Bo C"), ("no", 33), ("ok", "Dee E")]


def test_a_null_item_comes_back_as_a_batch_to_repeat(box: Sandbox, api: FacebookAdsApi) -> None:
    box.admin("faults", [{"edge": "node", "fault": "null_item"}])
    said: list[str] = []
    batch = api.new_batch()
    for node in ("101", "103"):
        BusinessUser(node, api=api).api_get(
            fields=["name"], batch=batch, success=lambda answer: said.append(answer.json()["name"])
        )

    rest = batch.execute()
    assert said == ["Dee E"]
    assert rest.execute() is None
    assert said == ["Dee E", "Bo C"]


def test_debug_token(api: FacebookAdsApi) -> None:
    answer = api.call("GET", ("debug_token",), params={"input_token": READER})

    assert answer.json()["data"]["is_valid"] is True


@pytest.mark.parametrize(
    ("token", "node", "code", "subcode", "status"),
    [
        (READER, "1", 100, 33, 400),
        ("stolen", HUB, 190, None, 400),
        ("old-token", HUB, 190, 463, 400),
        ("page-token", HUB, 200, None, 403),
    ],
)
def test_errors_are_read_as_metas(
    box: Sandbox, token: str, node: str, code: int, subcode: int | None, status: int
) -> None:
    api = sdk(box, token)
    with pytest.raises(FacebookRequestError) as refused:
        Business(node, api=api).get_business_users()
    api._session.requests.close()

    error = refused.value
    assert (error.api_error_code(), error.api_error_subcode(), error.http_status()) == (code, subcode, status)
    assert error.api_transient_error() is False
    assert error.api_error_type()


def test_a_limit_is_transient_and_its_headers_are_there(box: Sandbox, api: FacebookAdsApi) -> None:
    box.admin("faults", [{"edge": "business_users", "fault": "code", "code": 17, "headers": True}])
    with pytest.raises(FacebookRequestError) as refused:
        Business(HUB, api=api).get_business_users()

    assert refused.value.api_transient_error() is True
    assert "estimated_time_to_regain_access" in refused.value.http_headers()["x-business-use-case-usage"]


def test_an_empty_middle_page_stops_the_sdk_early(box: Sandbox, api: FacebookAdsApi) -> None:
    """§9.11: the SDK loses rows there; the sandbox must be able to show it."""
    box.admin("faults", [{"edge": "business_users", "fault": "empty_page", "nth": 2}])
    users = Business(HUB, api=api).get_business_users(params={"limit": 2})

    assert len(list(users)) == 2


def test_the_whole_default_world_reads_as_it_is() -> None:
    with Sandbox(WorldPlan()) as box:
        api = sdk(box, box.world.access_token)
        hub = Business(box.world.business.id, api=api)
        read: dict[str, dict[str, tuple[str, ...]]] = {}
        for user in [*hub.get_business_users(fields=["id"]), *hub.get_system_users(fields=["id"])]:
            for edge in ("pages", "ad_accounts", "product_catalogs", "business_asset_groups"):
                for asset in getattr(user, f"get_assigned_{edge}")(fields=["id", "tasks"]):
                    read.setdefault(user["id"], {})[asset["id"]] = tuple(asset["tasks"])
        api._session.requests.close()

        assert read == {user: held for user, held in box.world.grants.items() if held}


def test_the_proof_that_the_sdk_sends_is_checked(box: Sandbox) -> None:
    box.admin("switches", {"require_proof": True})
    api = sdk(box)
    assert list(Business(HUB, api=api).get_clients())
    api._session.requests.close()

    wrong = FacebookSession(box.world.app_id, SECRET + "x", READER, timeout=10)
    wrong.GRAPH = box.graph_url
    with pytest.raises(FacebookRequestError):
        Business(HUB, api=FacebookAdsApi(wrong, api_version="v26.0")).get_clients()
    wrong.requests.close()
