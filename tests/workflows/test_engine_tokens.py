"""Several tokens: forks and joins, and the one text of the places where they are."""

import pytest

from workflows import definitions, engine
from workflows.engine import Wait, WaitKind
from workflows.errors import ProcessStuck


@pytest.fixture
def forked(draw):
    """Two steps side by side, `one` and `two`, then `last`."""
    return draw.diagram(
        draw.node("startEvent", "begun"),
        draw.node("parallelGateway", "fork"),
        draw.node("userTask", "one"),
        draw.node("userTask", "two"),
        draw.node("parallelGateway", "join"),
        draw.node("userTask", "last"),
        draw.node("endEvent", "done"),
        draw.chain("begun", "fork", "one", "join", "last", "done"),
        draw.chain("fork", "two", "join"),
    )


def test_both_branches_wait_and_the_join_waits_for_both(case, forked):
    running = case(forked)

    assert running.waits == "one two"
    assert running.do("one").waits == "two"
    assert running.do("two").waits == "last"
    assert running.do("last").marking.ended == "done"


def test_text_of_several_tokens_says_where_they_are(case, forked):
    running = case(forked)

    assert running.marking.text == (
        '{"ended":null,"tokens":[{"at":"one"},{"at":"two"}],'
        '"waits":[["user","one",0],["user","two",0]]}'
    )
    assert running.do("two").marking.text == (
        '{"ended":null,"tokens":[{"at":"join","from":"two"},{"at":"one"}],'
        '"waits":[["user","one",0]]}'
    )


def test_one_token_again_is_placed_afresh(case, forked):
    one_first = case(forked).do("one").do("two")
    two_first = case(forked).do("two").do("one")

    assert one_first.marking == two_first.marking
    assert one_first.marking == engine.place(one_first.definition, ("last",))
    assert (
        one_first.marking.text == '{"at":["last"],"ended":null,"waits":[["user","last",0]]}'
    )


def test_state_does_not_grow_with_rework_beside_another_token(case, draw):
    running = case(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("parallelGateway", "fork"),
            draw.node("exclusiveGateway", "again"),
            draw.node("userTask", "one"),
            draw.node("exclusiveGateway", "is_good", default="good"),
            draw.node("userTask", "two"),
            draw.node("parallelGateway", "join"),
            draw.node("endEvent", "done"),
            draw.chain("begun", "fork", "again", "one", "is_good"),
            draw.flow("good", "is_good", "join"),
            draw.flow("bad", "is_good", "again", "outcome == 'return'"),
            draw.chain("fork", "two", "join", "done"),
        )
    )
    states = {running.marking.state}
    for _ in range(1_500):
        states.add(running.do("one", outcome="return").marking.state)

    assert len(states) == 1
    assert running.do("one").do("two").marking.ended == "done"


def test_join_on_a_cycle_waits_for_both_in_every_round(case, draw):
    running = case(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("exclusiveGateway", "again"),
            draw.node("parallelGateway", "fork"),
            draw.node("userTask", "one"),
            draw.node("userTask", "two"),
            draw.node("parallelGateway", "join"),
            draw.node("exclusiveGateway", "is_good", default="good"),
            draw.node("endEvent", "done"),
            draw.chain("begun", "again", "fork", "one", "join", "is_good"),
            draw.chain("fork", "two", "join"),
            draw.flow("good", "is_good", "done"),
            draw.flow("bad", "is_good", "again", "outcome == 'return'"),
        )
    )
    for _ in range(3):
        assert running.waits == "one two"
        assert running.do("two").waits == "one"
        running.do("one", outcome="return")

    assert running.do("one").do("two").marking.ended == "done"


@pytest.fixture
def chosen(draw):
    """`choose`, then `one`, `two`, both or neither, then `last`."""
    return draw.diagram(
        draw.node("startEvent", "begun"),
        draw.node("userTask", "choose"),
        draw.node("inclusiveGateway", "which", default="neither"),
        draw.node("userTask", "one"),
        draw.node("userTask", "two"),
        draw.node("inclusiveGateway", "join"),
        draw.node("userTask", "last"),
        draw.node("endEvent", "done"),
        draw.chain("begun", "choose", "which"),
        draw.flow("to_one", "which", "one", "one == true"),
        draw.flow("to_two", "which", "two", "two == true"),
        draw.flow("neither", "which", "join"),
        draw.chain("one", "join", "last", "done"),
        draw.chain("two", "join"),
    )


@pytest.mark.parametrize(
    ("variables", "waits"),
    [
        ({"one": True, "two": True}, ["one two", "two", "last"]),
        ({"one": True}, ["one", "last"]),
        ({"two": True}, ["two", "last"]),
        ({}, ["last"]),
    ],
)
def test_inclusive_gateways_take_and_await_the_chosen_branches(
    case, chosen, variables, waits
):
    running = case(chosen).do("choose", **variables)
    seen = [running.waits]
    while running.waits != "last":
        seen.append(running.do(running.waits.split()[0]).waits)

    assert seen == waits


