-- roster.grants_now: the grants that hold now. One row per (hub, member, asset).
select g.hub, g.member_kind, g.member_id, g.asset_kind, g.asset_id, a.name as asset_name, g.tasks,
    g.valid_from as since
from roster.grants as g
left join roster.assets as a on a.kind = g.asset_kind and a.asset_id = g.asset_id and a.valid_to is null
where g.valid_to is null
