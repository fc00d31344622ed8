"""What is the same when two people write it: names folded to plain words, addresses to one spelling.

Each distinct text is folded once, however many people carry it. Names may be folded hard, because they only
suggest; addresses decide, so folding must never make two different addresses one.
"""

import re
import unicodedata

import duckdb
from anyascii import anyascii

from matching.people.latin import other_latin
from matching.people.tables import seen

SPACES = " \t\n\v\f\r\u00a0\u3000\ufeff"  # around an address, not part of it
LONGEST_NAME = 200  # characters; nobody's name is longer, and one of 10,000 must not cost more than any other
MOST_WORDS = 8

_PLAIN = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|（[^（）]*）")
_TAIL = re.compile(r"(?<=\w)\s+[-–—|/•·]\s+.*$|\s*\|.*$", re.DOTALL)
_ONE_SIGN_ONE_WORD = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af])")
_LONE_VOWELS = {"이": "yi", "우": "woo", "오": "oh"}  # Korean names, which nobody writes with one letter
_APOSTROPHES = re.compile(r"['’‘`´ʼʻ]")
_WORD = re.compile(r"[a-z0-9]+")

TITLES = frozenset(
    (
        "dr", "prof", "mr", "mrs", "ms", "miss", "sir", "ing", "dipl", "mag", "phd", "msc", "mba",
        "bsc", "jr", "sr", "ii", "iii", "iv",
    )
)  # fmt: skip
PARTICLES = frozenset(
    (
        "da", "das", "de", "del", "della", "dem", "den", "der", "des", "di", "do", "dos", "du", "e",
        "el", "la", "le", "los", "ter", "und", "van", "vom", "von", "y", "zu", "zum", "zur",
    )
)  # fmt: skip
_TWO_LETTERS = str.maketrans(
    dict(zip("äöüåøÄÖÜÅØ", ["ae", "oe", "ue", "aa", "oe", "Ae", "Oe", "Ue", "Aa", "Oe"], strict=True))
)
_UMLAUT = re.compile("[äöüåøÄÖÜÅØ]")
# Particles that are family names in Vietnam or China, where the family name comes first.
FAMILY_NAMES = frozenset(("da", "di", "do", "du", "e", "la", "le", "van"))
# The kinds of signs that a name is written with; others (emoji, marks of direction, zero width) are dropped.
_KEPT = frozenset(("L", "M", "N", "Z", "P"))


def words(name: str) -> str:
    """Return a name as plain lower-case words with one space between them; '' when no word is in it.

    Brackets, tails like " - Marketing", titles and particles go; "Silva, Ana" is turned round.
    """
    return with_particles(name)[0]


def with_particles(name: str) -> tuple[str, str]:
    """Return the words of a name, and the same with the particles."""
    parts = _all_words(name)
    every = [word for word, _ in parts]
    full = every if PARTICLES.isdisjoint(every) else _without_particles(parts)
    return " ".join((full if len(full) > 1 else every)[:MOST_WORDS]), " ".join(every[:MOST_WORDS])


def other_spellings(name: str) -> list[tuple[str, str]]:
    """Return which words others write otherwise in Latin letters: ("muller", "mueller") of "Müller"."""
    if name.isascii():
        return []
    composed = unicodedata.normalize("NFC", name[:LONGEST_NAME])
    others = [composed.translate(_TWO_LETTERS)] if _UMLAUT.search(composed) else other_latin(composed)
    words = _all_words(composed) if others else []
    spelt = [two for two in map(_all_words, others) if len(two) == len(words)]  # else one became a title
    return [(a, b) for two in spelt for (a, _), (b, _) in zip(words, two, strict=True) if a != b]


