"""The engine against the process table of the award, and against its own promises."""

import copy
import dataclasses
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows import definitions, engine
from workflows.diagrams import ElementKind
from workflows.engine import Marking, Wait, WaitKind
from workflows.errors import BadDefinition, ProcessStuck

ROOT = Path(__file__).parents[2]
AWARD = definitions.parse((ROOT / "bpmn" / "movement_award.bpmn").read_bytes())
STEPS = [
    "prepare_nomination",
    "approve_by_unit",
    "review_by_block",
    "receive_by_department",
    "appraise",
    "approve_by_department",
    "check_by_office",
    "decide_by_chairman",
    "issue_decision",
]
# (step, outcome): where the process stands next, or "end " and the result
TABLE = {
    ("prepare_nomination", "approve"): "approve_by_unit",
    ("prepare_nomination", "withdraw"): "end withdrawn",
    ("approve_by_unit", "approve"): "review_by_block",
    ("approve_by_unit", "return"): "prepare_nomination",
    ("approve_by_unit", "withdraw"): "end withdrawn",
    ("review_by_block", "approve"): "receive_by_department",
    ("review_by_block", "return"): "prepare_nomination",
    ("review_by_block", "not_selected"): "end not_selected",
    ("receive_by_department", "approve"): "appraise",
    ("receive_by_department", "return"): "prepare_nomination",
    ("appraise", "approve"): "approve_by_department",
    ("appraise", "return"): "prepare_nomination",
    ("appraise", "refuse"): "approve_by_department",
    ("approve_by_department", "approve"): "check_by_office",
    ("approve_by_department", "return"): "appraise",
    ("approve_by_department", "refuse"): "end refused",
    ("check_by_office", "approve"): "decide_by_chairman",
    ("check_by_office", "return"): "appraise",
    ("decide_by_chairman", "approve"): "issue_decision",
    ("decide_by_chairman", "return"): "check_by_office",
    ("decide_by_chairman", "refuse"): "end refused",
    ("issue_decision", "approve"): "end awarded",
    ("issue_decision", "return"): "check_by_office",
}
SERVED = {
    ("approve_by_department", "refuse"): ["notify_refusal"],
    ("decide_by_chairman", "refuse"): ["notify_refusal"],
    ("issue_decision", "approve"): ["make_decision_paper"],
}
WITHDRAWABLE = STEPS[:-1]


def at(step: str) -> Marking:
    return engine.place(AWARD, (step,))


def user_wait(marking: Marking) -> Wait:
    (wait,) = (wait for wait in marking.waits if wait.kind == WaitKind.USER)
    return wait


def message_waits(marking: Marking) -> list[Wait]:
    return [wait for wait in marking.waits if wait.kind == WaitKind.MESSAGE]


def answer(marking: Marking, outcome: str) -> tuple[Marking, list[str]]:
    """Complete the step and the service tasks behind it; gives the topics that were called."""
    variables: dict[str, object] = {"outcome": outcome}
    marking, topics = engine.complete(AWARD, marking, user_wait(marking), variables), []
    while wait := marking.service_wait:
        topics.append(AWARD.elements[wait.element].topic)
        marking = engine.complete(AWARD, marking, wait, variables)
    return marking, topics


def stands(marking: Marking) -> str:
    if marking.ended is not None:
        return f"end {AWARD.elements[marking.ended].result}"
    return user_wait(marking).element


def walk(*outcomes: str) -> Marking:
    marking = engine.start(AWARD, {})
    for outcome in outcomes:
        marking, _topics = answer(marking, outcome)
    return marking


# the process table


def test_start_waits_for_the_first_step():
    marking = engine.start(AWARD, {})

    assert stands(marking) == "prepare_nomination"
    assert marking.ended is None


def test_table_names_every_step_and_outcome_of_the_diagram():
    offered = {(step.id, outcome) for step in AWARD.user_tasks for outcome in step.outcomes}

    assert offered == TABLE.keys()
    assert [step.id for step in AWARD.user_tasks] == STEPS


@pytest.mark.parametrize(("step", "outcome"), TABLE)
def test_complete_leads_where_the_table_says(step, outcome):
    marking, topics = answer(at(step), outcome)

    assert stands(marking) == TABLE[step, outcome]
    assert topics == SERVED.get((step, outcome), [])


