"""Deadlines, messages, and what first comes of several; errors, escalations and ends."""

import pytest

from workflows import engine
from workflows.engine import Wait, WaitKind
from workflows.errors import ProcessStuck


def watched(draw, event, *, stops=True, more=()):
    """`ask` with an event beside it, which leads to `aside`."""
    return draw.one_step(
        "",
        "",
        draw.beside("ask", "late", event, stops=stops),
        draw.node("userTask", "aside"),
        draw.node("endEvent", "over"),
        draw.chain("late", "aside", "over"),
        *more,
    )


# deadlines and messages beside a step


@pytest.mark.parametrize(("event", "kind"), [("timer", "deadline"), ("message", "message")])
def test_event_beside_a_step_is_a_wait(case, draw, event, kind):
    running = case(watched(draw, getattr(draw, event)))

    assert running.marking.waits == (
        Wait(WaitKind(kind), "late"),
        Wait(WaitKind.USER, "ask"),
    )
    assert running.do("ask").marking.ended == "answered"


@pytest.mark.parametrize("event", ["timer", "message"])
def test_interrupting_event_takes_the_token_away(case, draw, event):
    running = case(watched(draw, getattr(draw, event))).do("late")

    assert running.waits == "aside"
    assert running.do("aside").marking.ended == "over"


def test_deadline_that_does_not_interrupt_passes_once(case, draw):
    running = case(watched(draw, draw.timer, stops=False)).do("late")

    assert running.waits == "aside ask"
    assert running.do("aside").waits == "ask"
    assert running.marking.text == '{"at":["ask"],"ended":null,"waits":[["user","ask",0]]}'
    assert running.do("ask").marking.ended == "answered"


def test_end_is_the_one_reached_last(case, draw):
    aside_last = (
        case(watched(draw, draw.timer, stops=False)).do("late").do("ask").do("aside")
    )
    step_last = (
        case(watched(draw, draw.timer, stops=False)).do("late").do("aside").do("ask")
    )

    assert aside_last.marking.ended == "over"
    assert step_last.marking.ended == "answered"


def test_message_that_does_not_interrupt_can_come_again(case, draw):
    running = case(watched(draw, draw.message, stops=False)).do("late").do("late")

    assert running.waits == "aside aside ask late"
    assert running.do("ask").waits == "aside aside"
    assert running.do("aside", 1).do("aside").marking.ended == "over"


def test_fired_deadline_is_set_again_when_the_step_is_entered_again(case, draw):
    running = case(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("exclusiveGateway", "again"),
            draw.node("userTask", "ask"),
            draw.node("exclusiveGateway", "is_good", default="good"),
            draw.node("endEvent", "done"),
            draw.beside("ask", "reminded", draw.timer, stops=False),
            draw.node("serviceTask", "remind"),
            draw.node("endEvent", "told"),
            draw.chain("begun", "again", "ask", "is_good"),
            draw.flow("good", "is_good", "done"),
            draw.flow("bad", "is_good", "again", "outcome == 'return'"),
            draw.chain("reminded", "remind", "told"),
        )
    )
    first = running.marking

    assert running.do("reminded").do("remind").waits == "ask"
    assert running.do("ask", outcome="return").marking == first


# what waits anew


@pytest.fixture
def rounds(draw):
    """A sub-process of `first` and `second` with the deadline `late`; a return runs it again."""
    inside = [
        draw.node("startEvent", "in"),
        draw.node("userTask", "first"),
        draw.node("userTask", "second"),
        draw.node("endEvent", "out"),
        draw.chain("in", "first", "second", "out"),
    ]
    return draw.diagram(
        draw.node("startEvent", "begun"),
        draw.node("exclusiveGateway", "again"),
        draw.node("subProcess", "part", "".join(inside)),
        draw.beside("part", "late", draw.timer),
        draw.node("exclusiveGateway", "is_good", default="good"),
        draw.node("endEvent", "done"),
        draw.chain("begun", "again", "part", "is_good"),
        draw.flow("good", "is_good", "done"),
        draw.flow("bad", "is_good", "again", "outcome == 'return'"),
        draw.chain("late", "done"),
    )


LATE = Wait(WaitKind.DEADLINE, "late")


