"""R9 of trust.md: cases that earlier releases left behind are read, and finish as they would have.

`freezing.py` adds those of each release.
"""

import json

import pytest

from tests.processes.paths import MOVES, Process
from tests.trust.freezing import FOLDER
from workflows import engine
from workflows.engine import Wait, WaitKind
from workflows.errors import WorkflowError

pytestmark = pytest.mark.trust
LEAST = 50
RELEASES = sorted(FOLDER.glob("*.json"))


def cases(path):
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found != []
    return found


def definition(case, old="", new=""):
    files = [(FOLDER / name).read_bytes() for name in case["files"]]
    return Process(
        case["process"], tuple(xml.replace(old.encode(), new.encode()) for xml in files)
    ).definition()


def finish(case, definition):
    """What does not go as it was recorded, in words; nothing if all of it does."""
    marking = engine.marking(case["state"])
    for kind, element, ordinal, variables, following in case["acts"]:
        wait = Wait(WaitKind(kind), element, ordinal)
        try:
            marking = MOVES[wait.kind](definition, marking, wait, variables)
        except (WorkflowError, KeyError, ValueError) as error:
            return f"{element}: {error!r}"
        if marking.text != following:
            return f"{element} leads to {marking.text}"
    return "" if marking.ended == case["ended"] else f"ends at {marking.ended}"


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
def test_cases_of_a_release_finish_with_the_recorded_outcome(release):
    known = {}
    for case in cases(release):
        key = tuple(case["files"])
        known[key] = known.get(key) or definition(case)

        assert finish(case, known[key]) == "", case["process"]


def test_enough_is_kept():
    every = [case for path in RELEASES for case in cases(path)]

    assert len(every) >= LEAST
    assert len({tuple(case["files"]) for case in every}) >= 5


def test_an_element_with_another_id_is_caught():
    """Who renames an element strands the cases that wait on it."""
    found = [case for case in cases(RELEASES[0]) if '"appraise"' in case["state"]]
    assert found != []

    said = finish(found[0], definition(found[0], '"appraise"', '"appraise_it"'))

    assert said != ""
