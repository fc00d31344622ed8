"""The roles that can be given (meta-graph-api.md §2), and what is left of them when a user is read."""

from collections.abc import Collection

from deployments.sandbox.world.state import User

ROLES = (
    "ADMIN",
    "ADS_RIGHTS_REVIEWER",
    "DEFAULT",
    "DEVELOPER",
    "EMPLOYEE",
    "FINANCE_ANALYST",
    "FINANCE_EDIT",
    "FINANCE_EDITOR",
    "FINANCE_VIEW",
    "MANAGE",
    "PARTNER_CENTER_ADMIN",
    "PARTNER_CENTER_ANALYST",
    "PARTNER_CENTER_EDUCATION",
    "PARTNER_CENTER_MARKETING",
    "PARTNER_CENTER_OPERATIONS",
)
# §2: finance shows in `finance_permission`; that the two spellings mean the same is an inference of §2.
_FINANCE = {
    "FINANCE_EDITOR": "EDITOR",
    "FINANCE_EDIT": "EDITOR",
    "FINANCE_ANALYST": "ANALYST",
    "FINANCE_VIEW": "ANALYST",
}


def base_role(given: Collection[str]) -> str:
    """Return the role that is read back: §2, only base roles are. Assumption: the others are employees."""
    return next((one for one in ("ADMIN", "DEVELOPER") if one in given), "EMPLOYEE")


def add_permissions(user: User, given: Collection[str]) -> None:
    """Give the user the finance and ads-rights permissions among the roles.

    Assumption: a base role leaves those alone that the user has.
    """
    for name, permission in _FINANCE.items():
        if name in given:
            user.finance_permission = permission
            break
    if "ADS_RIGHTS_REVIEWER" in given:
        user.ip_permission = "Reviewer"
