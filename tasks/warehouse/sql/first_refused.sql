-- first_refused: the first read of a source after the last accepted one that was refused for a reason that begins so.
-- One row, of nulls when there was none. Parameters: $source, $begins.
with accepted as (
    select max(read_at) as read_at
    from directory_reads
    where source = $source and accepted
)

select min(r.read_at) as read_at, min(r.made_at) as made_at
from directory_reads as r, accepted
where r.source = $source and not r.accepted and starts_with(r.reason, $begins)
    and (accepted.read_at is null or r.read_at > accepted.read_at)
