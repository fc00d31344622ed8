"""When a check asks for an operator."""

from typing import Any

import pytest

from flows.checking.summary import needs_an_operator


def result(**changes: Any) -> dict[str, Any]:
    return {
        "complete": True,
        "directory": [{"source": "hr", "accepted": True}],
        "held_back": 0,
        "proposals": {"remove": 3},
    } | changes


@pytest.mark.parametrize(
    ("changes", "act"),
    [
        ({}, False),
        ({"complete": False}, True),
        ({"directory": [{"source": "hr", "accepted": True}, {"source": "idp", "accepted": False}]}, True),
        ({"held_back": 1}, True),
    ],
)
def test_it_is_incomplete_a_directory_was_refused_or_a_leaver_is_held_back(
    changes: dict[str, Any], act: bool
) -> None:
    assert needs_an_operator(result(**changes)) is act
