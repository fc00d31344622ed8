-- merge/open: begin a row for what the table doesn't say yet. Parameters: $at.
insert into {table} ({columns}, valid_from, valid_to)
select {columns}, $at, null from delta
