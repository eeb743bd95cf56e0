"""Who imports whom: the contracts of pyproject.toml, and what they cannot say."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("views", "forms", "awards", "workflows", "models")
LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


def lint(folder):
    """Run import-linter where the packages are; its exit code and what it says."""
    run = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": "200", "PYTHONPATH": str(folder)},
    )
    return run.returncode, run.stdout + run.stderr


def sources(package):
    return sorted((ROOT / package).rglob("*.py"))


def imported(path):
    """The top-level names a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def test_every_contract_is_kept():
    code, said = lint(ROOT)

    assert "4 kept, 0 broken" in said
    assert code == 0


def test_a_broken_contract_is_found(tmp_path):
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("app.py", "cli.py", "history_commands.py", "jobs.py", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    for name, line in {
        "models/base.py": "import workflows.words",
        "awards/text.py": "import flask",
        "workflows/words.py": "import jobs",
        "views/rows.py": "import SpiffWorkflow",
    }.items():
        with (tmp_path / name).open("a") as file:
            file.write(f"\n{line}\n")

    code, said = lint(tmp_path)

    assert "0 kept, 4 broken" in said
    assert code == 1


@pytest.mark.parametrize("path", sources("models"), ids=lambda path: path.name)
def test_models_import_sqlalchemy_and_nothing_of_ours(path):
    known = {
        "sqlalchemy",
        "models",
        "collections",
        "contextlib",
        "dataclasses",
        "datetime",
        "enum",
        "functools",
        "json",
        "logging",
        "operator",
        "typing",
        "weakref",
    }

    assert imported(path) - known == set()


def test_the_history_alone_writes_the_history():
    writers = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in sources(package)
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call) and _makes_an_event(node)
    }

    assert writers == {"workflows/history.py"}


def _makes_an_event(call):
    """Whether the call is `HistoryEvent(…)`, or one of the writing functions given that table."""
    function = getattr(call.func, "id", "")
    given = {getattr(argument, "id", "") for argument in call.args}
    return function == "HistoryEvent" or (
        function.startswith("insert") and "HistoryEvent" in given
    )


def test_nothing_below_the_views_reads_the_clock():
    readers = {
        str(path.relative_to(ROOT))
        for package in ("forms", "awards", "workflows", "models")
        for path in sources(package)
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "time_ns"}
    }

    assert readers == set()


def test_operations_never_commit():
    committers = {
        str(path.relative_to(ROOT))
        for package in ("forms", "awards", "workflows")
        for path in sources(package)
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}
    }

    assert committers == set()
