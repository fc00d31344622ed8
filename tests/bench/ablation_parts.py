"""The parts of the matching engine, and how each is switched off."""

from collections.abc import Sequence

from tests.bench.ablation_names import NAMES, WORTH
from tests.bench.edits import Edit, Part, part, text

EXACT = (
    part(
        "address",
        "all exact rules",
        text("exact", "CLAIMS", "where m not in (select m from pinned)\ngroup", "where false\ngroup"),
    ),
    part(
        "address",
        "aliases",
        text("exact", "LED", "    from owned\n", "    from (from owned where place <> 2) as owned\n"),
    ),
    part("address", "user name", text("exact", "LED", "where rest.class = 'own'", "where false")),
    part("address", "plus-address", text("exact", "LED", "where rest.untagged <> ''", "where false")),
)

DOMAINS = (
    part(
        "domain",
        "all classes",
        text("domains", "SEAT_DOMAINS", "case when written.domain is null", "case when true"),
    ),
    part("domain", "own", text("score", "WEIGHED", "when 'own' then 170", "when 'own' then 0")),
    part(
        "domain",
        "former, found by proof",
        text("domains", "FORMER", "where stranger < $colleague", "where false and stranger < $colleague"),
    ),
    part(
        "domain",
        "foreign: bits and rule",
        text("score", "WEIGHED", "is null then -530", "is null then 0"),
        text("decide", "JUDGED", "class = 'foreign' and not is_same_domain or", ""),
    ),
    part("domain", "foreign: bits only", text("score", "WEIGHED", "is null then -530", "is null then 0")),
    part(
        "domain",
        "foreign: rule only",
        text("decide", "JUDGED", "class = 'foreign' and not is_same_domain or", ""),
    ),
    part(
        "domain",
        "foreign, but the person's own",
        text("score", "WEIGHED", "when addresses.domain is null then -530 else", "when true then -530 else"),
    ),
    part(
        "local part",
        "bits for the same one",
        text("score", "WEIGHED", "(case when locals.local is null then 0", "(case when true then 0"),
    ),
    part(
        "local part",
        "a way of finding people",
        text("candidates", "LOCAL_PEOPLE", "where length(local) >=", "where false and length(local) >="),
    ),
    part(
        "local part",
        "a second way of writing the name",
        text("dictionary", "SAID_WORDS", "where local is not null", "where false and local is not null"),
    ),
)

CANDIDATES = (
    part("candidates", "pairs of words", text("candidates", "PAIR_KEYS", "and a.t <> b.t", "and false")),
    part(
        "candidates",
        "... one of them misspelt",
        text("candidates", "PAIR_KEYS", "(a.is_same or b.is_same or", "(a.is_same and b.is_same or"),
        text("candidates", "PAIR_KEYS", "or a.is_typo and b.is_typo", ""),
    ),
    part("candidates", "... both of them", text("candidates", "PAIR_KEYS", "or a.is_typo and b.is_typo", "")),
    part("candidates", "all words", text("candidates", "WHOLE_KEYS", "where source = 1", "where false")),
    part(
        "candidates",
        "an initial and a word",
        text("candidates", "INITIAL_KEYS", "and meant.is_same", "and false"),
    ),
    part("candidates", "one rare word", Edit("candidates", "RARE", -1)),
    part(
        "candidates",
        "... who has it before near ones",
        text("candidates", "WORD_KEYS", "500 else 30", "500 else 500"),
    ),
    part("candidates", "the only word", text("candidates", "WORD_KEYS", "or counted.words = 1", "or false")),
    part(
        "candidates",
        "less weight for crowded keys",
        text("candidates", "PAIRS", "weight / (1 + ln(people))", "weight"),
    ),
    part(
        "candidates",
        "behind a key, short names first",
        text("candidates", "PICKED", "order by sizes.words,", "order by"),
    ),
)

DECIDING = (
    part(
        "posterior",
        "nobody",
        text(
            "decide",
            "_probable",
            "nobody = np.log2(people) + outsider_bits",
            "nobody = -1e6 + outsider_bits",
        ),
    ),
    part(
        "posterior",
        "rivals",
        text("decide", "_probable", "all_people + outside - mass,", "outside,"),
    ),
    part(
        "posterior",
        "the crowd behind a key",
        text("decide", "_probable", 'rows["crowd"] / 8', "1.0"),
    ),
    part(
        "posterior",
        "odds fitted to the members",
        text("odds", "fitted_shift", "return float(np.round(shift * STEP) / STEP)", "return 0.0"),
    ),
    part(
        "posterior",
        "... for each class of address apart",
        text("odds", "COUNTS", "select class, count(*)", "select '' as class, count(*)"),
        text("odds", "COUNTS", "group by class\norder by class", ""),
        text("odds", "outsider_bits", "classes == name", "classes != name"),
    ),
    part("posterior", "... in half bits", Edit("odds", "STEP", 1000)),
    part("posterior", "... not below a quarter", Edit("odds", "FARTHEST", (-10.0, 10.0))),
    part(
        "one seat",
        "all of it",
        text("score", "SCORED", "then -500 else 0 end as seat_cb", "then 0 else 0 end as seat_cb"),
        text("decide", "CONCLUDED", "partition by p, pool", "partition by m"),
    ),
    part(
        "one seat",
        "a rival seat is five bits",
        text("score", "SCORED", "then -500 else 0 end as seat_cb", "then -1 else 0 end as seat_cb"),
    ),
    part(
        "one seat",
        "two who claim one person",
        text("decide", "CONCLUDED", "partition by p, pool", "partition by m"),
    ),
    part(
        "rule",
        "two words, both names, no initial",
        text("decide", "CONCLUDED", "and is_whole and", "and"),
    ),
)

PARTS: Sequence[Part] = (*EXACT, *DOMAINS, *NAMES, *WORTH, *CANDIDATES, *DECIDING)