def test_inclusive_join_goes_on_when_the_other_token_ends_elsewhere(case, draw):
    running = case(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("parallelGateway", "fork"),
            draw.node("userTask", "one"),
            draw.node("userTask", "two"),
            draw.node("exclusiveGateway", "is_needed", default="needed"),
            draw.node("inclusiveGateway", "join"),
            draw.node("userTask", "last"),
            draw.node("endEvent", "done"),
            draw.node("endEvent", "dropped"),
            draw.chain("begun", "fork", "one", "is_needed"),
            draw.flow("needed", "is_needed", "join"),
            draw.flow("unneeded", "is_needed", "dropped", "outcome == 'drop'"),
            draw.chain("fork", "two", "join", "last", "done"),
        )
    )

    assert running.do("two").waits == "one"
    assert running.do("one", outcome="drop").waits == "last"


def test_two_tokens_on_one_element_are_told_apart_by_ordinals(case, draw):
    running = case(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("parallelGateway", "fork"),
            draw.node("exclusiveGateway", "merge"),
            draw.node("userTask", "sign"),
            draw.node("endEvent", "done"),
            draw.chain("begun", "fork", "merge", "sign", "done"),
            draw.node("userTask", "first"),
            draw.chain("fork", "first", "merge"),
        )
    )

    assert running.do("first").marking.waits == (
        Wait(WaitKind.USER, "sign", 0),
        Wait(WaitKind.USER, "sign", 1),
    )
    assert running.do("sign", 1).waits == "sign"
    assert running.do("sign").marking.ended == "done"


def test_join_that_cannot_be_reached_from_every_side_stops_the_act(draw):
    definition = definitions.parse(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("exclusiveGateway", "which", default="to_one"),
            draw.node("parallelGateway", "join"),
            draw.node("endEvent", "done"),
            draw.node("userTask", "two"),
            draw.chain("begun", "which"),
            draw.flow("to_one", "which", "join"),
            draw.flow("to_two", "which", "two", "x == 1"),
            draw.chain("two", "join", "done"),
        )
    )

    with pytest.raises(ProcessStuck) as stuck:
        engine.start(definition, {})
    assert str(stuck.value) == (
        "Quy trình không còn chờ gì mà chưa kết thúc, dừng ở “join”."
    )


def test_several_flows_out_of_a_start_event_fork(case, draw):
    xml = draw.one_step("", "", draw.node("userTask", "other"), draw.chain("asked", "other"),
                        draw.chain("other", "answered"))  # fmt: skip
    running = case(xml)

    assert running.waits == "ask other"
    assert running.do("ask").waits == "other"
    assert running.do("other").marking.ended == "answered"


def test_endless_loop_beside_a_token_that_waits_is_stopped(draw):
    definition = definitions.parse(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("parallelGateway", "fork"),
            draw.node("userTask", "ask"),
            draw.node("exclusiveGateway", "again"),
            draw.node("exclusiveGateway", "is_enough", default="more"),
            draw.node("endEvent", "done"),
            draw.chain("begun", "fork", "ask", "done"),
            draw.chain("fork", "again", "is_enough"),
            draw.flow("more", "is_enough", "again"),
            draw.flow("enough", "is_enough", "done", "enough == true"),
        )
    )

    with pytest.raises(ProcessStuck):
        engine.start(definition, {})
    assert engine.start(definition, {"enough": True}).waits == (Wait(WaitKind.USER, "ask"),)


def test_the_drawing_does_not_say_which_condition_goes_first(draw):
    """Two conditions that hold: the flow that stands first in the file is taken."""

    def parsed(first_y: int, second_y: int):
        shapes = "".join(
            f'<di:BPMNShape xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
            f' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" bpmnElement="{id_}">'
            f'<dc:Bounds x="0" y="{y}" width="1" height="1" /></di:BPMNShape>'
            for id_, y in (("one", first_y), ("two", second_y))
        )
        plane = (
            f'<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI">{shapes}'
        )
        xml = draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("exclusiveGateway", "which", default="other"),
            draw.node("userTask", "one"),
            draw.node("userTask", "two"),
            draw.node("endEvent", "done"),
            draw.chain("begun", "which"),
            draw.flow("to_one", "which", "one", "x == null"),
            draw.flow("to_two", "which", "two", "x == null"),
            draw.flow("other", "which", "done"),
            draw.chain("one", "done"),
            draw.chain("two", "done"),
        )
        return xml.replace(
            b"</bpmn:definitions>", f"{plane}</di:BPMNDiagram></bpmn:definitions>".encode()
        )

    for places in ((0, 100), (100, 0)):
        definition = definitions.parse(parsed(*places))
        assert engine.start(definition, {}).waits == (Wait(WaitKind.USER, "one"),)
