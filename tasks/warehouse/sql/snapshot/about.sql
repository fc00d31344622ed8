-- roster.about: what this file is. One row. Parameters: $workspace, $made_at, $masked, $ledger_head.
select $workspace as workspace, $made_at::timestamptz at time zone 'UTC' as made_at,
    (select max(number) from schema_migrations)::integer as schema_version, $masked::boolean as masked,
    $ledger_head::text as ledger_head
