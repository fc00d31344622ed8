"""The users of Okta, as CSV: Okta's own reports and the exports of its users API.

Okta's console has no export of all people with their ids; what is at hand are reports with Login and Status
(help.okta.com, "Okta Password Health Report"), and files made from the users API: `id`, `status`,
`profile.login` ... or the same without `profile.` (developer.okta.com, "Use Okta like a Rockstar"). The
statuses are those of support.okta.com, "How to understand the different user statuses in the Admin Console",
by the API's word and by the console's. Looked up in November 2026.

`id` is immutable; without that column the address is the id. `secondEmail` is the user's own to set and never
counts. An export without status is refused: those who were deactivated would be colleagues again.
"""

from tasks.directory.export import Export, Written, full_names, plain
from tasks.directory.people import Values


def _called(*names: str) -> tuple[str, ...]:
    return tuple(prefix + name for name in names for prefix in ("", "profile.", "user."))


COLUMNS = {
    "person_id": ("id", "user.id", "user id", "userid", "okta id", "okta user id"),
    "login": (*_called("login"), "okta username", "username"),
    "email": (*_called("email"), "primary email"),
    "given_name": (*_called("firstname"), "first name"),
    "family_name": (*_called("lastname"), "last name"),
    "display_name": (*_called("displayname"), "display name", "user", "user fullname", "user full name"),
    "status": ("status", "user.status", "user status", "okta user status"),
    "department": _called("department"),
    "title": _called("title"),
    "country": (*_called("countrycode"), "country code"),
}

STATUSES = {
    "active": "active",
    "recovery": "active",
    "password reset": "active",
    "password expired": "active",
    "locked out": "active",
    # not begun: nothing is concluded about them, and they approve nothing
    "staged": "suspended",
    "provisioned": "suspended",
    "pending user action": "suspended",
    "suspended": "suspended",
    "deprovisioned": "deprovisioned",
    "deactivated": "deprovisioned",
}


def _people(written: Written) -> Values:
    count = len(written["status"])
    logins, emails = (written.get(key) or [""] * count for key in ("login", "email"))
    addresses = [
        email.strip() or (login.strip() if "@" in login else "")
        for login, email in zip(logins, emails, strict=True)
    ]
    others = zip(logins, addresses, strict=True)
    return {
        **plain(
            written, "person_id", "given_name", "family_name", "status", "department", "title", "country"
        ),
        "user_name": logins,
        "primary_email": addresses,
        "aliases": [
            [login] if "@" in login and login.strip().lower() != address.lower() else []
            for login, address in others
        ],
        "display_name": full_names(written, count),
    }


OKTA = Export(
    name="okta",
    title="Okta",
    columns=COLUMNS,
    telling=(
        frozenset({"login", "status"}),
        frozenset({"login", "firstname"}),
        frozenset({"profile.login"}),
        frozenset({"user.login"}),
        frozenset({"okta username"}),
        frozenset({"okta user status"}),
    ),
    needs=("login", "status"),
    statuses=STATUSES,
    people=_people,
)
