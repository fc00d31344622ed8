"""What a domain says about who writes from it: own, former, free, foreign, or none at all."""

from collections.abc import Sequence

import duckdb

from matching.people.tables import seen

EMPLOYEES_ON_AN_OWN_DOMAIN = 2  # a fixed floor: more people in the directory never turn an own domain foreign
MEMBERS_ON_A_FORMER_DOMAIN = 3
COLLEAGUES_KEEP_THEIR_LOCAL = 0.9  # of those who write from a former domain, how many have it still
LEAST_CHANCE, IMAGINED_PEOPLE = (
    0.05,
    40,
)  # of a stranger having our local part, where the directory says little
PROOF = 6.2  # ln(500): five hundred times likelier to be a former domain than anybody else's

# Providers where anybody can have an address. Never own, unless the operator says so.
FREE = (
    "126.com", "163.com", "aol.com", "bluewin.ch", "bol.com.br", "btinternet.com", "comcast.net",
    "duck.com", "fastmail.com", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com",
    "gmx.de", "gmx.net", "googlemail.com", "hey.com", "hotmail.co.uk", "hotmail.com", "hotmail.de",
    "hotmail.es", "hotmail.fr", "hotmail.it", "icloud.com", "inbox.lv", "laposte.net", "libero.it",
    "live.com", "live.de", "live.fr", "live.nl", "mac.com", "mail.com", "mail.de", "mail.ru", "me.com",
    "msn.com", "naver.com", "o2.pl", "orange.fr", "outlook.com", "outlook.de", "outlook.fr", "pm.me",
    "posteo.de", "proton.me", "protonmail.com", "qq.com", "rediffmail.com", "rocketmail.com", "sapo.pt",
    "seznam.cz", "sfr.fr", "t-online.de", "tutanota.com", "uol.com.br", "virgilio.it", "wanadoo.fr",
    "web.de", "wp.pl", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yahoo.com.br",
    "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru", "ymail.com", "zoho.com",
)  # fmt: skip

# owned: one row per address of the directory, as often as it is there; place 1 primary, 2 alias, 3 user name.
OWNED = """
create table owned as
with held as (
    select p, primary_email as raw, 1 as place from persons
    union all select p, alias, 2 from aliases
    union all select p, user_name, 3 from persons
), folded as (
    select held.p, held.place, held.raw,
           case when is_ascii(held.raw) then lowered(held.raw) else odd_owned.address end as address
    from held
    left join odd_owned using (raw)
    where contains(held.raw, '@')
)
select p, place, raw, address, split_part(address, '@', 1) as local, split_part(address, '@', 2) as domain
from folded
where address is not null
"""

# own: one row per domain of ours; is_live where somebody's primary address is on it.
OWN = """
create temp table own as
with found as (
    select domain
    from owned
    join persons using (p)
    where persons.is_employee and owned.place <= 2 and domain not in (select domain from free)
    group by domain
    having count(distinct p) >= $floor
    union
    select domain from configured
), live as (
    select distinct domain from owned where place = 1
)
select found.domain,
       live.domain is not null or not exists (select 1 from found join live using (domain)) as is_live
from found
left join live using (domain)
"""

# written: one row per member with a usable address.
WRITTEN = """
create temp table written as
with folded as (
    select seats.m,
           case when is_ascii(seats.email) then lowered(seats.email) else odd_addresses.address end as address
    from seats
    left join odd_addresses on odd_addresses.raw = seats.email
)
select m, address, split_part(address, '@', 1) as local, split_part(address, '@', 2) as domain
from folded
where not is_ascii(address) or is_address(address)
"""

# ours: what stands before the "@" of our live addresses. One row per (local, p).
OURS = """
create temp table ours as
select distinct owned.local, owned.p
from owned
join own using (domain)
where own.is_live
"""

# strange: domains that might be former ones of ours: nobody has an address there, but members write from it
# with the local part of exactly one person of today. One row per domain: members, and known ones.
STRANGE = """
create temp table strange as
with locals as (
    select local, count(*) as people from ours where local in (select local from written) group by local
)
select written.domain, count(*) as members, count(locals.local) as known
from written
left join locals on locals.local = written.local and locals.people = 1
where written.domain not in (select domain from own)
  and written.domain not in (select domain from free)
  and written.domain not in (select domain from owned)
group by written.domain
having count(locals.local) >= $floor
"""

# former: domains that nobody has a primary address on, but that were ours: known as such, or the members who
# write from there carry the local parts of people of today far more often than strangers would. A stranger's
# is that of one of us as often as two of us share one (what is left without the number at its end).
KNOWN_FORMER = "create temp table former as select domain from own where not is_live"
FORMER = """
insert into former
with stems as (
    select count(*) as people
    from ours
    group by regexp_replace(local, '[0-9]+$', '')
), chance as (
    select (coalesce(sum(people) filter (where people > 1), 0) + $imagined * $least_chance)
               / (coalesce(sum(people), 0) + $imagined) as stranger
    from stems
)
select domain
from strange, chance
where stranger < $colleague
  and known * ln($colleague / stranger) + (members - known) * ln((1 - $colleague) / (1 - stranger)) >= $proof
"""

# seat_domains: one row per member; class is own, former, free, foreign or none.
SEAT_DOMAINS = """
create temp table seat_domains as
select seats.m, written.address, written.local, written.domain,
       case when written.domain is null then 'none'
            when former.domain is not null then 'former'
            when own.domain is not null then 'own'
            when free.domain is not null then 'free'
            else 'foreign' end as class
from seats
left join written using (m)
left join own on own.domain = written.domain
left join former on former.domain = written.domain
left join free on free.domain = written.domain
"""


def list_addresses(con: duckdb.DuckDBPyConnection) -> None:
    """Create `owned` from `persons` and `aliases`."""
    con.execute(OWNED)


def classify(con: duckdb.DuckDBPyConnection, own_domains: Sequence[str]) -> None:
    """Create `own` and `seat_domains`; `own_domains` are those that the operator names."""
    ours = sorted({domain.strip().removeprefix("@").lower() for domain in own_domains} - {""})
    for name, domains in (("free", sorted(set(FREE).difference(ours))), ("configured", ours)):
        with seen(con, "listed", {"domain": domains}):
            con.execute(f"create temp table {name} as select domain::varchar as domain from listed")  # noqa: S608
    con.execute(OWN, {"floor": EMPLOYEES_ON_AN_OWN_DOMAIN})
    con.execute(WRITTEN)
    con.execute(OURS)
    con.execute(STRANGE, {"floor": MEMBERS_ON_A_FORMER_DOMAIN})
    con.execute(KNOWN_FORMER)
    if con.execute("select count(*) from strange").fetchall()[0][0]:  # else a large directory is spared it
        con.execute(
            FORMER,
            {"colleague": COLLEAGUES_KEEP_THEIR_LOCAL, "least_chance": LEAST_CHANCE,
             "imagined": IMAGINED_PEOPLE, "proof": PROOF},
        )  # fmt: skip
    con.execute(SEAT_DOMAINS)
