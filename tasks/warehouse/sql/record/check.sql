-- record/check: a check that was loaded. Parameters: $check_id, $hub, $at, $api_version, $requests, $calls.
insert into checks (check_id, hub, started_at, api_version, requests, calls)
values ($check_id, $hub, $at, $api_version, $requests, $calls)
on conflict (check_id) do update set
    started_at = excluded.started_at,
    api_version = excluded.api_version,
    requests = excluded.requests,
    calls = excluded.calls
