-- erase/rows: what a table holds of a hub. In braces: a name from tasks/warehouse/erase.py. Parameters: $hub.
delete from {table}
where hub = $hub
