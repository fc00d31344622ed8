-- people_digest: one row that differs when anything in the directory's table does: how many rows, and two sums
-- over their hashes. No parameters.
select count(*), bit_xor(hash(people)), sum(hash(people)::hugeint) from people
