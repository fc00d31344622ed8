"""The parts of the engine that read names and say what they are worth, and how each is switched off."""

import re
import unicodedata

from matching.people.nicknames import nicknames
from tests.bench.edits import Edit, part, text

NEVER = re.compile(r"(?!)()")
NO_NICKNAMES: dict[str, list[str]] = {"said": [], "carried": []}


def without_accents(text: str) -> str:
    """Return the text with plain Latin letters for accented ones; other scripts stay."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


NAMES = (
    part(
        "folding",
        "accents and other scripts",
        Edit("fold", "anyascii", str),
        Edit("fold", "_WORD", re.compile(r"\w+")),
    ),
    part("folding", "other scripts", Edit("fold", "anyascii", without_accents)),
    part("folding", "one sign one word", Edit("fold", "_ONE_SIGN_ONE_WORD", NEVER)),
    part("folding", "brackets", Edit("fold", "_BRACKETS", NEVER)),
    part("folding", "tails", Edit("fold", "_TAIL", NEVER)),
    part("folding", "comma", text("fold", "_all_words", "if comma and", "if False and")),
    part("folding", "apostrophes", Edit("fold", "_APOSTROPHES", NEVER)),
    part("folding", "titles", Edit("fold", "TITLES", frozenset())),
    part("folding", "particles", Edit("fold", "PARTICLES", frozenset())),
    part(
        "words",
        "those of the display name only",
        text("dictionary", "CARRIED_WORDS", "else 3 end from persons\n", "else null end from persons\n"),
        text(
            "dictionary",
            "CARRIED_WORDS",
            "where carried_names.words <> ''",
            "where carried_names.words <> '' and part >= 0",
        ),
    ),
    part("words", "nicknames", Edit("dictionary", "nicknames", lambda: NO_NICKNAMES)),
    part(
        "words",
        "nicknames, not English",
        Edit("nicknames", "_SHORT_FORMS", ""),
        Edit("dictionary", "nicknames", nicknames.__wrapped__),
    ),
    part(
        "words",
        "those of an address",
        text("dictionary", "CARRIED_WORDS", "where place <= 2 and", "where false and"),
    ),
    part("words", "another spelling", Edit("dictionary", "spellings", lambda: NO_NICKNAMES)),
    part(
        "words",
        "consonants",
        text("dictionary", "OTHER_WAYS", "from by_consonants", "from by_consonants where false"),
    ),
    part("words", "one word twice", text("dictionary", "CARRIED_TWICE", "where is_twice", "where false")),
    part("words", "two letters for dots", Edit("fold", "_UMLAUT", NEVER)),
    part(
        "words",
        "several written as one",
        text("dictionary", "CARRIED_WORDS", "where part in (1, 2) and contains", "where false and contains"),
        text("dictionary", "SAID_WORDS", "known_words where not is_joined", "known_words where false"),
    ),
    part(
        "words",
        "near words",
        text("near_words", "_measured", "near = is_typo |", "near = is_typo & ~is_typo &"),
    ),
    part(
        "words",
        "one edit",
        text("near_words", "_measured", "near = is_typo |", "near = ~is_typo &"),
    ),
    part(
        "words",
        "alike (Jaro-Winkler)",
        text("near_words", "_measured", "is_typo | (likeness >= LIKENESS)", "is_typo & (likeness >= 0)"),
    ),
    part(
        "words",
        "keys with two deletions",
        text("near_words", "_keys", "lengths >= STEM", "lengths >= 700"),
    ),
    part(
        "words",
        "a name of its own is no misspelling",
        text("agreement", "HITS", "coalesce(heard.cb, 2400) - 500", "2400 - 500"),
    ),
    part(
        "words",
        "two names in one",
        text("glued", "GLUED", "where vocabulary.people = 0", "where false and vocabulary.people = 0"),
    ),
    part(
        "words",
        "a word that is two names is no misspelling",
        text(
            "agreement",
            "HITS",
            "anti join (select m, p, source, t as said from glued) using (m, p, source, said)",
            "",
        ),
    ),
    part(
        "words",
        "initials",
        text("agreement", "HITS", "where lone.word <> bare.word", "where false and lone.word <> bare.word"),
    ),
)

WORTH = (
    part(
        "worth",
        "rarity (every word ten bits)",
        text("rarity", "WORTH", ")::integer as cb,", ")::integer * 0 + 1000 as cb,"),
        text("rarity", "WORTH", ")::integer as near_cb", ")::integer * 0 + 1000 as near_cb"),
    ),
    part(
        "worth",
        "rarer than seen (Good, Turing)",
        text("rarity", "WORTH", "coalesce(stands_for, people)", "people"),
    ),
    part(
        "worth",
        "not so for near words",
        text(
            "rarity",
            "WORTH",
            "/ (people + $imagined * $share)",
            "/ (coalesce(stands_for, people) + $imagined * $share)",
        ),
    ),
    part("worth", "imagined people", Edit("rarity", "IMAGINED_PEOPLE", 0)),
    part("worth", "initials: six bits at most", text("rarity", "LETTERS", "least(6,", "least(24,")),
    part(
        "worth",
        "names hang together",
        text("score", "RENDERED", "case when given > 0 and family > 0 then -lift else 0 end", "0"),
    ),
    part(
        "worth",
        "... by the size of the family name",
        text("rarity", "BAND", "floor(log2(people) / 3)", "floor(0 * log2(people))"),
    ),
    part("worth", "no given name in common", text("score", "RENDERED", "then 700 else", "then 0 else")),
    part("worth", "no family name in common", text("score", "RENDERED", "then 800 else", "then 0 else")),
    part("worth", "a word that the person lacks", text("score", "RENDERED", "- 250 *", "- 0 *")),
    part("worth", "a word that the member lacks", text("score", "RENDERED", "- least(150,", "- least(0,")),
)
