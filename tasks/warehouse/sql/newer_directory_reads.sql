-- newer_directory_reads: accepted reads of a source that know more than this one. One row per read, at most one.
-- Parameters: $source, $read_at, $made_at.
select read_id
from directory_reads
where source = $source and accepted and read_at > $read_at and made_at > $made_at
limit 1
