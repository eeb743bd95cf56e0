"""Sub-processes and called processes: what is inside them, and the paths to it."""

import pytest

from workflows import definitions, diagrams, engine
from workflows.diagrams import ElementKind
from workflows.engine import Wait, WaitKind
from workflows.errors import BadDefinition, ProcessStuck


def inner(draw, *more):
    """`in`, `check`, `out`, with a step `check` that may go back to itself."""
    return "".join(
        [
            draw.node("startEvent", "in"),
            draw.node("exclusiveGateway", "again"),
            draw.node("userTask", "check"),
            draw.node("exclusiveGateway", "is_good", default="good"),
            draw.node("endEvent", "out"),
            draw.chain("in", "again", "check", "is_good"),
            draw.flow("good", "is_good", "out"),
            draw.flow("bad", "is_good", "again", "outcome == 'return'"),
            *more,
        ]
    )


@pytest.fixture
def nested(draw):
    """A sub-process `part`, with a deadline that does not interrupt, between `ask` and `last`."""
    return draw.diagram(
        draw.node("startEvent", "begun"),
        draw.node("userTask", "ask"),
        draw.node("subProcess", "part", inner(draw)),
        draw.beside("part", "reminded", draw.timer, stops=False),
        draw.node("serviceTask", "remind"),
        draw.node("endEvent", "told"),
        draw.node("userTask", "last"),
        draw.node("endEvent", "done"),
        draw.chain("begun", "ask", "part", "last", "done"),
        draw.chain("reminded", "remind", "told"),
    )


@pytest.fixture
def review(draw):
    """A process to be called, `review`, with the ids of `nested`'s inside."""
    return draw.diagram(inner(draw)).replace(b'id="leave"', b'id="review"')


@pytest.fixture
def calling(draw):
    """A process that calls `review` twice, with an element of the same id, `check`, between."""
    return draw.diagram(
        draw.node("startEvent", "begun"),
        draw.node("callActivity", "first", calledElement="review"),
        draw.node("userTask", "check"),
        draw.node("callActivity", "second", calledElement="review"),
        draw.node("endEvent", "done"),
        draw.beside("second", "late", draw.timer),
        draw.chain("begun", "first", "check", "second", "done"),
        draw.chain("late", "done"),
    )


# sub-processes


def test_token_in_a_sub_process_is_at_a_path(case, nested):
    running = case(nested).do("ask")

    assert running.marking.text == (
        '{"at":["part","check"],"ended":null,'
        '"waits":[["deadline","reminded",0],["user","check",0]]}'
    )
    assert running.marking == engine.place(running.definition, ("part", "check"))
    assert running.do("check", outcome="return").waits == "check reminded"
    assert running.do("check").waits == "last"


def test_deadline_that_has_passed_beside_a_sub_process_stays_passed_inside(case, nested):
    running = case(nested).do("ask").do("reminded").do("remind")

    assert running.marking.text == (
        '{"at":["part","check"],"ended":null,"waits":[["user","check",0]]}'
    )
    assert running.do("check", outcome="return").waits == "check"
    assert running.do("check").do("last").marking.ended == "done"


def test_elements_inside_know_their_sub_process(nested):
    definition = definitions.parse(nested)

    assert definition.elements["check"].parent == "part"
    assert definition.elements["part"].parent == ""
    assert [step.id for step in definition.user_tasks] == ["ask", "check", "last"]
    assert definition.path("check") == ("part", "check")
    assert definition.path("ask") == ("ask",)


def test_event_knows_what_it_is_attached_to_and_when_it_is_due(nested):
    event = definitions.parse(nested).elements["reminded"]

    assert event.kind == ElementKind.BOUNDARY
    assert event.attached_to == "part"
    assert event.timer_days == 5
    assert event.is_interrupting is False


@pytest.mark.parametrize(
    ("source", "target", "outcome", "way"),
    [
        ("ask", "check", None, "ask_to_part in_to_again again_to_check"),
        ("check", "check", "return", "check_to_is_good bad again_to_check"),
        ("check", "last", "approve", "check_to_is_good good part_to_last"),
        ("reminded", "told", None, "reminded_to_remind remind_to_told"),
        ("ask", "last", None, ""),
    ],
)
def test_way_leads_into_and_out_of_a_sub_process(nested, source, target, outcome, way):
    assert " ".join(definitions.parse(nested).way(source, target, outcome)) == way


