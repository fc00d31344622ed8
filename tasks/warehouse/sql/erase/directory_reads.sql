-- erase/directory_reads: the reads of the directory stay, as other hubs are judged by them, and no longer say whose check
-- made them. No parameters; after erase/renamed.
update directory_reads
set read_id = new_id || ':' || source, check_id = new_id
from renamed_checks as r
where directory_reads.check_id = r.check_id
