-- newer_directory_reads: accepted reads of a source that know more than this one. One row per read, at most one.
-- A read that is dated after $now tells that the clock went back, not that the source is newer.
-- Parameters: $source, $read_at, $made_at, $now.
select read_id
from directory_reads
where source = $source and accepted and read_at > $read_at and made_at > $made_at and read_at <= $now
limit 1
