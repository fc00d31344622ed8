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
    `controllers`: one row per (asset, member) with control, over all hubs: ASSET, MEMBER.
    `leavers`: one row per seat that is proposed for removal: MEMBER. They all count as gone, so two leavers
    who control a Page between them don't cover for each other. System users are nobody.
    `left_with` is nobody, one or several; unknown where nobody is seen but a partner may be in control;
    and None where the leaver doesn't control the asset.
    """
    people = controllers[controllers["member_kind"] == "user"]
    stay = people.merge(leavers[MEMBER].drop_duplicates(), on=MEMBER, how="left", indicator=True)
    stay = stay[stay["_merge"] == "left_only"]
    others = (
        stay.drop_duplicates(ASSET + MEMBER).groupby(ASSET).size().rename("others_in_control").reset_index()
    )
    found = rights.merge(others, on=ASSET, how="left")
    count = found["others_in_control"].fillna(0).astype("int64")
    nobody = "unknown" if partners_unseen else "nobody"
    left_with = np.select([count == 0, count == 1], [nobody, "one"], default="several")
    found["others_in_control"] = count
    found["left_with"] = pd.Series(left_with, index=found.index, dtype="object").where(
        found["controls"], None
    )
    return found


def last_in_control(found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `consequences` that would leave a guarded asset with nobody that we can see."""
    guarded = found["asset_kind"].isin(GUARDED_KINDS)
    return found[guarded & found["left_with"].isin(["nobody", "unknown"])]
