"""Every fault of Meta's answers, and a whole check as a process: its exit code, its object, its one line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.processes import Desk
from tests.reliability.processes import desk as a_desk

# what a check gets over, however often it comes or once
PASSES = {
    "empty_page": {"edge": "business_users"},
    "row_twice": {"edge": "business_users", "times": None},
    "nested_omitted": {"edge": "assigned_pages", "times": None},
    "nested_cut": {"edge": "assigned_pages", "times": None},
    "no_expansion": {"edge": "assigned_pages", "times": None},
    "slow": {"edge": "business_users", "seconds": 2},
    "hang": {"edge": "business_users"},
    "wrong_date": {"edge": "business_users"},
}
STAYS = {
    "repeat_cursor": ({"edge": "business_users"}, "the same cursor came twice"),
    "cursor_past_end": ({"edge": "business_users"}, "The After Cursor specified exceeds"),
    "wrong_total": ({"edge": "business_users"}, "Meta counts 27, and sent 26"),
    "row_missing": ({"edge": "business_users"}, "Meta counts 26, and sent"),
    "null_item": ({"edge": "owned_pages"}, "a batch item without an answer"),
    "item_error": ({"edge": "owned_pages", "code": 200}, "pages_show_list"),
    "cut_body": ({"edge": "business_users"}, "no whole answer"),
    "wrong_length": ({"edge": "business_users"}, "no JSON"),
    "html_502": ({"edge": "business_users"}, "HTTP status 502"),
    "reset": ({"edge": "business_users"}, "no whole answer"),
    "bad_gzip": ({"edge": "business_users"}, "check again later"),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with a_desk(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.mark.parametrize("name", PASSES)
def test_what_a_check_can_get_over_leaves_no_trace(desk: Desk, tmp_path: Path, name: str) -> None:
    ran = desk.check(tmp_path, {"fault": name, **PASSES[name]})

    desk.assert_right(ran, tmp_path)


@pytest.mark.parametrize("name", STAYS)
def test_what_it_can_not_get_over_is_one_line_and_exit_1_and_what_stood_stands(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    fault, words = STAYS[name]
    ran = desk.check(tmp_path, {"fault": name, "times": None, **fault})

    desk.assert_says(words, ran, tmp_path)


def test_a_clock_that_no_answer_agrees_with_is_one_line_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    ran = desk.check(tmp_path, {"fault": "wrong_date", "edge": "*", "times": None})

    assert (ran.code, ran.out) == (1, "")
    assert "Traceback" not in ran.err
    assert "nothing was written: set it (NTP) and check again" in ran.err.splitlines()[-1]
