-- snapshot_rows: the rows of such a table. In braces: names and a query from tasks/warehouse/snapshot_build.py.
insert into snapshot.roster.{table}
select {columns} from ({rows}) as found
