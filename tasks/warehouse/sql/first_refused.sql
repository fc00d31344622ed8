-- first_refused: the first read of a source since the last accepted one that was refused for a reason that begins so.
-- One row, of nulls when there was none. Parameters: $source, $begins.
-- Which came later is told by the checks, whose times never go back, as a clock may.
with reads as (
    select r.read_at, r.made_at, r.accepted, r.reason, coalesce(c.started_at, r.read_at) as checked_at
    from directory_reads as r
    left join checks as c using (check_id)
    where r.source = $source
), accepted as (
    select max(checked_at) as checked_at
    from reads
    where accepted
)

select min(reads.read_at) as read_at, min(reads.made_at) as made_at
from reads
cross join accepted
where not reads.accepted and starts_with(reads.reason, $begins)
    and (accepted.checked_at is null or reads.checked_at > accepted.checked_at)
