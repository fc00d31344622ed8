-- What Meta and the directory said, when, how completely (design §2.1, §6).
-- Ids are text, times UTC. A table with valid_from and valid_to holds intervals: the open row has no valid_to,
-- an interval begins and ends at the start of the check that first saw, or first missed, what it says.
-- No primary keys on intervals: an index would slow the merge, which itself keeps one open row per key.

create table hubs (
    hub text primary key, business_id text, business_name text, graph_url text, app_id text,
    login_method text
);
comment on table hubs is 'Hubs: connected Meta business portfolios. One row per hub.';
comment on column hubs.hub is 'Label of the hub in hubroster''s configuration';
comment on column hubs.business_id is 'Meta''s id of the business portfolio';
comment on column hubs.business_name is 'Name of the portfolio at Meta, as last read';
comment on column hubs.graph_url is 'Graph API that the hub is read from';
comment on column hubs.app_id is 'Meta app that reads the hub';
comment on column hubs.login_method is 'How members log in: sso or password';

create table checks (
    check_id text primary key, hub text, started_at timestamptz, finished_at timestamptz,
    complete boolean, baseline boolean, report_id text, digest text, api_version text, requests integer,
    calls integer
);
comment on table checks is 'Checks for updates. One row per check.';
comment on column checks.check_id is 'Id of the check';
comment on column checks.hub is 'Label of the hub that was checked';
comment on column checks.started_at is 'Start of the check; later than that of every check loaded before, also where the clock went back';
comment on column checks.finished_at is 'End of the check; null when it did not finish';
comment on column checks.complete is 'Whether every required edge was read to its last page; null when the check did not finish';
comment on column checks.baseline is 'Whether it is the hub''s first complete check, which reports no changes';
comment on column checks.report_id is 'Report that the check made';
comment on column checks.digest is 'Digest of that report';
comment on column checks.api_version is 'Version of the Graph API that was asked for';
comment on column checks.requests is 'HTTP requests to Meta';
comment on column checks.calls is 'Calls as Meta counts them: each item of a batch is one';

create table edges (
    check_id text, hub text, edge text, scope text, pages integer, rows integer, total integer,
    complete boolean, required boolean, reason text
);
comment on table edges is 'How completely each edge was read. One row per check and edge, and one more per scope with a gap.';
comment on column edges.check_id is 'Check that read the edge';
comment on column edges.hub is 'Label of the hub';
comment on column edges.edge is 'Meta''s path name, such as business_users or assigned_pages';
comment on column edges.scope is 'Empty for the whole edge, else the member (kind:id) whose edge has a gap; * is all of the kind';
comment on column edges.pages is 'Answers read: pages, expansions and batch items';
comment on column edges.rows is 'Rows read';
comment on column edges.total is 'Rows that Meta announced in summary.total_count, where it did';
comment on column edges.complete is 'Whether it was read to its last page';
comment on column edges.required is 'Whether a check without it is incomplete';
comment on column edges.reason is 'Why it is not complete; null when it is';

create table directory_reads (
    read_id text primary key, check_id text, source text, read_at timestamptz, made_at timestamptz,
    accepted boolean, reason text, people integer, digest text
);
comment on table directory_reads is 'Reads of the workspace directory. One row per check and source.';
comment on column directory_reads.read_id is 'Id of the read: check and source';
comment on column directory_reads.check_id is 'Check that read it';
comment on column directory_reads.source is 'Directory source';
comment on column directory_reads.read_at is 'When it was read';
comment on column directory_reads.made_at is 'When the source itself was made, such as the file''s own time';
comment on column directory_reads.accepted is 'Whether it was accepted; a refused read changes nobody';
comment on column directory_reads.reason is 'Why it was refused; null when it was accepted';
comment on column directory_reads.people is 'People in it';
comment on column directory_reads.digest is 'Digest of its content, by which an Owner can accept it';

create table members (
    hub text, kind text, member_id text, name text, first_name text, last_name text, email text,
    role text, title text, finance_permission text, ip_permission text, two_fac_status text,
    pending_email text, marked_for_removal boolean, status text, created_at timestamptz,
    expires_at timestamptz, business_role_request_id text, created_by text, valid_from timestamptz,
    valid_to timestamptz
);
comment on table members is 'Seats in a hub. One row per hub, kind, member_id and interval.';
comment on column members.hub is 'Label of the hub';
comment on column members.kind is 'user (BusinessUser), pending (an invitation) or system (SystemUser)';
comment on column members.member_id is 'Meta''s id of the seat';
comment on column members.name is 'Name as the member chose it at Meta';
comment on column members.first_name is 'First name at Meta';
comment on column members.last_name is 'Last name at Meta';
comment on column members.email is 'Address as Meta last showed it; Meta hides many';
comment on column members.role is 'App role in Meta''s own word, such as ADMIN (Full control) or EMPLOYEE (Basic)';
comment on column members.title is 'Job title at Meta';
comment on column members.finance_permission is 'Meta''s finance_permission, verbatim';
comment on column members.ip_permission is 'Meta''s ip_permission, verbatim';
comment on column members.two_fac_status is 'Meta''s two_fac_status, verbatim';
comment on column members.pending_email is 'Address that waits for confirmation';
comment on column members.marked_for_removal is 'Whether Meta says that the seat is about to be removed';
comment on column members.status is 'Invitations: Meta''s status, such as PENDING or EXPIRED';
comment on column members.created_at is 'When the invitation or system user was made';
comment on column members.expires_at is 'When the invitation runs out';
comment on column members.business_role_request_id is 'Invitation that the seat came from, where Meta says so';
comment on column members.created_by is 'Id of the member who made the invitation or system user';
comment on column members.valid_from is 'Start of the interval';
comment on column members.valid_to is 'End of the interval; null while it is open';

