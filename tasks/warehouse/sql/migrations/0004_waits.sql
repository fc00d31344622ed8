-- How long a check had to wait for Meta's limits: what an operator watches.

alter table checks add column waited_s double;
comment on column checks.waited_s is 'Seconds that the check waited because Meta limited its calls; null before this was kept';
