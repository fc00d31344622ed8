-- weigh/forget: take away what rests on something else, or what nobody asked this time.
-- Parameters: $hub, $made_by, $ground.
delete from weighed
where hub = $hub
  and (made_by <> $made_by or ground <> $ground or question not in (select question from raw_weighed))
