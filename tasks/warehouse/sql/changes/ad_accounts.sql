-- changes/ad_accounts: ad accounts of a hub on which a grant came, went or changed since a time: those whose log at
-- Meta may say by whom. One row per asset_id, at most $most. Parameters: $hub, $since, $most.
select distinct asset_id
from grants
where hub = $hub and asset_kind = 'ad_account' and (valid_from > $since or valid_to > $since)
order by asset_id
limit $most
