-- Who says another further name than the person has, is not linked by name alone.

alter table weighed add column is_denied boolean;
comment on column weighed.is_denied is 'Whether the name has a further word or initial that the person''s denies';