def carried(running, element, ordinal=0, **variables):
    wait = next(w for w in running.marking.waits if w[1:] == (element, ordinal))
    return engine.carried(running.definition, running.marking, wait, variables)


def test_deadline_of_a_sub_process_runs_on_inside_it(case, rounds):
    running = case(rounds)

    assert carried(running, "first") == {LATE: LATE}


def test_deadline_of_a_sub_process_begins_anew_when_it_does(case, rounds):
    running = case(rounds).do("first")
    again = carried(running, "second", outcome="return")

    assert again == {}
    assert LATE in running.do("second", outcome="return").marking.waits


def test_carried_says_how_an_ordinal_shifts(case, draw):
    running = case(watched(draw, draw.message, stops=False)).do("late").do("late")
    wait = Wait(WaitKind.USER, "aside")

    assert carried(running, "aside") == {
        Wait(WaitKind.USER, "ask"): Wait(WaitKind.USER, "ask"),
        Wait(WaitKind.MESSAGE, "late"): Wait(WaitKind.MESSAGE, "late"),
        wait._replace(ordinal=1): wait,
    }


# waiting for nothing but events


@pytest.mark.parametrize("tag", ["intermediateCatchEvent", "receiveTask"])
def test_token_waits_for_a_message_on_its_own(case, draw, tag):
    inside = draw.message if tag == "intermediateCatchEvent" else ""
    running = case(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node(tag, "hear", inside, messageRef="message_recall"),
            draw.node("endEvent", "done"),
            draw.chain("begun", "hear", "done"),
        )
    )

    assert running.definition.elements["hear"].message == "recall"
    assert running.marking.waits == (Wait(WaitKind.MESSAGE, "hear"),)
    assert running.marking == engine.place(running.definition, ("hear",))
    assert running.do("hear").marking.ended == "done"


def test_send_task_is_a_service_task_with_a_topic(case, draw):
    xml = draw.diagram(
        draw.node("startEvent", "begun"),
        draw.node("sendTask", "tell").replace(" >", ' camunda:topic="post">'),
        draw.node("endEvent", "done"),
        draw.chain("begun", "tell", "done"),
    )
    running = case(xml)

    assert running.marking.service_wait == Wait(WaitKind.SERVICE, "tell")
    assert running.definition.elements["tell"].topic == "post"
    assert running.do("tell").marking.ended == "done"


@pytest.fixture
def raced(draw):
    """An event-based gateway: a message, a receive task, or one of two deadlines."""
    return draw.diagram(
        draw.node("startEvent", "begun"),
        draw.node("eventBasedGateway", "what_comes"),
        draw.node("intermediateCatchEvent", "news", draw.message),
        draw.node("receiveTask", "answer", messageRef="message_recall"),
        draw.node("intermediateCatchEvent", "soon", draw.timer),
        draw.node("intermediateCatchEvent", "later", draw.timer),
        *(
            draw.node("endEvent", f"by_{event}")
            + draw.chain("what_comes", event, f"by_{event}")
            for event in ("news", "answer", "soon", "later")
        ),
        draw.chain("begun", "what_comes"),
    )


@pytest.mark.parametrize("event", ["news", "answer", "soon", "later"])
def test_event_based_gateway_goes_where_the_first_event_leads(case, raced, event):
    running = case(raced)

    assert running.waits == "answer later news soon"
    assert running.marking == engine.place(running.definition, ("what_comes",))
    assert running.do(event).marking.ended == f"by_{event}"


# errors, escalations, terminate


def troubled(draw, end, *beside):
    """A sub-process of two branches, one of which may end in `trouble`; then `after`."""
    inside = [
        draw.node("startEvent", "in"),
        draw.node("parallelGateway", "fork"),
        draw.node("userTask", "risk"),
        draw.node("exclusiveGateway", "is_well", default="well"),
        draw.node("endEvent", "trouble", end),
        draw.node("userTask", "other"),
        draw.node("endEvent", "out"),
        draw.chain("in", "fork", "risk", "is_well"),
        draw.flow("well", "is_well", "out"),
        draw.flow("ill", "is_well", "trouble", "outcome == 'fail'"),
        draw.chain("fork", "other", "out"),
    ]
    return draw.diagram(
        draw.node("startEvent", "begun"),
        draw.node("subProcess", "part", "".join(inside)),
        draw.node("userTask", "after"),
        draw.node("endEvent", "done"),
        draw.chain("begun", "part", "after", "done"),
        *(
            draw.beside("part", id_, event, stops=stops)
            + draw.node("userTask", f"mend_{id_}")
            + draw.chain(id_, f"mend_{id_}", "done")
            for id_, event, stops in beside
        ),
    )


