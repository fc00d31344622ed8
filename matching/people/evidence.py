"""Why: one entry per field that was compared, with what both sides say and what it is worth in bits."""

import duckdb

from matching.people.exact import RULES

# texts: one row per (m, p) that is shown, with the texts of both sides; address is the one of the person's
# that agrees most: the whole, else what stands before the "@", else the domain, else any.
TEXTS = """
create temp table texts as
with agreeing as (
    select candidates.m, candidates.p,
           min(case when owned.address = seat_domains.address then '1' when owned.local = seat_domains.local
                    then '2' when owned.domain = seat_domains.domain then '3' else '4' end
               || owned.place || owned.raw)[3:] as address
    from candidates
    join seat_domains using (m)
    join owned using (p)
    group by candidates.m, candidates.p
)
select candidates.m, candidates.p, candidates.rank, candidates.member_id, candidates.person_id, seats.name,
       seats.email, coalesce(agreeing.address, persons.primary_email, persons.user_name) as address,
       persons.user_name, coalesce(persons.given_name, persons.display_name) as given_name,
       coalesce(persons.family_name, persons.display_name) as family_name,
       coalesce(persons.display_name, nullif(concat_ws(' ', persons.given_name, persons.family_name), ''))
           as display_name
from candidates
join seats using (m)
join persons using (p)
left join agreeing using (m, p)
"""

# How a rule, a class of address and the grade of a word are told.
WORDS = """
create or replace temp macro entry(field, said, theirs, comparison, cb) as {
    'field': field, 'member_value': said, 'person_value': theirs, 'comparison': comparison, 'bits': cb / 100
};
create or replace temp macro told_rule(strength) as ['same address', 'same as an alias',
    'same as the user name', 'same without the "+" part', 'linked before', 'somebody decided so'][strength];
create or replace temp macro told_grade(grade) as coalesce(['same', 'one letter differs', 'alike', 'initial',
    'same, written as one word', 'nickname', 'same, spelt otherwise'][nullif(grade, 0)], 'not there');
create or replace temp macro told_class(class, is_same_domain) as case
    when is_same_domain and class <> 'own' then 'same domain'
    when class = 'own' then 'own domain, nobody''s address'
    when class = 'former' then 'former own domain'
    when class = 'free' then 'free provider'
    when class = 'foreign' then 'foreign domain'
    else 'not one address' end;
"""

# explained: one row per candidate; evidence lists what was compared, in the order it is shown. The bits of a
# pair add up to its likelihood before rivals and "nobody" take their part. Who is settled has one.
EXPLAINED = f"""
create temp view explained as
select m, rank, member_id, person_id, posterior, score, [case
           when rule in ('earlier_link', 'decision')
               then entry('link', member_id, person_id, told_rule(strength), 100 * score)
           else entry('email', email, case when rule = 'user_name' then user_name else address end,
                      told_rule(strength), 100 * score) end] as evidence
from certain
join texts using (m, p)
union all
select m, rank, member_id, person_id, posterior, score, list_filter([
           case when is_by_link then entry('link', member_id, person_id, comparison, email_cb) end,
           case when email is not null and not is_by_link
               then entry('email', email, address, comparison, email_cb) end,
           case when source > 0 and (given_cb <> 0 or given > 0)
               then entry('given_name', said, given_name, told_grade(given_grade), given_cb) end,
           case when source > 0 and (family_cb <> 0 or family > 0)
               then entry('family_name', said, family_name, told_grade(family_grade), family_cb) end,
           case when source > 0 and other_cb <> 0
               then entry('other_names', said, display_name, case when other_cb > 0 then 'further words agree'
                          else 'words without a counterpart' end, other_cb) end,
           case when lift_cb <> 0 then
               entry('namesakes', name, display_name, 'these names often come together', lift_cb) end,
           case when seat_cb <> 0 then
               entry('seat', member_id, person_id, 'has a seat here already', seat_cb) end
       ], lambda one: one is not null)
from (
    select likely.*, texts.* exclude (m, p, rank),
           doubt <> '' and strength = {RULES.index("earlier_link") + 1} as is_by_link,
           case when source = 2 then email else name end as said,
           case when doubt <> '' then told_rule(strength)
                else told_class(class, is_same_domain)
                     || case when is_same_local then ', same before the "@"' else '' end end as comparison
    from likely
    join texts using (m, p)
)
"""  # noqa: S608 - composed of constants; strengths count from 1


def explain(con: duckdb.DuckDBPyConnection) -> None:
    """Create `explained`: `candidates` with the evidence, from `certain` and `likely`."""
    con.execute(TEXTS)
    con.execute(WORDS)
    con.execute(EXPLAINED)
