-- record/check: a check that was loaded. Parameters: $check_id, $hub, $at, $api_version, $requests, $calls,
-- $waited_s.
insert into checks (check_id, hub, started_at, api_version, requests, calls, waited_s)
values ($check_id, $hub, $at, $api_version, $requests, $calls, $waited_s)
on conflict (check_id) do update set
    started_at = excluded.started_at,
    api_version = excluded.api_version,
    requests = excluded.requests,
    calls = excluded.calls,
    waited_s = excluded.waited_s
