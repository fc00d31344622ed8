-- record/counts: open rows. One row: members, assets and grants of a hub; people of the whole workspace who are
-- not missing. Parameters: $hub.
select
    (select count(*) from members where hub = $hub and valid_to is null) as members,
    (select count(*) from hub_assets where hub = $hub and valid_to is null) as assets,
    (select count(*) from grants where hub = $hub and valid_to is null) as grants,
    (select count(*) from people where valid_to is null and status <> 'missing') as people