@pytest.mark.parametrize("step", WITHDRAWABLE)
def test_receive_withdraws_from_every_step_before_the_decision(step):
    marking = at(step)
    (wait,) = message_waits(marking)

    after = engine.receive(AWARD, marking, wait, {})

    assert AWARD.elements[wait.element].message == "withdrawal"
    assert after.ended == f"nomination_withdrawn_during_{step}"
    assert stands(after) == "end withdrawn"


def test_nothing_waits_for_a_withdrawal_once_the_chairman_has_decided():
    assert message_waits(at("issue_decision")) == []
    assert stands(walk(*["approve"] * 8)) == "issue_decision"


def test_an_outcome_without_a_condition_goes_forward():
    assert stands(answer(at("appraise"), "no such outcome")[0]) == "approve_by_department"


# places and states


@pytest.mark.parametrize(
    ("step", "outcome"), [row for row, to in TABLE.items() if not to.startswith("end")]
)
def test_place_equals_the_marking_reached_by_walking(step, outcome):
    assert answer(at(step), outcome)[0] == at(TABLE[step, outcome])


@pytest.mark.parametrize(
    "way",
    [
        ["approve", "approve", "approve", "approve"],
        ["approve", "return", "approve", "approve", "approve", "approve"],
        [*["approve"] * 4, "refuse", "return"],
        [*["approve"] * 6, "return", "approve", "approve", "return"],
        [*["approve"] * 8, "return", "return"],
        [*["approve"] * 4, "return", *["approve"] * 4],
    ],
)
def test_same_place_has_the_same_state_whatever_way_led_there(way):
    marking = walk(*way)

    assert stands(marking) == "appraise"
    assert marking.state == at("appraise").state


def test_state_is_the_hash_of_the_text():
    marking = at("appraise")

    assert marking.state == hashlib.sha256(marking.text.encode()).hexdigest()


def test_states_of_different_places_differ():
    markings = [at(step) for step in STEPS]
    markings += [
        answer(at(s), o)[0] for (s, o), to in TABLE.items() if to.startswith("end")
    ]

    assert len({marking.state for marking in markings}) == len(STEPS) + 6


@pytest.mark.parametrize(
    "marking",
    [
        *(at(step) for step in STEPS),
        at("make_decision_paper"),
        answer(at("issue_decision"), "approve")[0],
    ],
    ids=lambda marking: marking.text[:40],
)
def test_marking_reads_back_its_own_text(marking):
    assert engine.marking(marking.text) == marking


def test_text_is_canonical_and_holds_no_case_data():
    text = engine.start(AWARD, {"unit": "SO-TP", "outcome": "a secret"}).text

    assert text == (
        '{"at":["prepare_nomination"],"ended":null,'
        '"waits":[["message","withdrawn_during_prepare_nomination",0],'
        '["user","prepare_nomination",0]]}'
    )


@pytest.mark.parametrize("path", ["no_such_step", "prepare_nominatio", ""])
def test_place_refuses_an_unknown_element(path):
    with pytest.raises(BadDefinition) as refused:
        engine.place(AWARD, (path,))

    assert str(refused.value) == f"Sơ đồ không có phần tử “{path}”."


@pytest.mark.parametrize(
    "element", ["nomination_started", "is_appraised", "nomination_awarded"]
)
def test_place_refuses_an_element_where_nothing_waits(element):
    with pytest.raises(ProcessStuck):
        engine.place(AWARD, (element,))


# waits that are not there


@pytest.mark.parametrize(
    "wait",
    [
        Wait(WaitKind.USER, "prepare_nomination"),
        Wait(WaitKind.USER, "appraise", 1),
        Wait(WaitKind.USER, "appraise", -1),
        Wait(WaitKind.SERVICE, "appraise"),
        Wait(WaitKind.MESSAGE, "appraise"),
        Wait(WaitKind.USER, "withdrawn_during_appraise"),
        Wait(WaitKind.MESSAGE, "withdrawn_during_check_by_office"),
        Wait(WaitKind.USER, "no_such_step"),
    ],
)
def test_a_wait_that_is_not_there_is_refused(wait):
    move = engine.receive if wait.kind == WaitKind.MESSAGE else engine.complete

    with pytest.raises(ValueError, match="does not wait for"):
        move(AWARD, at("appraise"), wait, {"outcome": "approve"})