create table assets (
    kind text, asset_id text, name text, owner_business_id text, owner_business_name text, status text,
    valid_from timestamptz, valid_to timestamptz
);
comment on table assets is 'Assets: one in the world, whichever hubs see it. One row per kind, asset_id and interval.';
comment on column assets.kind is 'page, ad_account, product_catalog or business_asset_group';
comment on column assets.asset_id is 'Id as Meta writes it; ad accounts begin with act_';
comment on column assets.name is 'Name at Meta';
comment on column assets.owner_business_id is 'Business that owns it, where Meta says so';
comment on column assets.owner_business_name is 'Name of the owning business';
comment on column assets.status is 'Meta''s status of the asset, verbatim';
comment on column assets.valid_from is 'Start of the interval';
comment on column assets.valid_to is 'End of the interval; null while it is open';

create table hub_assets (
    hub text, kind text, asset_id text, relation text, sharing_business_id text, permitted_tasks text[],
    valid_from timestamptz, valid_to timestamptz
);
comment on table hub_assets is 'Which hub sees which asset, and as what. One row per hub, kind, asset_id and interval.';
comment on column hub_assets.hub is 'Label of the hub';
comment on column hub_assets.kind is 'Kind of the asset';
comment on column hub_assets.asset_id is 'Id of the asset';
comment on column hub_assets.relation is 'owned, client (another business shares it), or seen (known only through a grant)';
comment on column hub_assets.sharing_business_id is 'Business that shares it, for client assets';
comment on column hub_assets.permitted_tasks is 'Tasks that the sharing business allows, where Meta says so';
comment on column hub_assets.valid_from is 'Start of the interval';
comment on column hub_assets.valid_to is 'End of the interval; null while it is open';

create table partners (
    hub text, relation text, business_id text, name text, valid_from timestamptz, valid_to timestamptz
);
comment on table partners is 'Partner businesses. One row per hub, relation, business_id and interval.';
comment on column partners.hub is 'Label of the hub';
comment on column partners.relation is 'agency (works on our assets) or client (we work on theirs)';
comment on column partners.business_id is 'Meta''s id of the partner';
comment on column partners.name is 'Name of the partner';
comment on column partners.valid_from is 'Start of the interval';
comment on column partners.valid_to is 'End of the interval; null while it is open';

create table grants (
    hub text, member_kind text, member_id text, asset_kind text, asset_id text, tasks text[],
    valid_from timestamptz, valid_to timestamptz
);
comment on table grants is 'What each member may do with each asset. One row per hub, member, asset and interval.';
comment on column grants.hub is 'Label of the hub';
comment on column grants.member_kind is 'Kind of the member: user or system';
comment on column grants.member_id is 'Id of the member';
comment on column grants.asset_kind is 'Kind of the asset';
comment on column grants.asset_id is 'Id of the asset';
comment on column grants.tasks is 'Tasks in Meta''s own words, sorted';
comment on column grants.valid_from is 'Start of the interval';
comment on column grants.valid_to is 'End of the interval; null while it is open';

create table people (
    source text, person_id text, user_name text, given_name text, family_name text, display_name text,
    primary_email text, aliases text[], department text, title text, manager_id text, country text,
    kind text, status text, groups text[], valid_from timestamptz, valid_to timestamptz
);
comment on table people is 'Entries of the directory. One row per source, person_id and interval.';
comment on column people.source is 'Directory source';
comment on column people.person_id is 'Id of the person in that source';
comment on column people.user_name is 'Login name';
comment on column people.given_name is 'Given name';
comment on column people.family_name is 'Family name';
comment on column people.display_name is 'Name as shown';
comment on column people.primary_email is 'Main address';
comment on column people.aliases is 'Other addresses';
comment on column people.department is 'Department';
comment on column people.title is 'Job title';
comment on column people.manager_id is 'person_id of the manager';
comment on column people.country is 'Country';
comment on column people.kind is 'employee, guest, local_partner or native_partner';
comment on column people.status is 'active, suspended, deprovisioned, or missing (absent from an accepted read)';
comment on column people.groups is 'Groups';
comment on column people.valid_from is 'Start of the interval';
comment on column people.valid_to is 'End of the interval; null while it is open';
