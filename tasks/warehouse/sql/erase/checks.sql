-- erase/checks: of the checks only the times stay, by which reads of the directory have their order. No parameters; after
-- erase/renamed. Rows without a hub are in no list and no snapshot.
update checks
set check_id = new_id, hub = null, complete = null, baseline = null, report_id = null, digest = null,
    api_version = null, requests = null, calls = null, waited_s = null
from renamed_checks as r
where checks.check_id = r.check_id
