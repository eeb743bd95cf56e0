"""What a diagram may name comes from the registries, and the province's own diagrams use it."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from forms import vocabulary
from workflows.linter import Outline, lint

BPMN = Path(__file__).parents[2] / "bpmn"


@pytest.fixture
def known(province):
    with Session(province) as session:
        return vocabulary.known(session)


def test_names_are_those_that_are_registered(known):
    assert {"appraise", "issue_decision"} <= known.forms
    assert {"chairman", "process_admin"} <= known.roles
    assert known.topics == {"make_decision_paper", "notify_refusal"}
    assert known.grants == {"awarded"} < known.results
    assert known.processes == {"movement_award": Outline()}


def test_names_with_a_meaning_are_kept_from_drawn_fields(known):
    assert {
        "outcome",
        "unit",
        "signer",
        "data",
        "errors",
        "validate",
        "drawn",
    } <= known.reserved
    assert known.reserved & {"opinion", "score", "basis"} == set()


@pytest.mark.parametrize("path", sorted(BPMN.rglob("*.bpmn")), ids=lambda path: path.stem)
def test_our_own_diagrams_have_no_findings(known, path):
    assert lint(path.read_bytes(), known) == []