def _all_words(name: str) -> list[tuple[str, bool]]:
    """Return the words of a name but its titles, unless it is nothing else; true where it was plain ASCII."""
    if _PLAIN.fullmatch(name) and len(name) <= LONGEST_NAME:
        return _without_titles([(word, True) for word in name.lower().split()])
    text = unicodedata.normalize("NFC", name[:LONGEST_NAME])
    text = _TAIL.sub("", _BRACKETS.sub(" ", text)) or text
    first, comma, rest = text.partition(",")
    behind = _WORD.findall(rest.lower())  # none of another script: there they are names
    if comma and "," not in rest and not (behind and TITLES.issuperset(behind)):
        text = f"{rest} {first}"
    if text.isascii():
        return _without_titles([(word, True) for word in _WORD.findall(_APOSTROPHES.sub("", text).lower())])
    sounds = "".join(sign for sign in text if unicodedata.category(sign)[0] in _KEPT)
    text = _ONE_SIGN_ONE_WORD.sub(r" \1 ", sounds)
    parts = []
    for chunk in _APOSTROPHES.sub("", text).split():
        latin = _APOSTROPHES.sub(
            "", anyascii(chunk).lower()
        )  # soft signs and the like come out as apostrophes
        latin = _LONE_VOWELS.get(chunk, latin)
        parts += [(word, chunk.isascii()) for word in _WORD.findall(latin)]
    return _without_titles(parts)


