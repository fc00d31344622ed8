"""The users of Microsoft Entra ID, as its admin center downloads them.

Users > All users > Download users. The columns are those of learn.microsoft.com, "Download a list of users"
(entra/identity/users/users-bulk-download); newer files call `objectId` `id` and add `createdDateTime` and
others. accountEnabled is True or False. Looked up in November 2026; these headers are not localised.

The object id is immutable and is the id. A disabled account is `suspended`, since Entra disables shared
mailboxes and people on leave as well as leavers: where only leavers are disabled, `statuses = {False =
"deprovisioned"}` says so. Deleted users are not in the file: `absence = "left"`. `alternateEmailAddress` and
`authenticationEmail` are the user's own to set and never count.
"""

from tasks.directory.export import GUEST_MARK, Export, Written, full_names, plain
from tasks.directory.microsoft_addresses import addresses_of
from tasks.directory.people import Values
from tasks.errors import DirectoryError

COLUMNS = {
    "person_id": ("objectid", "id"),
    "user_name": ("userprincipalname",),
    "mail": ("mail",),
    "proxies": ("proxyaddresses",),
    "display_name": ("displayname",),
    "given_name": ("givenname",),
    "family_name": ("surname",),
    "department": ("department",),
    "title": ("jobtitle",),
    "country": ("country",),
    "user_type": ("usertype",),
    "status": ("accountenabled",),
    "deleted": ("deleteddatetime",),
}

STATUSES = {"true": "active", "false": "suspended"}
# an account of before 2014 has no type, and is a member's
KINDS = {"member": "employee", "": "employee", "guest": "guest"}


def _people(written: Written) -> Values:
    count = len(written["status"])
    return {
        **plain(written, "person_id", "given_name", "family_name", "department", "title", "country"),
        **addresses_of(written),
        "display_name": full_names(written, count),
        "kind": _kinds(written, count),
    }


def _kinds(written: Written, count: int) -> list[str]:
    types = written.get("user_type") or [""] * count
    kinds = [KINDS.get(one.strip().casefold()) for one in types]
    if unknown := kinds.count(None):
        raise DirectoryError(f"has a userType in {unknown} rows that is neither Member nor Guest")
    return [
        "guest" if GUEST_MARK in name else kind or ""
        for name, kind in zip(written["user_name"], kinds, strict=True)
    ]


ENTRA = Export(
    name="entra",
    title="Microsoft Entra ID",
    columns=COLUMNS,
    telling=(frozenset({"userprincipalname"}),),
    needs=("user_name", "status"),
    statuses=STATUSES,
    people=_people,
)
