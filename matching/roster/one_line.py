"""What others chose to be called, made safe to stand in one line of a mail, a page or a terminal.

Anybody may call himself "<script>", 300 characters, a link, or a text that turns the direction of the line.
HTML is escaped by the templates; this is about what escaping leaves as it is.
"""

import re
import unicodedata

# control and format characters (bidi marks among them), surrogates, private use, unassigned, line separators
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# letters and marks that are drawn as nothing: Hangul fillers, the grapheme joiner, an empty Braille cell
_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u034f\u2800\u17b4\u17b5"), " ")
_FULL_STOPS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))  # a browser takes them for dots
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]+(\.[\w-]+)+")
_MARKS_AT_ONCE = 4  # more than any language stacks on a letter
_PILED = re.compile(r"[^\x00-\x7f]+")
_DOMAIN_DOT = re.compile(r"(?<=\S)\.(?=[^\W\d_]{2})")
NAME_LIMIT, LINE_LIMIT = 60, 600


def one_line(text: str | None, limit: int = LINE_LIMIT) -> str:
    """Return a text as one line of at most `limit` characters, with nothing in it that can't be seen.

    What can't be seen becomes a space, runs of spaces one; a text that is cut ends with an ellipsis. Applied
    twice it changes nothing more.
    """
    spaced = (text or "").translate(_BLANK)
    if not (spaced.isascii() and spaced.isprintable()):
        spaced = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in spaced)
        spaced = _PILED.sub(lambda piled: _few_marks(piled.group()), spaced)
    line = " ".join(spaced.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def their_words(text: str | None, limit: int = NAME_LIMIT) -> str:
    """Return a name that somebody chose, as `one_line` does, and so that no mail program makes a link of it.

    Mail programs make links of anything like `http://x`, `x.com` or `a@x.com`: a space goes before the dot.
    """
    unlinked = one_line(text, 10 * limit).translate(_FULL_STOPS).replace("://", ": //")
    return one_line(_DOMAIN_DOT.sub(" .", unlinked), limit)


def quoted(text: str | None, limit: int = NAME_LIMIT) -> str:
    """Return `their_words` in quotation marks, with none within: it is plain where the name ends."""
    words = their_words(re.sub('["\u201c\u201d\u201e\u201f\u2033«»]', "'", text or ""), limit)
    return f"\u201c{words}\u201d"


def plain_address(address: str | None) -> str:
    """Return an address as it is when it is a plain one, else so that nothing becomes a link of it."""
    line = one_line(address, 100)
    return line if _ADDRESS.fullmatch(line) else their_words(address)


def _few_marks(text: str) -> str:
    kept, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if run <= _MARKS_AT_ONCE:
            kept.append(character)
    return "".join(kept)
