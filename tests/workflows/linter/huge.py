"""Files too large to keep: as hostile as a file of at most a megabyte can be."""

from collections.abc import Callable

from tests.workflows.linter.conftest import (
    boundary,
    end,
    file,
    flow,
    flows,
    node,
    one_step,
    properties,
    start,
    timer,
    user,
)


def five_thousand_nodes() -> bytes:
    return file(start() + "".join(node("userTask", f"u{n}") for n in range(5_000)) + end())


def ten_thousand_flows() -> bytes:
    lines = "".join(
        f'<bpmn:sequenceFlow id="f{n}" targetRef="ask" />' for n in range(10_000)
    )
    return file(one_step(lines))


def most_nodes_and_flows() -> bytes:
    """As many as the limits let through, each deadline with a way to everything."""
    steps = "".join(user(f"u{n}") for n in range(149))
    late = "".join(boundary(f"t{n}", f"u{n}", timer()) for n in range(149))
    ways = "".join(flow(f"f{n}", f"t{n % 149}", f"u{(n * 7) % 149}") for n in range(2_000))
    return file(start() + steps + late + end() + ways)


def hundred_levels() -> bytes:
    return file(_nested(100, ""))


def three_hundred_levels() -> bytes:
    return file(_nested(300, ""))


def hundred_thousand_levels_of_xml() -> bytes:
    return b"<a>" * 100_000 + b"</a>" * 100_000


def huge_attribute() -> bytes:
    return file(one_step(name="x" * 900_000))


def huge_text() -> bytes:
    return file(one_step(node("documentation", "words", "x" * 900_000)))


def huge_condition() -> bytes:
    return file(one_step(flow("on", "ask", "done", "not " * 200_000 + "x")))


def over_a_megabyte() -> bytes:
    return file(one_step()).ljust(1_000_001)


def lanes_of_nobody() -> bytes:
    refs = "<bpmn:flowNodeRef>x</bpmn:flowNodeRef>" * 20_000
    return file(node("laneSet", "lanes", node("lane", "clerk", refs)) + one_step())


def ten_thousand_properties() -> bytes:
    return file(
        one_step().replace(
            'name="result"', 'name="result" value="x" /><camunda:property name="a"'
        )
        + user("many", properties(**{f"p{n}": "x" for n in range(10_000)}))
    )


def ten_thousand_fields() -> bytes:
    fields = "".join(f'<camunda:formField id="f{n}" />' for n in range(10_000))
    form = f"<camunda:formData>{fields}</camunda:formData>"
    return file(
        one_step(user("form", f"<bpmn:extensionElements>{form}</bpmn:extensionElements>"))
    )


def ten_thousand_errors() -> bytes:
    errors = "".join(f'<bpmn:error id="x{n}" errorCode="{n}" />' for n in range(10_000))
    thrown = "".join(
        end(f"e{n}", inside=f'<bpmn:errorEventDefinition errorRef="x{n}" />')
        for n in range(290)
    )
    return file(one_step(thrown), errors)


def ten_thousand_attributes() -> bytes:
    return file(one_step(**{f"a{n}": "x" for n in range(10_000)}))


def long_chain() -> bytes:
    """Sound, and as long as it may be."""
    steps = "".join(user(f"u{n}") for n in range(298))
    chain = ">".join(["begun", *(f"u{n}" for n in range(298)), "done"])
    return file(start() + steps + end() + flows(chain))


def _nested(depth: int, inside: str) -> str:
    for n in range(depth):
        inside = node("subProcess", f"s{n}", inside)
    return inside


HUGE: dict[str, Callable[[], bytes]] = {
    made.__name__: made
    for made in (
        five_thousand_nodes,
        ten_thousand_flows,
        most_nodes_and_flows,
        hundred_levels,
        three_hundred_levels,
        hundred_thousand_levels_of_xml,
        huge_attribute,
        huge_text,
        huge_condition,
        over_a_megabyte,
        lanes_of_nobody,
        ten_thousand_properties,
        ten_thousand_fields,
        ten_thousand_errors,
        ten_thousand_attributes,
        long_chain,
    )
}
