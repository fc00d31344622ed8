"""Words that are nearly the same, found by what is left of each without a letter or two.

The SymSpell method: words within one or two edits share such a key, so the cost grows with the words and not
with their square. Folded words are plain ASCII, and a key has at most seven letters: it fits a number.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

SHORTEST, LONGEST = 4, 32  # letters: three letters with one changed are another name
LIKENESS = 0.88  # Jaro-Winkler
CROWDED_KEY = 60  # words that share a deletion key; more of them tell nothing, and cost their square
STEM = 7  # letters of a word that its keys are made of; who has as many is asked without two of them as well
WORDS_AT_ONCE = 1_000  # said; each has 29 keys at most, so at most 1.7 million pairs are in memory


def near_words(words: np.ndarray, said: np.ndarray, carried: np.ndarray) -> Mapping[str, np.ndarray]:
    """Return which said words are nearly which carried ones: said, carried, kind (typo: one edit; or alike).

    `words`: all words, plain ASCII; `said` and `carried`: places in it, each once. One row per pair, in the
    order of said and carried. A word is not near itself.
    """
    asked, asked_keys = _keys(words, np.sort(said))
    order = np.argsort(asked, kind="stable")
    asked, asked_keys = asked[order], asked_keys[order]
    known, known_keys = _keys(words, carried)
    order = np.argsort(known_keys)
    known, known_keys = known[order], known_keys[order]
    first = np.searchsorted(known_keys, asked_keys, side="left")
    behind = np.searchsorted(known_keys, asked_keys, side="right") - first
    behind[behind > CROWDED_KEY] = 0
    starts = np.flatnonzero(np.diff(asked, prepend=-1))[::WORDS_AT_ONCE]
    parts = [
        _measured(words, _pairs(asked[one], known, first[one], behind[one]))
        for one in map(slice, starts, [*starts[1:], len(asked)])
    ]
    nothing = _measured(words, np.zeros((0, 2), dtype="int64"))
    return {name: np.concatenate([nothing[name], *(part[name] for part in parts)]) for name in nothing}


def _pairs(asked: np.ndarray, known: np.ndarray, first: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """Return one row per pair of different words (said, carried), in their order.

    Each of the asked stands for a key, behind which are so many of the known from `first` on.
    """
    ends = np.cumsum(behind)
    places = np.arange(behind.sum()) + np.repeat(first - (ends - behind), behind)
    both = np.sort(np.repeat(asked, behind) << 32 | known[places])
    both = both[np.diff(both, prepend=-1) != 0]
    said, carried = both >> 32, both & 0xFFFFFFFF
    is_other = said != carried
    return np.column_stack([said[is_other], carried[is_other]])


def _keys(words: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return one row per (word, key), as two columns: the place of the word, and the key.

    Its keys are its stem, the stem without any one letter and, of a whole stem, without any two.
    """
    lengths = np.fromiter(map(len, words[places].tolist()), dtype="int64", count=len(places))
    usable = (lengths >= SHORTEST) & (lengths <= LONGEST)
    places, lengths = places[usable].astype("int64"), lengths[usable]
    stems = _numbers(words[places])
    is_whole = lengths >= STEM
    long = stems[is_whole]
    once = [stems, *(_without(stems, letter) for letter in range(STEM))]
    twice = [_without(_without(long, second), first) for first, second in combinations(range(STEM), 2)]
    whose, keys = zip(_rows(places, once), _rows(places[is_whole], twice), strict=True)
    return np.concatenate(whose), np.concatenate(keys)


def _numbers(words: np.ndarray) -> np.ndarray:
    """Return the stem of each word as a number: a letter a byte, the first one the highest."""
    letters = np.zeros((len(words), 8), dtype="uint8")
    stems = np.array([word.encode()[:STEM] for word in words.tolist()], dtype=f"S{STEM}")
    letters[:, :STEM] = stems.view("uint8").reshape(len(words), STEM)
    return letters.view(">u8").astype("uint64").reshape(len(words))


def _without(stems: np.ndarray, letter: int) -> np.ndarray:
    """Return the stems without the letter at that place, from 0; shorter ones as they are."""
    after = np.uint64(2 ** (64 - 8 * letter) - 1)
    return (stems & ~after) | (stems << np.uint64(8) & after)


def _rows(places: np.ndarray, columns: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return each place as often as it has different keys, and these; one column per way to make a key."""
    keys = np.sort(np.column_stack(columns), axis=1)
    is_new = np.ones(keys.shape, dtype=bool)
    is_new[:, 1:] = keys[:, 1:] != keys[:, :-1]
    return np.repeat(places, is_new.sum(axis=1)), keys[is_new]


def _measured(words: np.ndarray, pairs: np.ndarray) -> Mapping[str, np.ndarray]:
    """Return which of the pairs are near: said, carried, kind."""
    left, right = words[pairs[:, 0]], words[pairs[:, 1]]
    is_typo = cpdist(left, right, scorer=OSA.distance, score_cutoff=1, workers=-1) <= 1
    likeness = cpdist(left, right, scorer=JaroWinkler.similarity, score_cutoff=LIKENESS, workers=-1)
    near = is_typo | (likeness >= LIKENESS)
    kind = np.array(["alike", "typo"], dtype=object)[is_typo[near].astype("int8")]
    return {"said": pairs[near, 0], "carried": pairs[near, 1], "kind": kind}
