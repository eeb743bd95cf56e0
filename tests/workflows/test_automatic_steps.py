"""What runs by itself comes to an end, or is stopped."""

import pytest

from workflows import definitions, engine
from workflows.errors import ProcessStuck


def test_step_budget_stops_an_endless_automatic_loop(draw):
    endless = definitions.parse(
        draw.diagram(
            '<bpmn:startEvent id="begun" />',
            '<bpmn:exclusiveGateway id="again" />',
            '<bpmn:exclusiveGateway id="is_enough" default="go_on" />',
            '<bpmn:endEvent id="done" />',
            draw.flow("begin", "begun", "again"),
            draw.flow("ask", "again", "is_enough"),
            draw.flow("go_on", "is_enough", "again"),
            draw.flow("stop", "is_enough", "done", "enough == true"),
        )
    )

    with pytest.raises(ProcessStuck) as stuck:
        engine.start(endless, {})

    assert str(stuck.value) == (
        "Quy trình tự chạy quá nhiều bước mà không chờ ai, đến “is_enough”."
    )
    assert engine.start(endless, {"enough": True}).ended == "done"
