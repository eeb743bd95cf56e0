"""Step forms: registered, true to the table, keeping and restoring what was entered."""

from datetime import date
from types import SimpleNamespace

import pytest
from werkzeug.datastructures import MultiDict

import forms.steps  # noqa: F401 - registers the forms
from awards.demo.driving import BPMN
from forms.answers import answers, changes, outcome_text
from forms.base import STEP_FORMS, StepContext, make
from models.awards import NomineeKind
from tests.stages import OUTCOMES
from workflows import definitions

TODAY = date(2026, 11, 23)
CRITERIA = [SimpleNamespace(code="on_time", name="Đúng hạn", max_points=30)]
ITEMS = [
    SimpleNamespace(code="to_trinh", name="Tờ trình", is_required=True),
    SimpleNamespace(code="sang_kien", name="Sáng kiến", is_required=False),
]


def context(**changed):
    return StepContext(**{"today": TODAY, "criteria": CRITERIA, "items": ITEMS} | changed)


@pytest.fixture
def fill(app):
    """`fill("appraise", outcome="return")` gives the form of the step, filled in."""

    def filled(key, case=None, **fields):
        with app.test_request_context(method="POST"):
            sent = MultiDict({"revision": "1", "command_key": "k"} | fields)
            return make(key, case or context(), formdata=sent, meta={"csrf": False})

    return filled


def said(form):
    """Errors by field."""
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def test_every_user_task_of_the_route_has_its_form():
    definition = definitions.parse(BPMN.read_bytes())
    assert {task.form_key for task in definition.user_tasks} <= set(STEP_FORMS)
    assert set(OUTCOMES) == set(STEP_FORMS)


@pytest.mark.parametrize("key", OUTCOMES)
def test_form_offers_the_outcomes_of_the_table(fill, key):
    assert {choice.value for choice in fill(key).outcome.choices} == OUTCOMES[key]


@pytest.mark.parametrize("key", OUTCOMES)
def test_form_hands_the_engine_the_outcome_and_nothing_else(fill, key):
    form = fill(key, outcome="approve", reason="Một lời", opinion="Một ý")
    assert form.variables() == {"outcome": "approve"}


@pytest.mark.parametrize("key", OUTCOMES)
def test_content_keeps_no_key_of_the_sending(fill, key):
    kept = fill(key, outcome="approve").content()
    assert {"csrf_token", "revision", "command_key", "confirmed"} & set(kept) == set()


@pytest.mark.parametrize(
    ("key", "outcome", "is_final"),
    [
        ("prepare_nomination", "withdraw", True),
        ("approve_by_unit", "return", False),
        ("review_by_block", "not_selected", True),
        ("appraise", "refuse", False),
        ("approve_by_department", "refuse", True),
        ("decide_by_chairman", "refuse", True),
        ("issue_decision", "approve", False),
    ],
)
def test_final_outcomes_are_those_that_end_the_nomination(fill, key, outcome, is_final):
    assert fill(key, outcome=outcome).is_final() == is_final


def test_withdrawal_while_preparing_needs_a_reason_and_nothing_else(app, fill):
    with app.test_request_context():
        bare, good = (
            fill("prepare_nomination", outcome="withdraw"),
            fill("prepare_nomination", outcome="withdraw", reason="Để sau"),
        )
        assert (bare.validate(), good.validate()) == (False, True)
        assert said(bare) == {"reason": ["Ghi rõ lý do."]}


@pytest.mark.parametrize("day", ["23/11/2026", "24/11/2026"])
def test_birth_is_before_today(app, fill, day):
    with app.test_request_context():
        form = fill(
            "prepare_nomination",
            outcome="approve",
            nominee_name="A",
            achievements="B",
            birth_date=day,
        )
        assert not form.validate()
        assert said(form) == {"birth_date": ["Ngày sinh phải trước hôm nay."]}


def test_collective_has_no_birthday(app, fill):
    case = context(nominee_kind=NomineeKind.COLLECTIVE)
    with app.test_request_context():
        form = fill(
            "prepare_nomination",
            case,
            outcome="approve",
            nominee_name="A",
            achievements="B",
            birth_date="1/1/1990",
        )
        assert form.validate()
        assert form.content()["birth_date"] is None
        assert form.content()["nominee_kind"] == "collective"


