-- last_accepted: the last accepted read of a directory source. At most one row. Parameters: $source.
-- The last one is that of the latest check, whose times never go back, as a clock may.
select r.read_id, r.source, r.read_at, r.made_at, r.people, r.digest, coalesce(r.columns, []) as columns
from directory_reads as r
left join checks as c using (check_id)
where r.source = $source and r.accepted
order by c.started_at desc nulls last, r.read_at desc, r.made_at desc
limit 1