def test_way_leads_from_an_error_to_where_it_is_caught(draw):
    more = [
        draw.node("endEvent", "failed", draw.lost),
        draw.flow("fail", "is_good", "failed", "outcome == 'fail'"),
    ]
    definition = definitions.parse(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("subProcess", "part", inner(draw, *more)),
            draw.beside("part", "lost", draw.lost),
            draw.node("userTask", "mend"),
            draw.node("endEvent", "done"),
            draw.chain("begun", "part", "done"),
            draw.chain("lost", "mend", "done"),
        )
    )

    assert definition.way("check", "mend", "fail") == (
        "check_to_is_good", "fail", "lost_to_mend",
    )  # fmt: skip


@pytest.mark.parametrize(
    "path", [("part",), ("part", "out"), ("reminded",), ("part", "is_good")]
)
def test_place_refuses_what_no_token_waits_on(nested, path):
    with pytest.raises(ProcessStuck):
        engine.place(definitions.parse(nested), path)


@pytest.mark.parametrize("path", [("check",), ("part", "ask"), ("ask", "check", "check")])
def test_place_refuses_a_path_that_leads_nowhere(nested, path):
    with pytest.raises((BadDefinition, ProcessStuck)):
        engine.place(definitions.parse(nested), path)


# called processes


def test_waits_in_a_called_process_are_named_by_the_call(case, calling, review):
    running = case(calling, definitions.parse(review))

    assert running.waits == "first/check"
    assert running.marking.text == (
        '{"at":["first","check"],"ended":null,"waits":[["user","first/check",0]]}'
    )
    assert running.do("first/check", outcome="return").waits == "first/check"
    assert running.do("first/check").waits == "check"
    assert running.do("check").waits == "late second/check"
    assert running.do("second/check").marking.ended == "done"


def test_elements_of_a_called_process_are_the_callers_too(calling, review):
    definition = definitions.parse(calling, (definitions.parse(review),))
    element = definition.elements["second/check"]

    assert [step.id for step in definition.user_tasks] == [
        "first/check", "check", "second/check",
    ]  # fmt: skip
    assert (element.kind, element.parent) == (ElementKind.USER, "second")
    assert definition.elements["second"].called == "review"
    assert definition.path("second/check") == ("second", "check")
    assert engine.place(definition, definition.path("second/check")).waits == (
        Wait(WaitKind.DEADLINE, "late"),
        Wait(WaitKind.USER, "second/check"),
    )
    assert definition.reads == {"outcome"}


def test_way_leads_into_and_out_of_a_called_process(calling, review):
    definition = definitions.parse(calling, (definitions.parse(review),))

    assert definition.way("first/check", "check", "approve") == (
        "first/check_to_is_good", "first/good", "first_to_check",
    )  # fmt: skip
    assert definition.way("check", "second/check", None) == (
        "check_to_second", "second/in_to_again", "second/again_to_check",
    )  # fmt: skip


def test_hash_covers_what_is_called(calling, review):
    first = definitions.parse(review)
    second = definitions.parse(review.replace(b"Xin ngh", b"Xin di ngh"))
    calls = [definitions.parse(calling, (called,)) for called in (first, second)]

    assert diagrams.read(calling).calls == ("review",)
    assert calls[0].called == (first,)
    assert calls[0].sha256 != calls[1].sha256
    assert calls[0] == definitions.parse.__wrapped__(calling, (first,))


def test_definitions_that_are_not_called_change_nothing(review, nested, draw):
    others = (definitions.parse(nested),)

    assert definitions.parse(review, others) == definitions.parse(review)


def test_sub_processes_of_caller_and_called_may_have_one_id(case, draw, nested):
    called = nested.replace(b'id="leave"', b'id="review"')
    xml = draw.diagram(
        draw.node("startEvent", "begun"),
        draw.node("subProcess", "part", draw.node("startEvent", "in")
                  + draw.node("callActivity", "call", calledElement="review")
                  + draw.node("endEvent", "out") + draw.chain("in", "call", "out")),
        draw.node("endEvent", "done"),
        draw.chain("begun", "part", "done"),
    )  # fmt: skip
    running = case(xml, definitions.parse(called))

    assert running.do("call/ask").waits == "call/check call/reminded"
    assert running.definition.path("call/check") == ("part", "call", "part", "check")
    assert running.definition.elements["call/reminded"].attached_to == "call/part"
    assert running.definition.elements["call/check"].parent == "call/part"
    assert running.do("call/check").do("call/last").marking.ended == "done"
