"""R15: a bad file is deployed and started, or refused in words; it never hangs or falls over."""

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.workflows.linter.conftest import KNOWN
from tests.workflows.linter.huge import HUGE
from workflows import definitions, engine
from workflows.errors import ProcessStuck
from workflows.linter import Budget, check, lint
from workflows.linter.trials import trial

ODD = sorted((Path(__file__).parents[2] / "data" / "bpmn" / "odd").glob("*.bpmn"))
MAX_SECONDS = 1.0
TRIES = 2  # the shorter counts: a busy machine makes processors slow
SOUND = {
    "boundary-message",
    "byte-order-mark",
    "a-collapsed-pool",
    "condition-cdata",
    "conversation",
    "crlf",
    "data-object",
    "data-object-of-nobody",
    "data-object-two-levels-down",
    "drawn-at-a-word",
    "drawn-at-infinity",
    "drawn-at-nan",
    "id-vietnamese",
    "miwg-a-1-0-for-people",
    "miwg-a-2-0-for-people",
    "start-and-end",
    "scheme-in-names",
    "stylesheet",
    "utf-16",
    "utf-16-that-says-utf-8",
}
SOUND_AND_HUGE = {"huge_text", "long_chain"}
RUNAWAYS = {"endless-loop-with-an-exit", "million-instances"}


def judge(xml):
    """What keeps the file out, as the child finds it, and the seconds of looking."""
    before = time.process_time()
    findings = lint(xml, KNOWN) or trial(xml)
    return findings, time.process_time() - before


def check_findings(findings):
    assert all(str(finding) for finding in findings)
    assert all(finding.advice % finding.values for finding in findings)
    assert all(len(f.element) <= 80 and f.element.isprintable() for f in findings)


@pytest.mark.parametrize("path", ODD, ids=lambda path: path.stem)
def test_odd_file_is_started_or_refused_in_words(path):
    findings, seconds = judge(path.read_bytes())

    check_findings(findings)
    assert bool(findings) == (path.stem not in SOUND)
    assert seconds < MAX_SECONDS


def test_there_are_enough_odd_files():
    assert len(ODD) >= 60
    assert {path.stem for path in ODD} >= SOUND | RUNAWAYS


@pytest.mark.parametrize("name", HUGE)
def test_huge_file_is_started_or_refused_in_words(name):
    judged = [judge(HUGE[name]()) for _ in range(TRIES)]

    for findings, _seconds in judged:
        check_findings(findings)
        assert bool(findings) == (name not in SOUND_AND_HUGE)
    assert min(seconds for _findings, seconds in judged) < MAX_SECONDS


@pytest.mark.parametrize("name", sorted(RUNAWAYS))
def test_dangerous_file_is_refused_by_the_child(name):
    (path,) = [path for path in ODD if path.stem == name]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime

    assert check(path.read_bytes(), KNOWN) != []
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 2


# what would happen without


def odd(name):
    return next(path for path in ODD if path.stem == name).read_bytes()


def test_control_without_the_rules_the_engine_stops_an_endless_loop():
    definition = definitions.parse(odd("endless-gateways"))

    with pytest.raises(ProcessStuck):
        engine.start(definition, {})


def test_control_without_care_the_parser_loops_and_the_limits_end_it():
    """The parser itself never comes back from data objects two levels up."""
    budget = Budget(seconds=2)
    script = (
        "import sys; from lxml import etree\n"
        "from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser\n"
        "from workflows.budgets import Budget, limit\n"
        f"limit(Budget{tuple(budget)}); parser = BpmnParser()\n"
        "parser.add_bpmn_xml(etree.fromstring(sys.stdin.buffer.read()))\n"
        "parser.get_spec('leave'); parser.get_subprocess_specs('leave')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        input=odd("data-object-two-levels-down"),
        cwd=Path(__file__).parents[3],
        capture_output=True,
        check=False,
    )

    assert run.returncode < 0  # the kernel has ended it


def test_control_without_the_limit_a_large_diagram_takes_long(monkeypatch):
    monkeypatch.setattr("workflows.linter.elements.MAX_ELEMENTS", 10**9)

    (first, *_others) = lint(HUGE["five_thousand_nodes"](), KNOWN)

    assert first.message != "Sơ đồ có %(count)s phần tử, quá %(limit)s."
