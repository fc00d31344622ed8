"""The users of Microsoft 365, as its admin center exports them.

Users > Active users > Export users. The headers ("User principal name", "Display name", "Block credential",
"Proxy addresses", "Object Id", "Soft deletion time stamp" ...) were looked up in public tools that read such
files, November 2026: Microsoft documents the export, but not its columns. They are read in English; where the
file has others, `columns` says which is which.

The object id is immutable and is the id. "Block credential" True is `suspended`, as in Entra (see entra.py):
the export does not tell a shared mailbox from a person, and blocks both. A soft deletion time makes
`deprovisioned`. There is no user type: guests are known by the #EXT# in their principal name.
"""

from tasks.directory.export import GUEST_MARK, Export, Written, full_names, plain
from tasks.directory.microsoft_addresses import addresses_of
from tasks.directory.people import Values

COLUMNS = {
    "person_id": ("object id",),
    "user_name": ("user principal name", "username"),
    "proxies": ("proxy addresses",),
    "display_name": ("display name",),
    "given_name": ("first name",),
    "family_name": ("last name",),
    "department": ("department",),
    "title": ("title",),
    "country": ("country/region", "countryorregion"),
    "status": ("block credential",),
    "deleted": ("soft deletion time stamp", "soft deletion timestamp"),
}

STATUSES = {"false": "active", "true": "suspended"}


def _people(written: Written) -> Values:
    count = len(written["status"])
    return {
        **plain(written, "person_id", "given_name", "family_name", "department", "title", "country"),
        **addresses_of(written),
        "display_name": full_names(written, count),
        "kind": ["guest" if GUEST_MARK in name else "employee" for name in written["user_name"]],
    }


MICROSOFT_365 = Export(
    name="microsoft_365",
    title="Microsoft 365",
    columns=COLUMNS,
    telling=(frozenset({"user principal name"}), frozenset({"block credential", "display name"})),
    needs=("user_name", "status"),
    statuses=STATUSES,
    people=_people,
)