@pytest.mark.parametrize("wait", at("appraise").waits, ids=lambda wait: wait.kind)
def test_a_wait_of_another_kind_is_refused(wait):
    other = engine.complete if wait.kind == WaitKind.MESSAGE else engine.receive

    for move in (other, engine.fire):
        with pytest.raises(ValueError, match="is not for this"):
            move(AWARD, at("appraise"), wait, {"outcome": "approve"})


def test_nothing_moves_after_the_end():
    ended = walk("withdraw")

    assert ended.waits == ()
    with pytest.raises(ValueError, match="does not wait for"):
        engine.complete(AWARD, ended, Wait(WaitKind.USER, "prepare_nomination"), {})


# purity


def test_moving_changes_no_argument():
    marking, variables = at("appraise"), {"outcome": "return", "tags": ["a", {"b": 1}]}
    before, text = copy.deepcopy(variables), marking.text
    fields = dataclasses.asdict(marking)

    engine.start(AWARD, variables)
    engine.complete(AWARD, marking, user_wait(marking), variables)
    engine.receive(AWARD, marking, message_waits(marking)[0], variables)

    assert variables == before
    assert marking.text == text
    assert dataclasses.asdict(marking) == fields


def test_a_marking_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        at("appraise").text = "{}"


def test_the_same_move_twice_gives_equal_markings():
    first, _topics = answer(at("decide_by_chairman"), "refuse")
    engine._move.cache_clear()
    second, _topics = answer(at("decide_by_chairman"), "refuse")

    assert first == second


def test_variables_that_no_condition_reads_change_nothing():
    bare = engine.complete(AWARD, at("appraise"), Wait(WaitKind.USER, "appraise"), {})
    full = engine.complete(
        AWARD, at("appraise"), Wait(WaitKind.USER, "appraise"), {"unit": "X", "list": [1]}
    )

    assert full == bare


def test_a_condition_may_read_a_variable_of_any_json_kind():
    marking = engine.complete(
        AWARD, at("appraise"), Wait(WaitKind.USER, "appraise"), {"outcome": ["return"]}
    )

    assert stands(marking) == "approve_by_department"


_IN_A_FRESH_PROCESS = """
import json, sys
from pathlib import Path
from workflows import definitions, engine
from workflows.engine import Wait, WaitKind
award = definitions.parse(Path(sys.argv[1]).read_bytes())
found = {}
for step, outcome in json.loads(sys.stdin.read()):
    marking = engine.place(award, (step,))
    marking = engine.complete(award, marking, Wait(WaitKind.USER, step), {"outcome": outcome})
    found[f"{step} {outcome}"] = [marking.text, marking.state]
print(json.dumps(found))
"""


def test_the_same_inputs_give_equal_markings_in_a_fresh_process():
    rows = sorted(TABLE, reverse=True)
    run = subprocess.run(
        [sys.executable, "-c", _IN_A_FRESH_PROCESS, "bpmn/movement_award.bpmn"],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7"},
    )

    here = {}
    for step, outcome in rows:
        moved = engine.complete(AWARD, at(step), user_wait(at(step)), {"outcome": outcome})
        here[f"{step} {outcome}"] = [moved.text, moved.state]
    assert json.loads(run.stdout) == here


# random walks

OUTCOMES = st.sampled_from(["approve", "return", "not_selected", "fail_vote", "refuse"])
MOVES = st.lists(st.one_of(OUTCOMES, st.just("withdraw"), st.just("message")), max_size=40)
PLACES = {at(step).text for step in STEPS}


@settings(max_examples=60, deadline=None)
@given(moves=MOVES)
def test_random_walks_stay_in_known_places_and_end_with_a_result(moves):
    marking = engine.start(AWARD, {})
    for move in moves:
        if move != "message":
            marking, _topics = answer(marking, move)
        elif waits := message_waits(marking):
            marking = engine.receive(AWARD, marking, waits[0], {})
        if marking.ended is not None:
            break
        assert marking.text in PLACES

    if marking.ended is not None:
        end = AWARD.elements[marking.ended]
        assert end.kind == ElementKind.END
        assert end.result in {"awarded", "not_selected", "refused", "withdrawn"}


def test_two_readings_of_one_file_are_one_definition():
    xml = (ROOT / "bpmn" / "movement_award.bpmn").read_bytes()
    again = definitions.parse.__wrapped__(xml)

    assert again is not AWARD
    assert again == AWARD
    assert hash(again) == hash(AWARD)
    assert AWARD != "movement_award"
