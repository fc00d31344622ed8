-- merge/close: end the open rows that say something else now, or nothing. Parameters: $at.
update {table} set valid_to = $at
from (
    select {keys} from delta
    union
    (
        select {keys} from {table} where valid_to is null and {scope}
        except
        select {keys} from now_rows
    )
) as moved
where {table}.valid_to is null and {same_key}
