"""What headers tell: the version that served, and the highest share of any limit."""

import pytest

from tasks.meta.header_watch import HeaderWatch

BUSINESS = '{"7": [{"type": "ads_management", "call_count": 95, "total_time": 118, "total_cputime": 20}]}'


def test_the_highest_percent_of_any_header_and_answer_stays() -> None:
    watch = HeaderWatch()
    watch.note({"facebook-api-version": "v26.0", "x-app-usage": '{"call_count": 28, "total_time": 31}'})
    assert (watch.version, watch.used_percent) == ("v26.0", 31)

    watch.note({"x-business-use-case-usage": BUSINESS})
    watch.note({"x-ad-account-usage": '{"acc_id_util_pct": 9.67, "reset_time_duration": 100}'})

    assert (watch.version, watch.used_percent) == ("v26.0", 118)


@pytest.mark.parametrize(
    "header", ["", "nonsense", "[1, 2]", '{"call_count": "many"}', '{"call_count": null}']
)
def test_what_is_no_usage_says_nothing(header: str) -> None:
    watch = HeaderWatch()
    watch.note({"x-app-usage": header})

    assert watch.used_percent is None
