-- record/edges: how completely each edge was read. Parameters: $check_id, $hub, and lists of equal length.
insert into edges (check_id, hub, edge, scope, pages, rows, total, complete, required, reason)
select $check_id, $hub, unnest($edge::text[]), unnest($scope::text[]), unnest($pages::integer[]),
    unnest($rows::integer[]), unnest($total::integer[]), unnest($complete::boolean[]),
    unnest($required::boolean[]), unnest($reason::text[])
