"""H4, H5 of trust.md: nothing changes untold, and the events alone lead to what the tables say."""

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.base import Base
from models.history import EventKind
from models.process import ProcessInstance
from models.session import reading
from tests.conftest import connect
from tests.trust import folding
from tests.trust.sizes import on_sqlite_at_least
from tests.trust.wandering import Wanderer, fail_at_random
from tests.trust.write_log import TOLD, Watch
from workflows import handlers, history

pytestmark = [pytest.mark.trust, pytest.mark.timeout(3600)]
ROOT = Path(__file__).parents[2]
CASES = 1_000
ACTS = 10  # for each case
SUITES = ("tests/views", "tests/workflows", "tests/awards", "tests/trust/test_repeats.py")
BY_HAND = {  # these tests write rows past our code, and look at what comes of it
    "test_right_taken_away_while_the_form_is_open_refuses_it",
    "test_removing_from_a_step_that_somebody_else_holds_is_refused",
    "test_incident_is_shown_and_tried_again",
    "test_incident_of_a_suspended_nomination_waits",
    "test_holds_changed_past_the_program_are_found",
    "test_page_counts_what_is_past_its_term",
    "test_command_writes_anew_by_what_everything_is_found",
    "test_origin_changed_in_the_row_is_found",
    "test_suspended_case_waits_with_its_deadlines",
    "test_decision_packed_three_times_is_one_archive",
    "test_signed_file_sent_three_times_is_one_version",
}
ELSEWHERE = {
    "of one reader or one form": "draft message notice mail digest saved_view export batch "
    "batch_item nominee_list message_choice command",
    "counted or gathered again from the events": "step_tally week_tally entered_text "
    "history_mark engine_state",
    "chains and logs of their own": "history_event read_chain read_event history_leaf "
    "history_node checkpoint checkpoint_key checkpoint_letter fixed_record safekeeping "
    "record_version",
    "registers, each row with who and since when": "award base_salary block block_member "
    "block_term bonus_multiple bonus_policy certificate_layout code_counter criterion "
    "dossier_item legal_basis movement paper_template person post process_definition "
    "special_day unit unit_event unit_event_part delegation acknowledgement audit_sample "
    "audit_sample_item",
    "signing in": "browser_session guessing password_link provider_account recovery_code "
    "second_factor",
    "records of a movement, told by record_version": "communication discovery inspection "
    "inspection_finding own_award registration registration_target unit_evaluation",
    "papers over many nominations, told when they act on one": "proposal proposal_entry "
    "block_meeting decision decision_draft decision_change signed_paper story",
    "of the nominee and of who judges": "nominee interest",
}
"""Every other table, by why no event of a nomination has to tell of it at once."""


NEEDED = {
    EventKind.INSTANCE_STARTED,
    EventKind.INSTANCE_ENDED,
    EventKind.INSTANCE_SUSPENDED,
    EventKind.TASK_OPENED,
    EventKind.TASK_CLAIMED,
    EventKind.TASK_COMPLETED,
    EventKind.TASK_CANCELLED,
    EventKind.CLOCK_STARTED,
    EventKind.CLOCK_STOPPED,
    EventKind.FILE_ATTACHED,
    EventKind.COMMENT_ADDED,
    EventKind.HOLD_PLACED,
}
"""Kinds without which a fold goes wrong; others are overtaken by what comes later, mostly."""


@contextmanager
def wandered(url, cases, acts, monkeypatch):
    """A province in which random acts have brought cases about; gives its engine."""
    for topic, handler in fail_at_random(5).items():
        monkeypatch.setitem(handlers.HANDLERS, topic, handler)
    engine = connect(url)
    wanderer = Wanderer(engine, seed=5)
    wanderer.begin(cases)
    wanderer.wander(cases * acts)
    yield engine
    engine.dispose()


@contextmanager
def watching():
    watch = Watch()
    watch.begin()
    yield watch
    watch.end()


def both(engine):
    """The events of every case, and its standing as the tables have it."""
    with reading(engine) as session:
        return [
            (history.of(session, instance.id), folding.stored(session, instance))
            for instance in session.query(ProcessInstance)
        ]


def differing(cases, without=None):
    """How many histories, but for one kind of event, tell of another standing than the tables."""
    return sum(_told(events, without) != stored for events, stored in cases)


def _told(events, without):
    try:
        return folding.folded(events, without=without)
    except KeyError:  # it speaks of something that was never opened
        return None


@on_sqlite_at_least
def test_history_alone_leads_to_what_the_tables_say(databases, size, monkeypatch):
    url = databases.copy("province")
    with watching() as watch, wandered(url, size(CASES), ACTS, monkeypatch) as engine:
        cases = both(engine)

    assert len(cases) == size(CASES)
    assert differing(cases) == 0
    assert dict(watch.untold) == {}
    assert {kind for kind in NEEDED if not differing(cases, kind)} == set()


@pytest.mark.parametrize(
    "kind",
    [
        EventKind.COMMENT_ADDED,
        EventKind.TASK_OPENED,
        EventKind.CLOCK_EXTENDED,
        EventKind.OPERATION_REQUESTED,
        EventKind.HOLD_PLACED,
    ],
)
def test_append_switched_off_is_caught(sqlite, kind, monkeypatch):
    append = history.append

    def forgetful(session, instance, what, **said):
        if what != kind:
            append(session, instance, what, **said)

    monkeypatch.setattr(history, "append", forgetful)
    with watching() as watch, wandered(sqlite.copy("province"), 15, 10, monkeypatch):
        pass

    assert watch.untold[""] != set()


def test_every_table_is_told_of_or_has_its_reason():
    named = [name for names in ELSEWHERE.values() for name in names.split()]

    assert sorted([*named, *TOLD]) == sorted(Base.metadata.tables)


@pytest.mark.full  # minutes: all that the suites commit, and every kind of event there is
def test_whole_suites_change_nothing_untold(tmp_path):
    path = tmp_path / "written.jsonl"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "auto",
        "-p",
        "tests.trust.write_log",
    ]
    ended = subprocess.run(
        [*command, "--write-log", str(path), *SUITES],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout[-3_000:]
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    untold = {one["test"]: one["untold"] for one in lines if one["untold"]}
    assert {test for test in untold if _name(test) not in BY_HAND} == set(), untold
    assert {kind for one in lines for kind in one["kinds"]} == set(EventKind)
    print(sum(one["transactions"] for one in lines), "transactions")  # noqa: T201 - shown


def _name(test):
    return test.rpartition("::")[2].partition("[")[0]
