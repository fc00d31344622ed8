-- erase/renamed: the checks of a hub with the names that stay of them. A temporary table: check_id, new_id. Parameters: $hub.
create or replace temp table renamed_checks as
select check_id, 'erased-' || uuid()::text as new_id
from checks
where hub = $hub
