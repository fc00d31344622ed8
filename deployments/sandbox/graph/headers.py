"""The headers on every answer: version, trace, usage (meta-graph-api.md §5, §7)."""

from deployments.sandbox.faults.schedule import Fault
from deployments.sandbox.graph.call import Call
from deployments.sandbox.graph.json_text import to_json

# How many calls the app makes before its usage reads 100 %. Nothing is refused above it: limits are the
# schedule's business (fault `code`).
CALLS_PER_HOUR = 1_000_000


def answer_headers(
    call: Call, *, business_id: str, trace_id: str, percent: int, usage: bool, limit: Fault | None
) -> list[tuple[str, str]]:
    """Return the headers of one call's answer; `limit` is the fault that refused it, if one did."""
    version = call.served_version or call.version or ""
    headers = [
        ("facebook-api-version", version),
        ("x-fb-trace-id", trace_id),
        ("content-type", "application/json; charset=UTF-8"),
    ]
    if call.ads and call.version is not None and version != call.version:  # §7
        headers.append(
            (
                "x-ad-api-version-warning",
                f"The call has been auto-upgraded to {version} as {call.version} has been deprecated.",
            )
        )
    if limit is not None and limit.headers is not None:
        return headers + (_usage(call, business_id, 100, limit.minutes) if limit.headers else [])
    return headers + (_usage(call, business_id, percent, 0) if usage else [])


def _usage(call: Call, business_id: str, percent: int, minutes: float) -> list[tuple[str, str]]:
    app = {"call_count": percent, "total_time": percent, "total_cputime": percent}
    headers = [("x-app-usage", to_json(app).decode())]
    if call.ads or minutes:
        entry = {
            "type": "ads_management",
            "call_count": percent,
            "total_cputime": percent,
            "total_time": percent,
            "estimated_time_to_regain_access": minutes,  # §5: minutes
            "ads_api_access_tier": "standard_access",
        }
        headers.append(("x-business-use-case-usage", to_json({business_id: [entry]}).decode()))
    if call.ads and minutes:
        account = {
            "acc_id_util_pct": percent,
            "reset_time_duration": minutes * 60,  # §5: seconds
            "ads_api_access_tier": "standard_access",
        }
        headers.append(("x-ad-account-usage", to_json(account).decode()))
    return headers
