"""The check in a process of its own: within its budget, whatever the file does."""

import sys
import time

import pytest

from tests.workflows.linter.conftest import KNOWN, file, one_step
from tests.workflows.linter.huge import huge_text
from workflows import children
from workflows.linter import Budget, Finding, check
from workflows.linter.findings import packed, unpacked

SOUND = file(one_step())
WRONG = file(one_step(camunda_formKey="unknown"))


def test_a_sound_file_has_no_findings():
    assert check(SOUND, KNOWN) == []


def test_findings_come_back_as_they_were_made():
    (found,) = check(WRONG, KNOWN)

    assert found == Finding(
        "ask",
        "Hỏi",
        "Không có biểu mẫu “%(key)s”.",
        "Dùng một biểu mẫu: %(forms)s; hoặc vẽ trường bằng camunda:formData.",
        {"key": "unknown", "forms": "ask"},
    )
    assert str(found).startswith("Không có biểu mẫu “unknown”. Dùng một biểu mẫu: ask;")


def test_known_names_survive_the_way_to_the_child():
    assert unpacked(packed(KNOWN)) == KNOWN


@pytest.mark.parametrize(
    "budget",
    [Budget(seconds=10, memory=20_000_000), Budget(seconds=0)],
    ids=["memory", "time"],
)
def test_what_exceeds_the_budget_is_a_finding(budget):
    (found,) = check(huge_text(), KNOWN, budget)

    assert (
        found.message == "Kiểm tra tệp này cần hơn %(seconds)s giây hoặc hơn %(memory)s MB."
    )
    assert found.element == ""


def test_a_child_that_hangs_is_ended(monkeypatch, tmp_path):
    hanging = tmp_path / "python"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o700)
    monkeypatch.setattr(children.sys, "executable", str(hanging))
    before = time.monotonic()

    (found,) = check(SOUND, KNOWN, Budget(wait=1))

    assert found.message.startswith("Kiểm tra tệp này cần hơn")
    assert time.monotonic() - before < 5


def test_a_child_that_works_for_ever_is_ended(monkeypatch, tmp_path):
    """By the time it has worked, long before the parent would lose its patience."""
    busy = tmp_path / "python"
    busy.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c '"
        "from workflows.budgets import Budget, limit\n"
        "limit(Budget(seconds=1))\n"
        "while True: pass'\n"
    )
    busy.chmod(0o700)
    monkeypatch.setattr(children.sys, "executable", str(busy))
    before = time.monotonic()

    (found,) = check(SOUND, KNOWN, Budget(seconds=1))

    assert found.message.startswith("Kiểm tra tệp này cần hơn")
    assert time.monotonic() - before < Budget().wait - 20


def test_a_child_that_is_slow_by_the_clock_alone_is_waited_for(monkeypatch, tmp_path):
    """On a busy machine: a second's work takes longer than the second."""
    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nsleep 1.2\necho '[]'\n")
    slow.chmod(0o700)
    monkeypatch.setattr(children.sys, "executable", str(slow))

    assert check(SOUND, KNOWN, Budget(seconds=1)) == []


def test_no_secret_reaches_the_child(monkeypatch, tmp_path):
    spy = tmp_path / "python"
    spy.write_text(f"#!/bin/sh\ncat > /dev/null\nenv > {tmp_path}/seen\necho '[]'\n")
    spy.chmod(0o700)
    monkeypatch.setattr(children.sys, "executable", str(spy))
    monkeypatch.setenv("SECRET_KEY", "keep this")

    assert check(SOUND, KNOWN) == []
    assert "SECRET_KEY" not in (tmp_path / "seen").read_text()
