import httpx
import pytest

from deployments.sandbox.server import AdminError, Sandbox

SWEEP = "500/business_users?fields=id,assigned_pages{id}&limit=4"


def test_an_empty_nested_edge_is_sent_unless_switched(graph: httpx.Client) -> None:
    assert graph.get(SWEEP).json()["data"][3] == {"id": "103", "assigned_pages": {"data": []}}


@pytest.mark.parametrize("value", ["omitted", "forbidden"])
def test_an_empty_nested_edge_is_left_out_and_its_own_request_answers(
    box: Sandbox, graph: httpx.Client, value: str
) -> None:
    box.admin("switches", {"empty_nested": value})

    rows = graph.get(SWEEP).json()["data"]
    assert rows[3] == {"id": "103"}
    assert "assigned_pages" in rows[1]  # one with rows is sent
    assert graph.get("103/assigned_pages").json() == {"data": []}


def test_under_forbidden_the_own_request_can_be_refused_as_well(box: Sandbox, graph: httpx.Client) -> None:
    box.admin("switches", {"empty_nested": "forbidden", "forbidden_direct": "refused"})

    assert graph.get("103/assigned_pages").json()["error"]["code"] == 200
    assert graph.get("101/assigned_pages").status_code == 200
    assert graph.get("500/client_ad_accounts").json() == {"data": []}


def test_expansion_can_be_refused_everywhere(box: Sandbox, graph: httpx.Client) -> None:
    box.admin("switches", {"expansion": "refused"})

    assert graph.get(SWEEP).json()["error"]["code"] == 100
    assert graph.get("500/business_users?fields=id").status_code == 200


def test_too_large_a_limit_can_be_answered_with_reduce_the_data(box: Sandbox, graph: httpx.Client) -> None:
    box.admin("switches", {"reduce_above": 3})

    answer = graph.get("500/business_users?limit=4")
    assert answer.status_code == 500
    assert set(answer.json()["error"]) == {"code", "message"}
    assert "reduce the amount of data" in answer.json()["error"]["message"]
    assert graph.get("500/business_users?limit=3").status_code == 200


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"emtpy_nested": "sent"}, "no switch"),
        ({"empty_nested": "maybe"}, "must be one of"),
        ({"max_limit": "many"}, "of type int"),
        ({"max_limit": True}, "of type int"),
        ({"hidden_fields": [1]}, "list of names"),
        (["empty_nested"], "object"),
    ],
)
def test_a_switch_that_does_not_exist_or_fit_is_refused(box: Sandbox, values: object, word: str) -> None:
    with pytest.raises(AdminError, match=word):
        box.admin("switches", values)

    assert box.admin("switches")["empty_nested"] == "sent"
