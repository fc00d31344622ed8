-- snapshot_table: an empty table of a snapshot. In braces: names and a query from tasks/warehouse/snapshot_build.py.
create table snapshot.roster.{table} as
select {columns} from ({rows}) as found
limit 0
