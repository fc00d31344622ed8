"""Edges of which Meta has rows and this world none: an empty listing, as for a business without any.

Names from meta-graph-api.md §1.1–1.3; fields as the SDK (26.0.3) has them.
"""

from collections.abc import Callable, Mapping, Sequence

from deployments.sandbox.graph.schema import Edge, NodeType
from deployments.sandbox.world import Business, World

_EDGES = {
    "Business": {
        "owned_businesses": "Business",
        "pending_owned_pages": "BusinessPageRequest",
        "pending_client_pages": "BusinessPageRequest",
        "pending_owned_ad_accounts": "BusinessAdAccountRequest",
        "pending_client_ad_accounts": "BusinessAdAccountRequest",
        "owned_pixels": "AdsPixel",
        "client_pixels": "AdsPixel",
        "adspixels": "AdsPixel",
        "owned_instagram_accounts": "IGUser",
        "owned_whatsapp_business_accounts": "WhatsAppBusinessAccount",
        "client_whatsapp_business_accounts": "WhatsAppBusinessAccount",
        "initiated_audience_sharing_requests": "BusinessAssetSharingAgreement",
        "received_audience_sharing_requests": "BusinessAssetSharingAgreement",
    },
    "BusinessUser": {"assigned_whatsapp_business_accounts": "WhatsAppBusinessAccount"},
    "SystemUser": {
        "assigned_whatsapp_business_accounts": "WhatsAppBusinessAccount",
        "assigned_instagram_accounts": "IGUser",
    },
}

_FIELDS = {
    "BusinessPageRequest": "id page",
    "BusinessAdAccountRequest": "id ad_account",
    "BusinessAssetSharingAgreement": "id initiator recipient relationship_type request_status request_type",
    "AdsPixel": """id name code config creation_time creator data_use_setting description duplicate_entries
        automatic_matching_fields can_proxy enable_auto_assign_to_accounts enable_automatic_matching
        event_stats event_time_max event_time_min first_party_cookie_status has_1p_pixel_event
        is_consolidated_container is_created_by_business is_crm is_mta_use is_restricted_use is_unavailable
        last_fired_time last_upload_app last_upload_app_changed_time match_rate_approx matched_entries
        owner_ad_account owner_business usage user_access_expire_time valid_entries""",
    "IGUser": """id ig_id name username biography followers_count follows_count has_profile_pic is_published
        legacy_instagram_user_id media_count owner_business profile_picture_url website""",
    "WhatsAppBusinessAccount": """id name account_review_status business_verification_status country
        creation_time currency health_status is_enabled_for_insights is_shared_with_partners
        message_template_namespace on_behalf_of_business_info owner_business owner_business_info
        ownership_type primary_business_location primary_funding_id purchase_order_number status
        timezone_id""",
}


def bare_types() -> list[NodeType]:
    """Return the types that only these edges list."""
    return [NodeType(name, {}, default=(), known=frozenset(text.split())) for name, text in _FIELDS.items()]


def attach_bare_edges(
    world: World, types: Mapping[str, NodeType], only_ours: Callable[[World, Business], None]
) -> None:
    """Give the node types the edges that list nothing here; of a partner's business they are refused."""

    def nothing(node: object, _: Mapping[str, str]) -> Sequence[object]:
        if isinstance(node, Business):
            only_ours(world, node)
        return ()

    for node_type, edges in _EDGES.items():
        for name, row_type in edges.items():
            types[node_type].edges[name] = Edge(name, row_type, nothing, kept=False)
