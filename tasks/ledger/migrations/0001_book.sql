-- The chain, and beside it what may be forgotten: names, codes, sessions, leases.
-- For SQLite and Postgres alike. Times are ISO 8601 in UTC with microseconds, so that they sort as text;
-- what is structured is JSON in text, exactly as it was hashed.

-- one row per entry of the book; `hash` is over all other columns, `previous_hash` included
create table entries (
    seq integer primary key,
    at text not null,
    hub text not null,
    actor text not null,
    identified_by text not null,
    kind text not null,
    payload text not null,
    previous_hash text not null,
    hash text not null unique
);
create index entries_by_hub on entries (hub, seq);
create index entries_by_kind on entries (kind, seq);

-- one row per person, member or free text that an entry refers to; erasing one leaves the chain whole
create table names (
    ref text primary key,
    what text not null,
    id text not null,
    facts text not null,
    unique (what, id)
);

-- one row per thing that is random and made once: the salt of the codes
create table ledger_secrets (
    name text primary key,
    value text not null
);

-- one row per code that was given out; only its hash is kept
create table codes (
    hash text primary key,
    purpose text not null,
    hub text not null,
    review text not null,
    owner text not null,
    meaning text,
    issued_at text not null,
    expires_at text not null,
    used_at text,
    voided_at text
);
create index codes_by_review on codes (review, owner);
create index codes_by_owner on codes (owner);

-- one row per review or owner at whose door wrong codes were tried
create table tries (
    scope text primary key,
    wrong integer not null,
    last_at text not null
);

-- one row per session that is open, of the page or of the command line; only its token's hash is kept
create table sessions (
    hash text primary key,
    owner text not null,
    purpose text not null,
    review text not null,
    opened_at text not null,
    expires_at text not null
);

-- one row per thing that only one process may do at a time
create table leases (
    name text primary key,
    holder text not null,
    expires_at text not null
);
