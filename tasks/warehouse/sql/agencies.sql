-- agencies: partner businesses that work on a hub's assets now. One row per business. Parameters: $hub.
select business_id, name, valid_from as since
from partners
where hub = $hub and relation = 'agency' and valid_to is null
order by business_id
