"""docs/asvs.md: every chapter, every row with an answer, and tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "asvs.md").read_text()
CHAPTERS = 17
WORDS = ("holds", "partly", "open", "without")


def rows(page):
    """Each row of each table: its requirement, answer and tests."""
    for line in page.splitlines():
        if line.startswith("|") and not line.startswith(("|---", "| requirement |")):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            yield cells + [""] * (3 - len(cells))


def faults(page):
    """What is wrong with the page, in words; nothing if it keeps its promise."""
    found = []
    for requirement, answer, tests, *more in rows(page):
        named = re.findall(r"`([^`]+)`", tests)
        if more or not requirement or not answer.startswith(WORDS):
            found.append(f"{requirement}: no answer")
        if answer.startswith("holds") and not named:
            found.append(f"{requirement}: holds, and no test")
        found += [f"{name}: no such file" for name in named if not (ROOT / name).is_file()]
        pages = re.findall(r"`(docs/[^`]+|bpmn/[^`]+)`", answer)
        found += [f"{name}: no such page" for name in pages if not (ROOT / name).is_file()]
    return found


def test_every_row_has_an_answer_and_tests_that_exist():
    assert faults(PAGE) == []
    assert len(list(rows(PAGE))) > 100


def test_every_chapter_is_there():
    chapters = [int(number) for number in re.findall(r"^## V(\d+) ", PAGE, re.MULTILINE)]
    assert chapters == list(range(1, CHAPTERS + 1))


@pytest.mark.parametrize(
    "row",
    [
        "| 1.2.3 | | `tests/client.py` |",
        "| 1.2.3 | yes | `tests/client.py` |",
        "| 1.2.3 | holds | |",
        "| 1.2.3 | partly: `docs/none.md` | |",
        "| 1.2.3 | holds | `tests/test_none.py` |",
        "| 1.2.3 |",
    ],
)
def test_row_that_keeps_no_promise_is_found(row):
    assert faults(row) != []