def test_sub_process_ends_when_all_its_tokens_have(case, draw):
    running = case(troubled(draw, ""))

    assert running.waits == "other risk"
    assert running.do("risk").waits == "other"
    assert running.do("other").waits == "after"


def test_terminate_end_stops_its_own_sub_process_alone(case, draw):
    running = case(troubled(draw, draw.terminate)).do("risk", outcome="fail")

    assert running.waits == "after"


def test_terminate_end_at_the_top_stops_everything(case, draw):
    running = case(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("parallelGateway", "fork"),
            draw.node("userTask", "one"),
            draw.node("userTask", "two"),
            draw.node("endEvent", "stopped", draw.terminate),
            draw.node("endEvent", "done"),
            draw.chain("begun", "fork", "one", "stopped"),
            draw.chain("fork", "two", "done"),
        )
    ).do("one")

    assert running.marking.waits == ()
    assert running.marking.ended == "stopped"


@pytest.mark.parametrize(
    ("beside", "mended"),
    [
        ([("lost", "lost", True)], "mend_lost"),
        ([("any", "any_error", True)], "mend_any"),
        ([("any", "any_error", True), ("lost", "lost", True)], "mend_lost"),
        ([("late", "late", True), ("lost", "lost", True)], "mend_lost"),
        ([("lost", "lost", False)], "mend_lost"),
    ],
    ids=["its code", "any", "its code before any", "not another code", "always interrupts"],
)
def test_error_is_caught_beside_the_sub_process_and_ends_it(case, draw, beside, mended):
    events = [(id_, getattr(draw, event), stops) for id_, event, stops in beside]
    running = case(troubled(draw, draw.lost, *events)).do("risk", outcome="fail")

    assert running.waits == mended


def test_error_that_nothing_catches_stops_the_act(case, draw):
    running = case(troubled(draw, draw.lost, ("late", draw.late, True)))

    with pytest.raises(ProcessStuck) as stuck:
        running.do("risk", outcome="fail")
    assert str(stuck.value) == "Không sự kiện biên nào nhận lỗi của “trouble”."


@pytest.mark.parametrize(
    ("beside", "waits"),
    [
        ([("told", "told", True)], "mend_told"),
        ([("told", "told", False)], "mend_told other"),
        ([], "other"),
        ([("lost", "any_error", True)], "other"),
    ],
    ids=["interrupting", "not interrupting", "nowhere", "not as an error"],
)
def test_escalation_is_told_beside_the_sub_process(case, draw, beside, waits):
    events = [(id_, getattr(draw, event), stops) for id_, event, stops in beside]
    running = case(troubled(draw, draw.told, *events)).do("risk", outcome="fail")

    assert running.waits == waits


def test_error_is_not_caught_beside_another_sub_process(case, draw):
    """Two sub-processes side by side catch the same code: each its own."""

    def part(name):
        inside = [
            draw.node("startEvent", f"{name}_in"),
            draw.node("userTask", f"{name}_risk"),
            draw.node("endEvent", f"{name}_lost", draw.lost),
            draw.chain(f"{name}_in", f"{name}_risk", f"{name}_lost"),
        ]
        return (
            draw.node("subProcess", name, "".join(inside))
            + draw.beside(name, f"{name}_failed", draw.lost)
            + draw.node("userTask", f"{name}_mend")
            + draw.chain("fork", name, "done")
            + draw.chain(f"{name}_failed", f"{name}_mend", "done")
        )

    running = case(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("parallelGateway", "fork"),
            draw.node("endEvent", "done"),
            draw.chain("begun", "fork"),
            part("one"),
            part("two"),
        )
    )

    assert running.do("two_risk").waits == "one_risk two_mend"
