"""Which tasks Meta takes on which asset (meta-graph-api.md §1.5 box 2, §1.6, §1.7, §2)."""

from deployments.sandbox.world import Asset


def _words(text: str, prefix: str = "") -> tuple[str, ...]:
    return tuple(prefix + word for word in text.split())


# §2: spec v25 and SDK 26.0.3 together, 29 words. Assumption: a Page takes the words of its own vocabulary, of
# which the first two share the list: with the prefix on the new Pages experience, without it elsewhere.
_CLASSIC = _words(
    """ADVERTISE ANALYZE CASHIER_ROLE CREATE_CONTENT GLOBAL_STRUCTURE_MANAGEMENT MANAGE MANAGE_JOBS
    MANAGE_LEADS MESSAGING MODERATE MODERATE_COMMUNITY PAGES_MESSAGING PAGES_MESSAGING_SUBSCRIPTIONS
    READ_PAGE_MAILBOXES VIEW_MONETIZATION_INSIGHTS"""
)
_PROFILE_PLUS = _words(
    """ADVERTISE ANALYZE CREATE_CONTENT CREATIVE_MANAGEMENT CREATOR_MANAGEMENT FACEBOOK_ACCESS
    FULL_CONTROL GLOBAL_STRUCTURE_MANAGEMENT MANAGE MANAGE_LEADS MESSAGING MODERATE
    MODERATE_DELEGATE_COMMUNITY REVENUE""",
    prefix="PROFILE_PLUS_",
)
_LIVE = _words(  # in the order of the one refusal that was seen
    """FULL_CONTROL CONTENT MESSAGES COMMUNITY_ACTIVITY ADVERTISE ANALYZE IG_APP_ADMIN IG_APP SPARK_INSIGHTS
    SPARK_PUBLISH SPARK_EVERYTHING CREATOR_MANAGEMENT CREATIVE_MANAGEMENT"""
)
_BY_VOCABULARY = {"classic": _CLASSIC, "profile_plus": _PROFILE_PLUS, "live": _LIVE}
_AD_ACCOUNT = ("MANAGE", "ADVERTISE", "ANALYZE", "DRAFT", "AA_ANALYZE")
_CATALOG = ("MANAGE", "ADVERTISE", "MANAGE_AR", "AA_ANALYZE")

# §1.7: what POST assigned_users of an asset group takes, each for the assets of one kind in it.
GROUP_TASKS: dict[str, tuple[str, ...]] = {
    "page_tasks": (*_CLASSIC, *_PROFILE_PLUS),
    "adaccount_tasks": _AD_ACCOUNT,
    "pixel_tasks": ("AA_ANALYZE", "ADVERTISE", "ANALYZE", "EDIT", "UPLOAD"),
    "offline_conversion_data_set_tasks": ("AA_ANALYZE", "ADVERTISE", "MANAGE", "UPLOAD", "VIEW"),
}


def words_for(asset: Asset) -> tuple[str, ...]:
    """Return the tasks that Meta takes on a Page, ad account or catalog."""
    if asset.kind == "page":
        return _BY_VOCABULARY[asset.vocabulary]
    return _AD_ACCOUNT if asset.kind == "ad_account" else _CATALOG
