"""Names in Cyrillic or Greek letters as others put them into Latin ones: passports, Germans, scholars.

Folding knows one way. Who writes Семён in one place is Semyon, Semion, Semjon or Semen in another.
"""

import re
import unicodedata

_CYRILLIC, _GREEK = re.compile("[\u0400-\u04ff]"), re.compile("[\u0370-\u03ff]")
_ALIKE_IN_ALL = dict(zip("абвгдезиклмнопрстуфыэіґьъ", [*"abvgdeziklmnoprstufyeig", "", ""], strict=True))
_LETTERS = ["ж", "х", "ц", "ч", "ш", "щ", "ю", "я", "ё", "й", "є", "ї"]
# Each line: how one habit writes these letters, then what it writes otherwise than all.
_HABITS: tuple[tuple[str, dict[str, str]], ...] = (
    ("zh h ts ch sh shch yu ya yo y ye yi", {}),
    ("zh kh ts ch sh shch iu ia e i ie i", {}),
    ("zh kh ts ch sh shch iu ia e i ie i", {"г": "h", "и": "y"}),  # Ukraine's passports
    ("sch ch z tsch sch schtsch ju ja jo i je ji", {"в": "w", "з": "s"}),
    ("z h c c s sc ju ja e j je ji", {}),
)
_TABLES = [
    str.maketrans({**_ALIKE_IN_ALL, **dict(zip(_LETTERS, letters.split(), strict=True)), **other})
    for letters, other in _HABITS
]
_VOICELESS = "(?=[θκξπσςτφχψ]|\\b)"
_TWO_FOR_ONE = [
    (re.compile(greek), latin)
    for greek, latin in (
        ("ου", "ou"), (f"ευ{_VOICELESS}", "ef"), ("ευ", "ev"), (f"αυ{_VOICELESS}", "af"), ("αυ", "av"),
        (r"\bμπ", "b"), (r"\bντ", "d"), (r"\bγκ", "g"), ("γγ", "ng"),
    )
]  # fmt: skip


def other_latin(name: str) -> list[str]:
    """Return a name with its Cyrillic or Greek letters in Latin ones, once for each habit."""
    if _CYRILLIC.search(name):
        small = name.lower()
        return sorted({small.translate(table) for table in _TABLES})
    if _GREEK.search(name):
        bare = "".join(sign for sign in unicodedata.normalize("NFD", name.lower()) if sign != "\u0301")
        for greek, latin in _TWO_FOR_ONE:
            bare = greek.sub(latin, bare)
        return [unicodedata.normalize("NFC", bare)]
    return []
