"""Points on the app, the business and the line to Meta (meta-graph-api.md §1.1, §5, §7)."""

from datetime import datetime

from matching.preflight.facts import Business, Hub, Line
from matching.preflight.point import Point
from matching.preflight.versions import version_point

MOST_OFF_S = 300.0  # beyond it a check writes nothing (design §7)
ODD_S = 60.0
NEARLY = 80.0  # percent of what Meta allows


def hub_points(hub: Hub, now: datetime) -> list[Point]:
    """Return the points on one hub but for its tokens and Owners."""
    return [
        _app(hub),
        _secret(hub),
        _app_access(hub.business),
        _business(hub),
        _full_control(hub),
        _primary_page(hub.business),
        _verification(hub.business),
        _two_factor(hub.business),
        _admin_system_users(hub),
        version_point(hub.api_version, hub.line.served, now),
        clock_point(hub.line),
        _rate(hub.line),
    ]


def _app(hub: Hub) -> Point:
    tokens = [("token", hub.reader), *([("write_token", hub.writer)] if hub.writer else [])]
    known = [(name, one.app_id) for name, one in tokens if one.app_id is not None]
    wrong = [(name, app) for name, app in known if app != hub.app_id]
    if wrong:
        name, app = wrong[0]
        said = f"{name} is of app {app}, the hub's app_id is {hub.app_id}"
        return Point("app", "broken", said, "set app_id to the token's app, or use a token of that app")
    if not known:
        return Point("app", "unknown", "Meta didn't say which app the token is of")
    return Point("app", "ok", f"the tokens are of app {hub.app_id}")


def _secret(hub: Hub) -> Point:
    tokens = [one for one in (hub.reader, hub.writer) if one is not None]
    if problems := [one.proof_problem for one in tokens if one.proof_problem]:
        return Point("app-secret", "broken", problems[0], "set app_secret to the secret of the token's app")
    if not hub.has_secret:
        said = "none is set, so calls carry no proof: whoever gets hold of a token can use it from anywhere"
        mend = "set app_secret, and switch on 'Require app secret' in the app's settings"
        return Point("app-secret", "look", said, mend)
    if not any(one.proof for one in tokens):
        return Point("app-secret", "unknown", "Meta was not asked with it")
    return Point("app-secret", "ok", "Meta takes the proof that is made with it")


def _app_access(business: Business) -> Point:
    name = "app-access"
    if business.problem:
        return Point(name, "unknown", "the business could not be reached")
    match business.app:
        case "owned":
            return Point(name, "ok", "the app belongs to this business")
        case "shared":
            return Point(name, "ok", "the app is shared with this business")
        case "requested":
            said = "the app was asked for, and its owner hasn't agreed yet ('Request sent')"
            return Point(name, "look", said, "let the app's owner accept the request")
        case "absent":
            return Point(
                name, "look", "the app is not among the apps of this business", "add the app to the business"
            )
    return Point(
        name, "unknown", f"whether the app is in the business was not to be seen: {business.app_unread}"
    )


def _business(hub: Hub) -> Point:
    business = hub.business
    mend = "see that business_id is right, and that the token's system user is of that business"
    if business.problem:
        if hub.reader.problem or hub.line.limited:
            return Point("business", "unknown", business.problem)
        seen = f"; the token sees {', '.join(business.seen)}" if business.seen else ""
        return Point("business", "broken", f"{business.problem}{seen}", mend)
    return Point("business", "ok", f"{business.name or 'without a name'} ({hub.business_id}) can be reached")


def _full_control(hub: Hub) -> Point:
    name, business = "full-control", hub.business
    if business.problem:
        return Point(name, "unknown", "the business could not be reached")
    if business.admins is None:
        said = f"people can't be listed: {business.people_unread}"
        return Point(name, "broken", said, "the token needs business_management, and its user the business")
    said = f"{business.admins} {'person has' if business.admins == 1 else 'people have'} Full control"
    if business.admins < hub.min_admins:
        mend = "give Full control to another person; until then hubroster removes nobody who has it"
        return Point(name, "look", f"{said}, {hub.min_admins} should (min_admins)", mend)
    return Point(name, "ok", said)


def _primary_page(business: Business) -> Point:
    if business.problem:
        return Point("primary-page", "unknown", "the business could not be reached")
    if business.shows_primary_page:
        return Point("primary-page", "ok", "the business has a primary Page")
    said = "Meta shows no primary Page: there is none, or this token may not see it"
    return Point("primary-page", "look", said, "choose one in the business's settings")


def _verification(business: Business) -> Point:
    status = business.verification
    if business.problem or status is None:
        return Point("verification", "unknown", "Meta doesn't say whether the business is verified")
    if status == "verified":
        return Point("verification", "ok", "the business is verified")
    said = f"the business is not verified ({status}): Meta may give its apps less access"
    return Point("verification", "look", said, "verify the business in Meta's Security Center")


def _two_factor(business: Business) -> Point:
    kind = business.two_factor
    if business.problem or kind is None:
        return Point("two-factor", "unknown", "Meta doesn't say who must log in with two factors")
    if kind == "none":
        said = "nobody has to log in with two factors: one stolen password opens the business"
        return Point(
            "two-factor", "look", said, "ask it of everybody, or of those with Full control at least"
        )
    who = {"admin_required": "who has Full control", "all_required": "everybody"}.get(kind, kind)
    return Point("two-factor", "ok", f"two factors are asked of {who}")


def _admin_system_users(hub: Hub) -> Point:
    name, found = "admin-system-users", hub.business.system_users
    if hub.business.problem:
        return Point(name, "unknown", "the business could not be reached")
    if found is None:
        said = f"system users can't be listed: {hub.business.system_users_unread}"
        return Point(name, "broken", said, "the token needs business_management, and its user the business")
    admins = [one for one in found if one.role == "ADMIN"]
    named = ", ".join(f"{one.name} ({one.id})" for one in admins)
    if not admins:
        said = "no system user is an Admin: nothing can be changed by a token"
        return Point(name, "look", said, "make one when changes are wanted")
    if len(admins) > 1:
        said = f"{len(admins)} system users may change everything: {named}"
        return Point(name, "look", said, "know what each is for, and make the others plain ones")
    return Point(name, "ok", f"one may change everything: {named}")


def clock_point(line: Line) -> Point:
    """Return how this machine's clock stands to Meta's."""
    off = line.clock_off_s
    if off is None:
        return Point("clock", "unknown", "no answer of Meta's told its time")
    said = f"this machine's clock is {abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} Meta's"
    if abs(off) > MOST_OFF_S:
        return Point("clock", "broken", f"{said}: nothing is written until it is right", "set it (NTP)")
    if abs(off) > ODD_S:
        return Point("clock", "look", said, "set it (NTP)")
    return Point("clock", "ok", "this machine's clock agrees with Meta's")


def _rate(line: Line) -> Point:
    mend = "see what else uses this app; checks wait as long as [meta] wait_s allows"
    if line.limited:
        return Point("rate", "look", f"Meta limits this app at the moment: {line.limited}", mend)
    used = line.used_percent
    if used is None:
        return Point("rate", "ok", "Meta tells no usage yet, as it does while an app makes few calls")
    said = f"{used:.0f} % of the calls that Meta allows within an hour are used"
    if used >= NEARLY:
        return Point("rate", "look", said, mend)
    return Point("rate", "ok", said)
