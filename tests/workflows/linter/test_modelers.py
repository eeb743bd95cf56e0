"""Files as modelers save them are deployed as they are, byte by byte."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.workflows.linter.conftest import KNOWN
from workflows import deployments
from workflows.linter import lint
from workflows.linter.trials import trial

FOLDER = Path(__file__).parents[2] / "data" / "bpmn" / "modelers"
FILES = sorted(FOLDER.glob("*.bpmn"))
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@each_file
def test_what_a_modeler_saves_has_no_findings(path):
    assert [str(finding) for finding in lint(path.read_bytes(), KNOWN)] == []


@pytest.mark.parametrize(
    "name", ["bpmn_io", "bpmn_io_default_namespace", "camunda_modeler_with_lanes"]
)
def test_what_a_modeler_saves_is_deployed_as_it_is(empty, name):
    xml = (FOLDER / f"{name}.bpmn").read_bytes()

    assert trial(xml) == []
    with Session(empty) as session:
        row = deployments.deploy(session, xml, deployed_by=1, now=NOW)
        assert row.xml == xml


def test_a_lane_a_form_and_a_name_are_read_from_camundas_file():
    xml = (FOLDER / "camunda_modeler_with_lanes.bpmn").read_bytes()
    first, second = deployments.definitions.parse(xml).user_tasks

    assert (first.name, first.role, first.due_days, first.priority) == (
        "Ghi đơn vào sổ",
        "clerk",
        2,
        60,
    )
    assert (second.role, second.form_key) == ("chief", "generated:Activity_0d9yt5b")
    assert [field.id for field in second.form_fields] == ["days", "FormField_3a1bq0s"]
