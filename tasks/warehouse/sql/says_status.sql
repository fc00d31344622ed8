-- says_status: whether the last accepted read of each source said of anybody what the status is; where none did, all
-- count as active for want of a word. One row per source. No parameters.
select source, coalesce(list_contains(columns, 'status'), true) as says_status
from directory_reads as r
left join checks as c using (check_id)
where r.accepted
qualify row_number() over (
    partition by source order by c.started_at desc nulls last, r.read_at desc, r.made_at desc
) = 1
order by source
