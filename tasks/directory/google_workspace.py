"""The users of Google Workspace, as the Admin console downloads them.

Directory > Users > Download users, "All user info columns", CSV. The headers are those of Google's own
template for bulk updates ("First Name [Required]", "Email Address [Required]", "Status [READ ONLY]" ...),
looked up in public tools that read or write it and in "Add or update multiple users from a CSV file"
(support.google.com/cloudidentity/answer/40057), November 2026. "[Required]" and its like may be missing. The
headers are read in English.

There is no immutable id in the download: the address is the id, unless `columns = {person_id = "Employee
ID"}` says otherwise. There are no aliases either; the secondary addresses that an administrator entered stand
in for them. "Recovery Email" is the user's own to set and never counts.
"""

from tasks.directory.export import Export, Written, full_names, plain
from tasks.directory.people import Values

COLUMNS = {
    "primary_email": ("email address", "primary email"),
    "given_name": ("first name",),
    "family_name": ("last name",),
    "status": ("status",),
    "department": ("department",),
    "title": ("employee title",),
    "manager_id": ("manager email",),
    "work_secondary": ("work secondary email",),
    "home_secondary": ("home secondary email",),
}

STATUSES = {
    "active": "active",
    "suspended": "suspended",  # by an administrator or by Google itself: it can be lifted, and says no reason
    "archived": "deprovisioned",  # Google: "archive former employee accounts"
    "deleted": "deprovisioned",
}


def _people(written: Written) -> Values:
    count = len(written["primary_email"])
    second = [written.get(key) or [""] * count for key in ("work_secondary", "home_secondary")]
    return {
        **plain(written, "primary_email", "given_name", "family_name", "status", "department", "title"),
        **plain(written, "manager_id"),
        "display_name": full_names(written, count),
        "aliases": [[one for one in ones if one.strip()] for ones in zip(*second, strict=True)],
    }


GOOGLE_WORKSPACE = Export(
    name="google_workspace",
    title="Google Workspace",
    columns=COLUMNS,
    telling=(
        frozenset({"email address", "org unit path"}),
        frozenset({"email address", "last sign in"}),
        frozenset({"email address", "first name", "last name", "status"}),
    ),
    needs=("primary_email", "status"),
    statuses=STATUSES,
    people=_people,
)
