"""What a removal would leave behind: for each asset of a leaver, who else controls it (design §9, §10)."""

import numpy as np
import pandas as pd

ASSET = ["asset_kind", "asset_id"]
MEMBER = ["hub", "member_kind", "member_id"]
# Whether somebody is left matters for what has one owner and costs money: Pages and ad accounts (design §10).
GUARDED_KINDS = ("page", "ad_account")


def consequences(
    rights: pd.DataFrame, controllers: pd.DataFrame, leavers: pd.DataFrame, *, partners_unseen: bool
) -> pd.DataFrame:
    """Return the leavers' rights with `others_in_control` and `left_with`, one row per (leaver, asset).

    `rights`: one row per grant of a leaver, with MEMBER, ASSET, `tasks`, `controls` (bool).
    `controllers`: one row per (asset, member) with control, over all hubs: ASSET, MEMBER, `has_left` (the
    person has left the company, by another hub's links as well), `is_read` (in this check, where it is of
    this hub).
    `leavers`: one row per seat that is proposed for removal: MEMBER. They all count as gone, so two leavers
    who control a Page between them don't cover for each other. System users are nobody.
    `left_with` is nobody, one or several; unknown where nobody is seen but a partner may be in control, or
    somebody whose rights could not be read; and None where the leaver doesn't control the asset.
    """
    people = controllers[(controllers["member_kind"] == "user") & ~controllers["has_left"].astype(bool)]
    stay = people.merge(leavers[MEMBER].drop_duplicates(), on=MEMBER, how="left", indicator=True)
    stay = stay[stay["_merge"] == "left_only"].drop_duplicates(ASSET + MEMBER)
    is_read = stay["is_read"].astype(bool)
    counts = pd.DataFrame({"others_in_control": is_read, "unread": ~is_read}).groupby(
        [stay[c] for c in ASSET]
    )
    found = rights.merge(counts.sum().reset_index(), on=ASSET, how="left")
    count = found["others_in_control"].fillna(0).astype("int64")
    unseen = partners_unseen | (found.pop("unread").fillna(0) > 0)
    left_with = np.select(
        [(count == 0) & unseen, count == 0, count == 1], ["unknown", "nobody", "one"], default="several"
    )
    found["others_in_control"] = count
    found["left_with"] = pd.Series(left_with, index=found.index, dtype="object").where(
        found["controls"], None
    )
    return found


def last_in_control(found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `consequences` that would leave a guarded asset with nobody that we can see."""
    guarded = found["asset_kind"].isin(GUARDED_KINDS)
    return found[guarded & found["left_with"].isin(["nobody", "unknown"])]
