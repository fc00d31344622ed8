-- What follows: which person each seat belongs to. Rebuilt from facts and decisions at will (design §2.3).

create table stays (
    hub text, stay_id text, kind text, member_id text, valid_from timestamptz, valid_to timestamptz
);
comment on table stays is 'Which stay a seat belongs to. One row per hub, kind, member_id and interval.';
comment on column stays.hub is 'Label of the hub';
comment on column stays.stay_id is 'Stay: the history of one person''s seat, across Meta ids';
comment on column stays.kind is 'Kind of the member';
comment on column stays.member_id is 'Id of the member';
comment on column stays.valid_from is 'Start of the interval';
comment on column stays.valid_to is 'End of the interval; null while it is open';

create table links (
    hub text, stay_id text, outcome text, person_id text, rule text, posterior double, score double,
    reason text, tab text, valid_from timestamptz, valid_to timestamptz
);
comment on table links is 'Which person a stay is. One row per hub, stay_id and interval.';
comment on column links.hub is 'Label of the hub';
comment on column links.stay_id is 'Stay';
comment on column links.outcome is 'matched, review or unmatched';
comment on column links.person_id is 'Person; null unless matched';
comment on column links.rule is 'Rule or decision that says so';
comment on column links.posterior is 'Probability of the best person, nobody included: 0 to 1';
comment on column links.score is 'log2 of posterior / (1 - posterior)';
comment on column links.reason is 'Short code of the reason, such as exact_address or namesake';
comment on column links.tab is 'system, pending, deprovisioned, exempted, unmatched, guest or onboarded';
comment on column links.valid_from is 'Start of the interval';
comment on column links.valid_to is 'End of the interval; null while it is open';

create table candidates (
    hub text, stay_id text, rank integer, person_id text, posterior double, score double, evidence json,
    valid_from timestamptz, valid_to timestamptz
);
comment on table candidates is 'Who a stay could be. One row per hub, stay_id, rank and interval.';
comment on column candidates.hub is 'Label of the hub';
comment on column candidates.stay_id is 'Stay';
comment on column candidates.rank is '1 is the best';
comment on column candidates.person_id is 'Candidate';
comment on column candidates.posterior is 'Probability: 0 to 1';
comment on column candidates.score is 'log2 of posterior / (1 - posterior)';
comment on column candidates.evidence is 'What speaks for and against: field, both values, comparison, bits';
comment on column candidates.valid_from is 'Start of the interval';
comment on column candidates.valid_to is 'End of the interval; null while it is open';
