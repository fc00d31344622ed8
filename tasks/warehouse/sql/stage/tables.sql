-- stage/tables: empty temporary tables for what one check read, as received. `raw_closing` has one row per
-- (family, kind, relation) whose edge was read to its last page: only there may the merge close rows.
-- Not null: by the name of its file it is known what a row is, and rows that fit none would look gone.
create or replace temp table raw_members (
    kind text not null, id text, name text, first_name text, last_name text, email text, role text, title text,
    finance_permission text, ip_permission text, two_fac_status text, pending_email text,
    marked_for_removal text, status text, created_time text, expiration_time text,
    business_role_request text, created_by text
);
create or replace temp table raw_assets (
    kind text not null, relation text not null, id text, name text, owner_business text,
    owner_business_name text, status text, permitted_tasks text[]
);
create or replace temp table raw_partners (relation text not null, id text, name text);
create or replace temp table raw_grants (
    asset_kind text not null, member_kind text, member_id text, id text, name text, tasks text[]
);
create or replace temp table raw_grant_reads (asset_kind text not null, member_kind text, member_id text);
create or replace temp table raw_closing (family text, kind text, relation text);
