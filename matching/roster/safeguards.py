"""What holds a removal back, each safeguard with its own sentence (design §10)."""

import pandas as pd

FULL_CONTROL = "ADMIN"


def unread_members(incomplete: tuple[str, ...]) -> str | None:
    """Return the sentence for removals that rest on listings which were not read to the end, or None.

    `incomplete` names the edges among business_users and pending_users that were not complete.
    """
    if not incomplete:
        return None
    return f"Held back: {' and '.join(incomplete)} could not be read to the end, and a removal rests on them."


def unread_directory(source: str, refused: tuple[str, ...]) -> str | None:
    """Return the sentence for a leaver whose directory source this check could not go by, or None."""
    if source not in refused:
        return None
    return f"Held back: the directory source {source} was refused or not read, and a removal rests on it."


def too_few_admins(admins: pd.DataFrame, leavers: set[tuple[str, str]], min_admins: int) -> str | None:
    """Return the sentence that holds leavers with Full control back, or None when enough others stay.

    `admins`: one row per user with Full control: kind, member_id, is_active_employee (of the linked person).
    `leavers` are (kind, member_id); none of them is counted.
    """
    keys = list(zip(admins["kind"], admins["member_id"], strict=True))
    staying = sum(
        bool(active)
        for key, active in zip(keys, admins["is_active_employee"], strict=True)
        if key not in leavers
    )
    if staying >= min_admins:
        return None
    return (
        f"Held back: {staying} {_people(staying)} with Full control would remain who are linked to active "
        f"employees, and {min_admins} are needed. Match or promote somebody first."
    )


def nobody_left(assets: list[str], *, unknown: bool) -> str | None:
    """Return the sentence for a leaver who is the last in control of Pages or ad accounts, or None.

    `assets` are their names; `unknown` says that a partner we can't see into may control them as well.
    """
    if not assets:
        return None
    shown = ", ".join(assets[:3]) + (f" and {len(assets) - 3} more" if len(assets) > 3 else "")
    who = "nobody else that we can see controls" if unknown else "nobody else controls"
    return f"Held back: {who} {shown}. Give somebody else full control there first."


def _people(count: int) -> str:
    return "person" if count == 1 else "people"
