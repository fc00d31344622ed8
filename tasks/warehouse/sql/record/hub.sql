-- record/hub: the hub as it is connected now. Parameters: $hub, $business_id, $business_name, $graph_url,
-- $app_id, $login_method.
insert into hubs (hub, business_id, business_name, graph_url, app_id, login_method)
values ($hub, $business_id, $business_name, $graph_url, $app_id, $login_method)
on conflict (hub) do update set
    business_id = excluded.business_id,
    business_name = coalesce(excluded.business_name, business_name),
    graph_url = excluded.graph_url,
    app_id = excluded.app_id,
    login_method = excluded.login_method
