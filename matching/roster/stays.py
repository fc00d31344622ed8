"""Which stay each seat belongs to: the history of one person's seat in one hub (design §1)."""

import pandas as pd


def assign_stays(seats: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Return one row per seat: stay_id, kind, member_id, in the order of `seats`.

    `seats`: one row per present seat of one hub: kind, member_id, business_role_request_id.
    `earlier`: one row per seat ever seen in that hub: stay_id, kind, member_id.
    A seat that was seen before keeps its stay. A new Meta id joins an old stay only as the user whom an
    invitation of that stay became; an equal name or address never joins two stays. Of several users who name
    the same invitation one has its stay: a second seat never inherits a link.
    """
    known = earlier.drop_duplicates(["kind", "member_id"], keep="last").set_index(["kind", "member_id"])[
        "stay_id"
    ]
    seats = seats.reset_index(drop=True)
    own = _looked_up(known, seats["kind"], seats["member_id"])
    invited = pd.Series("pending", index=seats.index)
    by_invitation = _looked_up(known, invited, seats["business_role_request_id"]).where(
        seats["kind"] == "user"
    )
    new = seats["kind"] + ":" + seats["member_id"]
    # The invitation may be seen for the first time together with the user whom it became.
    first_invitation = ("pending:" + seats["business_role_request_id"]).where(
        (seats["kind"] == "user") & seats["business_role_request_id"].notna()
    )
    stay = own.fillna(by_invitation).fillna(first_invitation).fillna(new)
    claims = pd.DataFrame({"stay": stay, "is_new": own.isna(), "member_id": seats["member_id"]})
    in_turn = claims[seats["kind"] == "user"].sort_values(["is_new", "member_id"])
    late = in_turn.index[in_turn.duplicated("stay")]
    stay = stay.where(~stay.index.isin(late), new)
    return pd.DataFrame({"stay_id": stay, "kind": seats["kind"], "member_id": seats["member_id"]})


def _looked_up(known: pd.Series, kinds: pd.Series, ids: pd.Series) -> pd.Series:
    if known.empty or ids.empty:
        return pd.Series(None, index=ids.index, dtype="object")
    index = pd.MultiIndex.from_arrays([kinds, ids])
    return pd.Series(known.reindex(index).to_numpy(), index=ids.index, dtype="object")
