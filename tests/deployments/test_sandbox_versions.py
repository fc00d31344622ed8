import httpx
import pytest

from deployments.sandbox.server import Sandbox
from tests.deployments.small_world import READER


def get(box: Sandbox, path: str) -> httpx.Response:
    return httpx.get(f"{box.graph_url}/{path}", headers={"Authorization": f"Bearer {READER}"})


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("v26.0/500", "v26.0"),
        ("v25.0/500", "v25.0"),
        ("v24.0/500", "v24.0"),
        ("v18.0/500", "v21.0"),  # expired: the oldest that is usable
        ("v20.0/500", "v21.0"),
        ("500", "v26.0"),
        ("v24.0/act_800", "v25.0"),  # the Marketing API's versions expire sooner
    ],
)
def test_a_version_answers_or_the_next_usable_one_does(box: Sandbox, asked: str, served: str) -> None:
    answer = get(box, asked)

    assert answer.status_code == 200
    assert answer.headers["facebook-api-version"] == served
    assert ("x-ad-api-version-warning" in answer.headers) == (asked == "v24.0/act_800")


def test_a_version_expires_by_metas_clock(own_box: Sandbox) -> None:
    own_box.admin("clock", {"now": "2028-03-01T00:00:00Z"})

    assert get(own_box, "v24.0/500").headers["facebook-api-version"] == "v25.0"


def test_a_version_that_does_not_exist_is_taken_for_a_node(box: Sandbox) -> None:
    error = get(box, "v99.0/me").json()["error"]

    assert (error["code"], error["message"]) == (2500, "Unknown path components: /me")


@pytest.mark.parametrize("path", ["v26.0/500/", "/v26.0//500", "v26.0/?ids=500", "v26.0//?ids=500", "500//"])
def test_double_and_trailing_slashes_say_nothing(box: Sandbox, path: str) -> None:
    assert "Northwind" in get(box, path).text


def test_every_answer_says_version_trace_usage_and_date(box: Sandbox) -> None:
    for path in ("v26.0/500", "v26.0/1", "v99.0/me"):
        headers = get(box, path).headers
        assert headers["x-fb-trace-id"]
        assert headers["content-type"].startswith("application/json")
        assert headers["date"].startswith("Tue, 24 Nov 2026 10:00")
        assert set(httpx.Response(200, text=headers["x-app-usage"]).json()) == {
            "call_count",
            "total_time",
            "total_cputime",
        }

    usage = get(box, "v26.0/500/owned_ad_accounts").headers["x-business-use-case-usage"]
    assert httpx.Response(200, text=usage).json()["500"][0]["estimated_time_to_regain_access"] == 0
    assert "x-business-use-case-usage" not in get(box, "v26.0/500/business_users").headers
    box.admin("switches", {"usage_headers": False})
    assert "x-app-usage" not in get(box, "v26.0/500").headers
