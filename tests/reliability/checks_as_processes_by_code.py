"""Every kind of Meta's refusals, and a whole check as a process: its exit code, its object, its one line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.processes import Desk
from tests.reliability.processes import desk as a_desk

REDUCE = "Please reduce the amount of data you're asking for, then retry your request"
SHORT = {"headers": True, "minutes": 0.02}  # a limit of a second; a limit is really waited for here

PASSES = {
    "1 once": {"code": 1, "edge": "business_users"},
    "1 reduce": {"code": 1, "edge": "business_users", "message": REDUCE, "above": 5, "times": None},
    "2 once": {"code": 2, "edge": "owned_pages"},
    "4": {"code": 4, "edge": "business_users", **SHORT},
    "17": {"code": 17, "edge": "owned_pages", "times": 2, **SHORT},
    "80004": {"code": 80004, "edge": "owned_ad_accounts", **SHORT},
}
STAYS = {
    "1": ({"code": 1, "edge": "owned_pages"}, "check again later (code 1,"),
    "1 reduce": ({"code": 1, "edge": "business_users", "message": REDUCE}, "check again later (code 1"),
    "2": ({"code": 2, "edge": "owned_pages"}, "check again later (code 2,"),
    "10": ({"code": 10, "edge": "owned_ad_accounts"}, "the token needs business_management and ads_read"),
    "100/33": ({"code": 100, "subcode": 33, "edge": "node"}, "(code 100, subcode 33,"),
    "190 midway": ({"code": 190, "subcode": 463, "edge": "business_users", "nth": 2}, "make a new one"),
    "200": ({"code": 200, "edge": "pending_users"}, "the token needs business_management"),
    "368": ({"code": 368, "edge": "business_users"}, "check again after a day"),
    "80004 for an hour": (
        {"code": 80004, "edge": "owned_ad_accounts", "headers": True, "minutes": 60},
        "longer than [meta] wait_s: check again after 20",
    ),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with a_desk(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.mark.parametrize("name", PASSES)
def test_a_refusal_that_passes_is_waited_for_and_the_check_is_right(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    ran = desk.check(tmp_path, {"fault": "code", **PASSES[name]})

    desk.assert_right(ran, tmp_path)


@pytest.mark.parametrize("name", STAYS)
def test_a_refusal_that_stays_is_one_line_and_exit_1_and_what_stood_stands(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    fault, words = STAYS[name]
    ran = desk.check(tmp_path, {"fault": "code", "times": None, **fault})

    desk.assert_says(words, ran, tmp_path)
