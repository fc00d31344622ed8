-- weigh/keep: keep what is not there yet. Parameters: $hub, $made_by, $ground.
insert into weighed by name
select $hub as hub, $made_by as made_by, $ground as ground, *
from raw_weighed
where question not in (select question from weighed where hub = $hub)
