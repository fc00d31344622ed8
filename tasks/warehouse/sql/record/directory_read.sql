-- record/directory_read: one read of one source. Parameters: as the columns.
insert into directory_reads (read_id, check_id, source, read_at, made_at, accepted, reason, people, digest, columns)
values ($read_id, $check_id, $source, $read_at, $made_at, $accepted, $reason, $people, $digest, $columns::text[])
on conflict (read_id) do nothing
