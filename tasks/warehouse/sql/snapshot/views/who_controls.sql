-- roster.who_controls: who controls each Page and ad account, over all hubs. One row per (asset_kind, asset_id).
with seen as (
    select kind as asset_kind, asset_id, name as asset_name
    from roster.assets
    where valid_to is null and kind in ('page', 'ad_account')
),

controls as (
    select asset_kind, asset_id, count(*) filter (where member_kind = 'user') as controllers,
        count(*) filter (where member_kind = 'system') as system_users,
        list(member_name order by hub, member_id) filter (where member_kind = 'user') as controller_names, -- personal
        count(distinct person_id) filter (
            where member_kind = 'user' and person_kind = 'employee' and person_status = 'active'
        ) as active_employees
    from roster.access
    where controls
    group by asset_kind, asset_id
)

select asset_kind, asset_id, s.asset_name, coalesce(c.controllers, 0) as controllers,
    coalesce(c.active_employees, 0) as active_employees,
    c.controller_names, -- personal
    coalesce(c.system_users, 0) as system_users
from seen as s
left join controls as c using (asset_kind, asset_id)
