-- record/finish: the end of a check. Parameters: $check_id, $finished_at, $complete, $baseline, $report_id,
-- $digest.
update checks set
    finished_at = $finished_at,
    complete = $complete,
    baseline = $baseline,
    report_id = $report_id,
    digest = $digest
where check_id = $check_id
