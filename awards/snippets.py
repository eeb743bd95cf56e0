"""A line out of what was entered, with the words that were looked for marked in it."""

import re
from collections.abc import Sequence

from awards import text
from awards.searching import Question

BEFORE, AFTER = 60, 160  # characters
_WORD = re.compile(r"[^\W_]+")


def of(texts: Sequence[str], question: Question) -> list[tuple[str, bool]]:
    """Pieces of the text with most of the words, around the first of them: which are marked."""
    lines = [text.one_line(one) for one in texts]
    line = max(lines, key=lambda one: len(_held(one, question)), default="")
    places = [match.span() for match in _WORD.finditer(line) if _fits(match[0], question)]
    if not places:
        return [(line[:AFTER], False)] if line else []
    begin, end = _window(line, places[0][0])
    pieces, at = [], begin
    for first, last in places:
        if last <= end:
            pieces += [(line[at:first], False), (line[first:last], True)]
            at = last
    pieces.append((line[at:end], False))
    if begin > 0:
        pieces.insert(0, ("… ", False))
    if end < len(line):
        pieces.append((" …", False))
    return [piece for piece in pieces if piece[0]]


def _window(line: str, first: int) -> tuple[int, int]:
    """From a word's beginning to a word's end around this place."""
    begin, end = max(0, first - BEFORE), min(len(line), first + AFTER)
    if begin > 0:
        begin = line.find(" ", begin - 1, first) + 1 or first
    if end < len(line):
        cut = line.rfind(" ", first, end)
        end = cut if cut > first else end
    return begin, end


def _held(line: str, question: Question) -> set[str]:
    words = text.words(text.fold(line))
    return {one for one in question.plain if any(word.startswith(one) for word in words)}


def _fits(word: str, question: Question) -> bool:
    folded = text.fold(word)
    return any(folded.startswith(one) for one in question.plain)
