"""Names of fields that Meta's nodes have (specs of 2026-04-15, v25): asking for them is no error (§3)."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BUSINESS = _names(
    """block_offline_analytics collaborative_ads_managed_partner_business_info
    collaborative_ads_managed_partner_eligibility collaborative_ads_partner_premium_options
    created_by created_time extended_updated_time id is_hidden link
    marketing_messages_onboarding_status name payment_account_id primary_page profile_picture_uri
    timezone_id two_factor_type updated_by updated_time user_access_expire_time verification_status
    vertical vertical_id whatsapp_business_manager_messaging_limit
    """
)

BUSINESS_USER = _names(
    """business business_role_request email finance_permission first_name id ip_permission last_name
    marked_for_removal name pending_email role tasks title two_fac_status
    """
)

SYSTEM_USER = _names(
    """created_by created_time finance_permission id ip_permission name
    """
)

BUSINESS_ROLE_REQUEST = _names(
    """created_by created_time email expiration_time expiry_time finance_role id invite_link
    invited_user_type ip_role owner role status tasks updated_by updated_time
    """
)

PAGE = _names(
    """about access_token ad_campaign affiliation app_id artists_we_like attire
    available_promo_offer_ids awards band_interests band_members best_page bio birthday
    booking_agent breaking_news_usage built business can_checkin can_post category category_list
    checkins company_overview connected_instagram_account connected_page_backed_instagram_account
    contact_address copyright_attribution_insights copyright_whitelisted_ig_partners
    country_page_likes cover culinary_team current_location delivery_and_pickup_option_info
    description description_html differently_open_offerings directed_by display_subtext
    displayed_message_response_time does_viewer_have_page_permission_link_ig emails engagement
    fan_count featured_video features followers_count food_styles founded general_info
    general_manager genre global_brand_page_name global_brand_root_id has_added_app has_lead_access
    has_transitioned_to_new_page_experience has_whatsapp_business_number has_whatsapp_number
    hometown hours id impressum influences instagram_business_account is_always_open
    is_calling_eligible is_chain is_community_page is_eligible_for_branded_content
    is_eligible_for_disable_connect_ig_btn_for_non_page_admin_am_web
    is_messenger_bot_get_started_enabled is_messenger_platform_bot is_owned is_permanently_closed
    is_published is_unclaimed is_verified is_webhooks_subscribed keywords
    leadgen_tos_acceptance_time leadgen_tos_accepted leadgen_tos_accepting_user link location
    members merchant_id merchant_review_status messaging_feature_status
    messenger_ads_default_icebreakers messenger_ads_default_quick_replies
    messenger_ads_quick_replies_type mini_shop_storefront mission mpg name
    name_with_location_descriptor network new_like_count offer_eligible overall_star_rating
    owner_business page_token parent_page parking payment_options personal_info personal_interests
    pharma_safety_info phone pickup_options place_type plot_outline preferred_audience press_contact
    price_range priority_hours privacy_info_url produced_by products promotion_eligible
    promotion_ineligible_reason public_transit rating_count recipient record_label release_date
    restaurant_services restaurant_specialties schedule screenplay_by season single_line_address
    starring start_info store_code store_location_descriptor store_number studio
    supports_donate_button_in_live_video talking_about_count temporary_status unread_message_count
    unread_notif_count unseen_message_count user_access_expire_time username verification_status
    voip_info website were_here_count whatsapp_number written_by
    """
)

AD_ACCOUNT = _names(
    """account_id account_status ad_account_promotable_objects age agency_client_declaration
    all_capabilities amount_spent attribution_spec balance brand_safety_content_filter_levels
    business business_city business_country_code business_name business_state business_street
    business_street2 business_zip can_create_brand_lift_study capabilities created_time currency
    custom_audience_info default_dsa_beneficiary default_dsa_payor disable_reason end_advertiser
    end_advertiser_name existing_customers expired_funding_source_details
    extended_credit_invoice_group failed_delivery_checks fb_entity funding_source
    funding_source_details has_migrated_permissions has_page_authorized_adaccount id io_number
    is_attribution_spec_system_default is_ba_skip_delayed_eligible is_direct_deals_enabled
    is_in_3ds_authorization_enabled_market is_notifications_enabled is_personal is_prepay_account
    is_tax_id_required liable_address line_numbers marketing_messages_settings media_agency
    min_campaign_group_spend_cap min_daily_budget name offsite_clo_signal_status
    offsite_pixels_tos_accepted opportunity_score owner owner_business partner rf_spec
    send_bill_to_address show_checkout_experience sold_to_address spend_cap tax_id tax_id_status
    tax_id_type timezone_id timezone_name timezone_offset_hours_utc tos_accepted
    user_access_expire_time user_tasks user_tos_accepted viewable_business
    """
)

PRODUCT_CATALOG = _names(
    """ad_account_to_collaborative_ads_share_settings agency_collaborative_ads_share_settings business
    catalog_store commerce_merchant_settings creator_user da_display_settings default_image_url
    fallback_image_url feed_count id is_catalog_segment is_local_catalog name owner_business
    product_count store_catalog_settings user_access_expire_time vertical
    """
)

BUSINESS_ASSET_GROUP = _names(
    """id name owner_business
    """
)

ASSIGNED_USER = _names(
    """business id name user_type
    """
)

AD_ACTIVITY = _names(
    """actor_id actor_name application_id application_name date_time_in_timezone event_time event_type
    extra_data object_id object_name object_type translated_event_type
    """
)
