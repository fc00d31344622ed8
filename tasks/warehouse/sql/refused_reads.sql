-- refused_reads: why reads of a source were refused since the last accepted one. One row per reason, the newest first.
-- Which came later is told by the checks, whose times never go back, as a clock may. Parameters: $source.
with reads as (
    select r.read_at, r.accepted, r.reason, coalesce(c.started_at, r.read_at) as checked_at
    from directory_reads as r
    left join checks as c using (check_id)
    where r.source = $source
)

select reason, count(*) as reads, min(read_at) as first_at, max(read_at) as last_at
from reads
where not accepted
    and checked_at > coalesce((select max(checked_at) from reads where accepted), timestamptz '1970-01-01 00:00:00+00')
group by reason
order by last_at desc, reason