@pytest.mark.parametrize(
    ("day", "sound"), [("23/11/2026", True), ("", True), ("24/11/2026", False)]
)
def test_receipt_is_not_after_today(app, fill, day, sound):
    with app.test_request_context():
        form = fill(
            "receive_by_department",
            outcome="approve",
            item__to_trinh="present",
            received_on=day,
        )
        assert form.validate() == sound


def test_receipt_once_stamped_stays(app, fill):
    case = context(received_on=date(2026, 11, 2))
    with app.test_request_context():
        form = fill(
            "receive_by_department",
            case,
            outcome="approve",
            item__to_trinh="present",
            received_on="20/11/2026",
        )
        assert form.validate()
        assert form.content()["received_on"] == "2026-11-02"


@pytest.mark.parametrize(
    ("state", "sound"), [("present", True), ("missing", False), ("", False)]
)
def test_receipt_wants_required_papers_seen(app, fill, state, sound):
    with app.test_request_context():
        form = fill("receive_by_department", outcome="approve", item__to_trinh=state)
        assert form.validate() == sound


def test_receipt_lists_what_is_missing(fill):
    form = fill(
        "receive_by_department",
        item__to_trinh="missing",
        note__to_trinh="chưa ký",
        item__sang_kien="missing",
    )
    assert form.items_text() == "Tờ trình: chưa ký\nSáng kiến"


@pytest.mark.parametrize(
    ("day", "sound"),
    [("24/11/2026", True), ("23/11/2026", False), ("", False), ("x", False)],
)
def test_itemised_return_waits_until_after_today(app, fill, day, sound):
    with app.test_request_context():
        form = fill(
            "appraise", outcome="return", return_items="Tờ trình", supplement_by=day
        )
        assert form.validate() == sound


@pytest.mark.parametrize(
    ("votes", "total", "sound"),
    [("5", "5", True), ("0", "1", True), ("6", "5", False), ("5", "", False)],
)
def test_votes_are_at_most_all(app, fill, votes, total, sound):
    with app.test_request_context():
        form = fill(
            "review_by_block",
            outcome="approve",
            score="1",
            votes_for=votes,
            votes_total=total,
        )
        assert form.validate() == sound


@pytest.mark.parametrize("key", OUTCOMES)
def test_form_restores_what_was_entered_but_the_answer(app, fill, key):
    entered = fill(
        key,
        outcome="approve",
        reason="Vì thế",
        opinion="Được",
        birth_date="1/2/1980",
        supplement_by="30/11/2026",
        score__on_time="29",
        is_leader="y",
        item__to_trinh="missing",
    )
    with app.test_request_context():
        again = make(key, context(), formdata=None, meta={"csrf": False})
        again.restored(entered.content())
        blank = {"outcome": None, "reason": None}
        assert again.content() | blank == entered.content() | blank
        assert not again.outcome.data


def test_answers_are_labels_and_texts(app, fill):
    content = fill(
        "receive_by_department",
        outcome="return",
        item__to_trinh="missing",
        supplement_by="30/11/2026",
    ).content()
    with app.test_request_context():
        found = answers(
            "receive_by_department", context(), content, without=frozenset({"outcome"})
        )
        assert found == [("Hạn bổ sung", "30/11/2026"), ("Tờ trình", "Còn thiếu")]
        assert (
            outcome_text("receive_by_department", context(), content) == "Trả lại bổ sung"
        )


def test_answers_of_a_form_that_is_gone_are_empty(app):
    with app.test_request_context():
        assert answers("gone", context(), {"outcome": "approve"}) == []
        assert outcome_text("gone", context(), {"outcome": "approve"}) == ""


def test_changes_name_what_differs(app, fill):
    before = fill(
        "prepare_nomination",
        outcome="approve",
        nominee_name="An",
        is_leader="y",
        score__on_time="5",
    ).content()
    after = fill(
        "prepare_nomination",
        outcome="approve",
        nominee_name="Bình",
        score__on_time="5",
        reason="x",
    ).content()
    with app.test_request_context():
        assert changes("prepare_nomination", context(), before, after) == [
            ("Tên cá nhân, tập thể, hộ gia đình", "An", "Bình"),
            ("Là lãnh đạo, quản lý", "Có", ""),
        ]
