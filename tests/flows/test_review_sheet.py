"""What a filled-in sheet of a review says, and what it can't say."""

import pytest

from flows.answers.sheet import answers_in
from tasks.errors import InputError


def row(change: str, answer: str, review: str = "agency-2") -> dict[str, str | None]:
    return {"change": change, "answer": answer, "review": review}


@pytest.mark.parametrize("change", ["#1e5678901234", "1e5678901234", " #1E5678901234 ", "'#1e5678901234"])
def test_ids_are_read_however_a_spreadsheet_gave_them_back(change: str) -> None:
    assert answers_in([row(change, "keep = Let them stay")], "agency-2") == {"1e5678901234": "keep"}


def test_rows_without_an_answer_are_left_open() -> None:
    assert answers_in([row("#a", ""), row("#b", " "), {"change": "#c"}], "agency-2") == {}


def test_a_candidate_of_an_earlier_sheet_is_nobody() -> None:
    """`match:1` is a place in a list, and the list may be another by now."""
    with pytest.raises(InputError, match="another order"):
        answers_in([row("#a", "match:1", "agency-1")], "agency-2")
    assert answers_in([row("#a", "match:1")], "agency-2") == {"a": "match:1"}


def test_one_change_has_one_answer() -> None:
    with pytest.raises(InputError, match="two answers"):
        answers_in([row("#a", "keep"), row("#a", "remove")], "agency-2")
    assert answers_in([row("#a", "keep"), row("#a", "keep")], "agency-2") == {"a": "keep"}