def _without_titles(parts: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Return the words that are no titles; in another script none is (Umar comes out as "mr")."""
    return [(word, is_plain) for word, is_plain in parts if word not in TITLES or not is_plain] or parts


def _without_particles(parts: list[tuple[str, bool]]) -> list[str]:
    """Return the words that are no particles.

    A particle stands before a name, so that the last word is none; the first may be a family name (Le, Do);
    one with an accent is none either (Lê, Đỗ, Văn).
    """
    last = len(parts) - 1
    return [
        word
        for place, (word, is_plain) in enumerate(parts)
        if word not in PARTICLES or not is_plain or place == last or (place == 0 and word in FAMILY_NAMES)
    ]


def address(text: str) -> str | None:
    """Return an e-mail address in one spelling, or None when the text is not exactly one address.

    Composed (NFC) and lower-cased letter by letter, where the upper case leads back to the same letter. Not
    case-folded: that would make "straße@" and "strasse@" one, or a dotless i a dotted one.
    """
    bare = text.strip(SPACES)
    if any(unicodedata.category(sign)[0] in "CZ" for sign in bare):
        return None
    if any(not sign.isascii() and unicodedata.normalize("NFC", sign).isascii() for sign in bare):
        return bare if _is_address(bare) else None  # the Kelvin sign looks like K, and is not it
    composed = unicodedata.normalize("NFC", bare)
    lowered = "".join(_lower(sign) for sign in composed)
    return lowered if _is_address(lowered) else None


def _lower(sign: str) -> str:
    low = sign.lower()
    return low if low.upper() == sign else sign


def _is_address(text: str) -> bool:
    local, at, domain = text.partition("@")
    return bool(local and at and domain) and not any(sign in '@,;:<>()[]"\\' for sign in local + domain)


# What is not ASCII in a place for addresses: one row per distinct text.
ODD_OF_MEMBERS = "select distinct email as raw from seats where strlen(email) <> length(email) order by raw"
ODD_OF_PEOPLE = """
select raw from (
    select primary_email as raw from persons
    union select user_name from persons
    union select alias from aliases
) where strlen(raw) <> length(raw) order by raw
"""

# ASCII needs no dictionary: macros do it on the way. What a member wrote must be exactly one address; of what
# the directory says only that can matter which equals it.
MACROS = r"""
create macro lowered(raw) as lower(case
    when ascii(raw) > 32 and ascii(raw[-1]) > 32 then raw  -- to trim costs three times the rest
    else trim(raw, ' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)) end);
create macro is_ascii(raw) as strlen(raw) = length(raw);
create macro is_address(text) as
    regexp_full_match(text, '[^@,;:<>()\[\]"\\\x00-\x20\x7f]+@[^@,;:<>()\[\]"\\\x00-\x20\x7f]+');
"""

# One row per distinct name, however many carry it.
NAMES_OF_MEMBERS = """
select distinct name as raw from seats semi join unweighed using (m) where name is not null
"""
NAMES_OF_PEOPLE = """
select distinct raw from (
    select given_name as raw from persons
    union all select family_name from persons
    union all select display_name from persons
    where display_name is distinct from concat_ws(' ', given_name, family_name)
) where raw is not null
"""


# Names that `words` would only put into small letters: plain words, a space between two, none to be dropped.
# Many names are so, and DuckDB does that many times faster. For the others words is null.
SIMPLY_FOLDED = f"""
select raw, case when length(raw) <= {LONGEST_NAME}
                      and regexp_full_match(raw, '[A-Za-z]+(?: [A-Za-z]+){{{{0,{MOST_WORDS - 1}}}}}')
                      and not regexp_matches(raw, '(?i)\\b(?:{"|".join(sorted(TITLES | PARTICLES))})\\b')
                 then lower(raw) end as words,
       null::varchar as every_word
from ({{names}})
"""  # noqa: S608 - composed of constants


def fold_owned(con: duckdb.DuckDBPyConnection) -> None:
    """Create `odd_owned` (raw, address) from the addresses of the people, and macros that fold ASCII."""
    con.execute(MACROS)
    _keep_addresses(con, "table odd_owned", ODD_OF_PEOPLE)


def fold_people(con: duckdb.DuckDBPyConnection) -> None:
    """Create `carried_names` (raw, words, every_word), `carried_otherwise` (raw, one, two) of the people."""
    _keep_names(con, "table", ("carried_names", "carried_otherwise"), NAMES_OF_PEOPLE)


def fold_addresses(con: duckdb.DuckDBPyConnection) -> None:
    """Create `odd_addresses` (raw, address) from what members wrote."""
    _keep_addresses(con, "temp table odd_addresses", ODD_OF_MEMBERS)


def fold_names(con: duckdb.DuckDBPyConnection) -> None:
    """Create `spoken` and `spoken_otherwise`, the same of the names of the members in `unweighed`."""
    _keep_names(con, "temp table", ("spoken", "spoken_otherwise"), NAMES_OF_MEMBERS)


def _keep_names(con: duckdb.DuckDBPyConnection, kind: str, tables: tuple[str, str], names: str) -> None:
    """Create two tables from the texts of the query.

    One row per text: raw, words, and every_word where that differs. One row per text and word of it that has
    another spelling: raw, one, two.
    """
    table, otherwise = tables
    con.execute(f"create {kind} {table} as {SIMPLY_FOLDED.format(names=names)}")
    rest = [raw for (raw,) in con.execute(f"select raw from {table} where words is null").fetchall()]  # noqa: S608
    folded = [with_particles(raw) for raw in rest]
    words, every_word = [text for text, _ in folded], [text for _, text in folded]
    with seen(con, "folded", {"raw": rest, "words": words, "every_word": every_word}):
        con.execute(f"""
            update {table}
            set words = folded.words::varchar, every_word = nullif(folded.every_word, folded.words)::varchar
            from folded where folded.raw::varchar = {table}.raw
        """)  # noqa: S608
    pairs = sorted({(raw, *pair) for raw in rest for pair in other_spellings(raw)})
    columns = {name: [pair[place] for pair in pairs] for place, name in enumerate(("raw", "one", "two"))}
    with seen(con, "pairs", columns):
        con.execute(f"create {kind} {otherwise} as select columns(*)::varchar from pairs")  # noqa: S608


def _keep_addresses(con: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    """Create a table with one row per text of the query (raw), and the address that it is, or null."""
    found = [text for (text,) in con.execute(query).fetchall()]
    with seen(con, "folded", {"raw": found, "address": [address(text) for text in found]}):
        con.execute(f"create {table} as select columns(*)::varchar from folded")  # noqa: S608
