-- merge/delta: the rows that the table doesn't say yet. In braces: names from tasks/warehouse/intervals.py.
create or replace temp table delta as
select {columns} from now_rows
except
select {columns} from {table} where valid_to is null and {scope}
