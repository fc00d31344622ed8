-- departures: since when those who have left have been gone without a break, as each source says. One row per (source,
-- person_id): source, person_id, left_at. No parameters.
with told as (
    select source, person_id, status, valid_from, valid_to,
        lag(status) over (partition by source, person_id order by valid_from) as status_before
    from people
)

select source, person_id, max(valid_from) filter (where status_before is distinct from 'deprovisioned') as left_at
from told
where status = 'deprovisioned'
group by source, person_id
having bool_or(valid_to is null)
order by source, person_id
