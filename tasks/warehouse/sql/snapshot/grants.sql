-- roster.grants: every interval of every grant. One row per (hub, member, asset, valid_from).
select hub, member_kind, member_id, asset_kind, asset_id, tasks,
    valid_from at time zone 'UTC' as valid_from, valid_to at time zone 'UTC' as valid_to
from grants
order by hub, member_kind, member_id, asset_kind, asset_id, valid_from
