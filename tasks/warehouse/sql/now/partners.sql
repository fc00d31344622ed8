-- now/partners: what partners should say now. One row per (relation, business_id) of a hub. Parameters: $hub.
with open_rows as (
    select relation, business_id, name
    from partners
    where hub = $hub and valid_to is null
),

read_rows as (
    select relation, id as business_id, max(name) as name
    from raw_partners
    group by relation, id
)

select $hub as hub, relation, business_id, coalesce(r.name, o.name) as name
from read_rows as r
left join open_rows as o using (relation, business_id)

union all

select $hub as hub, o.relation, o.business_id, o.name
from open_rows as o
anti join read_rows as r using (relation, business_id)
where o.relation not in (select relation from raw_closing where family = 'partners')
