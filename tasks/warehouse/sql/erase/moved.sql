-- erase/moved: every row of a table into the file that takes the warehouse's place. In braces: a name from
-- tasks/warehouse/erase.py.
insert into fresh.{table} by name
from {table}
