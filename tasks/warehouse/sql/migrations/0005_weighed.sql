-- What matching worked out, for the next check: who asks the same of the same directory isn't weighed again.
-- The table may be emptied at any time; the next check then weighs everybody.

create table weighed (
    hub text, made_by text, ground text, question text, p integer, crowd integer, source integer,
    hits integer, given integer, family integer, given_grade integer, family_grade integer, given_cb integer,
    family_cb integer, other_cb integer, lift_cb integer, is_same_domain boolean, is_same_local boolean,
    email_cb integer
);
comment on table weighed is 'What a name and an address are worth for a candidate. One row per hub, question and p.';
comment on column weighed.hub is 'Label of the hub';
comment on column weighed.made_by is 'Digest of the program that weighed: its matching, and the libraries under it';
comment on column weighed.ground is 'Digest of the directory';
comment on column weighed.question is 'Digest of all that is asked about a member';
comment on column weighed.p is 'Place of the person in the order of the ids of the directory; -1 where there is nobody';
comment on column weighed.crowd is 'How many people stand behind the most telling key';
comment on column weighed.source is '1 the name, 2 the address before the "@", 0 neither';
comment on column weighed.hits is 'Words that agree';
comment on column weighed.given is 'Given names that agree';
comment on column weighed.family is 'Family names that agree';
comment on column weighed.given_grade is 'How the worst given name agrees: 1 same to 6 nickname';
comment on column weighed.family_grade is 'How the worst family name agrees: 1 same to 6 nickname';
comment on column weighed.given_cb is 'Hundredths of a bit for the given names';
comment on column weighed.family_cb is 'Hundredths of a bit for the family names';
comment on column weighed.other_cb is 'Hundredths of a bit for other words';
comment on column weighed.lift_cb is 'Hundredths of a bit for names that often come together';
comment on column weighed.is_same_domain is 'Whether the person has an address on the same domain';
comment on column weighed.is_same_local is 'Whether the person has an address with the same text before the "@"';
comment on column weighed.email_cb is 'Hundredths of a bit for the address';
