import json

import httpx
import pytest

from deployments.sandbox.server import Sandbox


def batch(graph: httpx.Client, *items: dict[str, object], **params: str) -> list[dict[str, object] | None]:
    answer = graph.post("", data={"batch": json.dumps(items), **params})
    assert answer.status_code == 200
    found: list[dict[str, object] | None] = answer.json()
    return found


def get(relative_url: str, **more: object) -> dict[str, object]:
    return {"method": "GET", "relative_url": relative_url, **more}


def body(item: dict[str, object] | None) -> dict[str, object]:
    assert item is not None
    found: dict[str, object] = json.loads(str(item["body"]))
    return found


def test_every_item_has_its_own_answer_in_request_order(graph: httpx.Client) -> None:
    answers = batch(
        graph, get("101/assigned_pages?fields=id"), get("1"), get("/v25.0/500?fields=name"), get("?ids=100")
    )

    assert [one and one["code"] for one in answers] == [200, 400, 200, 200]
    assert body(answers[0])["data"] == [{"id": "700"}]
    error = body(answers[1])["error"]
    assert isinstance(error, dict)
    assert (error["code"], error["error_subcode"]) == (100, 33)
    headers = answers[2] and answers[2]["headers"]
    assert isinstance(headers, list)
    assert {"name": "facebook-api-version", "value": "v25.0"} in headers


def test_items_page_like_requests_do(graph: httpx.Client) -> None:
    first = body(batch(graph, get("500/business_users?limit=2&fields=id&summary=true"))[0])
    paging = first["paging"]
    assert isinstance(paging, dict)
    after = paging["cursors"]["after"]

    second = body(batch(graph, get(f"500/business_users?limit=2&fields=id&after={after}"))[0])
    assert second["data"] == [{"id": "102"}, {"id": "103"}]
    assert httpx.get(paging["next"]).json()["data"] == second["data"]


def test_headers_and_successes_are_left_out_on_request(graph: httpx.Client) -> None:
    answers = batch(
        graph, get("500"), get("500", omit_response_on_success=True), get("1", omit_response_on_success=True),
        include_headers="false",
    )  # fmt: skip

    assert set(answers[0] or {}) == {"code", "body"}
    assert answers[1] is None
    assert answers[2] is not None


def test_an_item_may_use_what_an_earlier_one_found(graph: httpx.Client) -> None:
    answers = batch(
        graph,
        get("500/owned_pages?fields=id", name="pages"),
        get("?ids={result=pages:$.data.*.id}&fields=name"),
        get("{result=pages:$.data[1].id}?fields=name"),
        get("1", name="gone"),
        get("{result=gone:$.id}"),
    )

    assert list(body(answers[1])) == ["700", "701"]
    assert body(answers[2]) == {"name": "Blog", "id": "701"}
    assert [one and one["code"] for one in answers] == [200, 200, 200, 400, 400]


def test_a_batch_of_more_than_fifty_is_refused(graph: httpx.Client) -> None:
    answer = graph.post("", data={"batch": json.dumps([get("500")] * 51)})

    assert answer.json()["error"]["type"] == "GraphBatchException"
    assert len(batch(graph, *[get("500")] * 50)) == 50


@pytest.mark.parametrize("bad", ["no json", "{}", '[{"method":"GET"}]', "[1]"])
def test_a_batch_that_is_no_list_of_calls_is_refused(graph: httpx.Client, bad: str) -> None:
    assert graph.post("", data={"batch": bad}).json()["error"]["code"] == 100


def test_an_item_may_bring_its_own_token(graph: httpx.Client) -> None:
    answers = batch(graph, get("500?access_token=stolen"), get("500?access_token=page-token"))

    assert [one and one["code"] for one in answers] == [400, 200]


def test_the_log_has_one_row_for_a_batch_with_one_for_each_item(box: Sandbox, graph: httpx.Client) -> None:
    batch(graph, get("101/assigned_pages?access_token=read-token"), get("1/assigned_pages"), get("500"))
    row = box.admin("requests")["requests"][-1]

    assert (row["method"], row["path"], row["edge"], row["status"]) == ("POST", "/v26.0/", None, 200)
    assert row["items"] == [
        {"method": "GET", "path": "101/assigned_pages", "edge": "assigned_pages", "status": 200},
        {"method": "GET", "path": "1/assigned_pages", "edge": "assigned_pages", "status": 400},
        {"method": "GET", "path": "500", "edge": None, "status": 200},
    ]
