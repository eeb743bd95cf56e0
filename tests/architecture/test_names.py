"""Every name that a BPMN file uses exists in Python, and has words to be told in."""

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

import awards.registry
import forms.steps  # noqa: F401 - registers the forms
from awards import timeline
from forms.base import STEP_FORMS, StepContext, make
from models.awards import Outcome, Result
from models.history import EventKind
from models.organisation import Role
from workflows import definitions, namespaces
from workflows.diagrams import ElementKind
from workflows.handlers import HANDLERS, LISTENERS

MODELS = sorted((Path(__file__).parents[2] / "bpmn").glob("*.bpmn"))
PARSED = {path.name: definitions.parse(path.read_bytes()) for path in MODELS}
STEPS = [(name, step) for name, read in PARSED.items() for step in read.user_tasks]
ROUTES = [(step.id, outcome) for _name, step in STEPS for outcome in step.outcomes]
NS = namespaces.NS | {"di": "http://www.omg.org/spec/BPMN/20100524/DI"}

each_model = pytest.mark.parametrize("path", MODELS, ids=lambda path: path.name)
each_step = pytest.mark.parametrize(
    "step", [step for _name, step in STEPS], ids=lambda step: step.id
)


def elements(kind):
    return [e for read in PARSED.values() for e in read.elements.values() if e.kind == kind]


def test_there_is_a_model():
    assert [path.name for path in MODELS] == ["movement_award.bpmn"]
    assert awards.registry.__all__ == [
        "appraisals",
        "decision_kinds",
        "decisions",
        "evidence",
        "fixed_rows",
        "kinds",
        "minutes",
        "notices",
        "reads",
        "result_notices",
        "separation",
        "steps",
    ]


@each_model
def test_file_is_named_after_its_process(path):
    assert PARSED[path.name].key == path.stem


@each_model
def test_model_holds_no_script(path):
    tree = etree.parse(path)
    scripts = "//*[contains(translate(local-name(), 'SCRIPT', 'script'), 'script')]"
    listeners = "//c:executionListener | //c:taskListener | //@c:class | //@c:expression"

    assert tree.xpath(f"{scripts} | {listeners}", namespaces=NS) == []


@each_model
def test_every_element_lies_in_one_lane(path):
    tree = etree.parse(path)
    placed = [text.strip() for text in tree.xpath("//b:flowNodeRef/text()", namespaces=NS)]

    assert sorted(placed) == sorted(PARSED[path.name].elements)


@each_model
def test_every_element_and_flow_is_drawn(path):
    tree, read = etree.parse(path), PARSED[path.name]
    shapes = tree.xpath("//di:BPMNShape/@bpmnElement", namespaces=NS)
    edges = tree.xpath("//di:BPMNEdge/@bpmnElement", namespaces=NS)

    assert set(read.elements) - set(shapes) == set()
    assert sorted(edges) == sorted(flow.id for flow in read.flows)


@each_model
def test_lanes_are_roles(path):
    lanes = etree.parse(path).xpath("//b:lane/@id", namespaces=NS)

    assert set(lanes) - set(Role) == set()


@each_step
def test_step_has_its_own_form(step):
    assert step.form_key == step.id
    assert STEP_FORMS[step.form_key].form_key == step.form_key


@each_step
def test_step_has_a_role_and_words_and_days(step):
    assert step.role in set(Role)
    assert step.name
    assert step.stage
    assert step.public_status
    assert 0 < step.follow_up_days < step.due_days


@each_step
def test_form_offers_what_the_step_offers(app, step):
    with app.test_request_context():
        context = StepContext(date(2026, 11, 23))
        form = make(step.form_key, context, formdata=None, meta={"csrf": False})

        assert [choice.value for choice in form.outcome.choices] == list(step.outcomes)


@pytest.mark.parametrize(("step", "outcome"), ROUTES)
def test_outcome_is_a_known_one_and_has_words(step, outcome):
    assert timeline._message(EventKind.TASK_COMPLETED, step, Outcome(outcome))


def test_words_are_kept_for_steps_that_exist():
    told = {(step, outcome.value) for step, outcome in timeline._ACTS}

    assert told - set(ROUTES) == set()


def test_every_outcome_and_result_has_words():
    assert timeline._ANY_STEP.keys() == set(Outcome)
    assert timeline._ENDS.keys() == set(Result)


def test_every_end_has_a_result():
    ends = elements(ElementKind.END)

    results = {result.value for result in Result} - {Result.CANCELLED.value}

    assert {end.result for end in ends} == results


def test_every_topic_has_a_handler_and_every_handler_a_topic():
    assert {task.topic for task in elements(ElementKind.SERVICE)} == HANDLERS.keys()


def test_every_message_is_one_that_the_code_sends():
    assert {event.message for event in elements(ElementKind.BOUNDARY)} == {"withdrawal"}


def test_forms_and_listeners_belong_to_steps():
    ids = {step.id for _name, step in STEPS}

    assert STEP_FORMS.keys() == ids
    assert LISTENERS.keys() - ids == set()
