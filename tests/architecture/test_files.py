"""How large files may grow, and what may stand in them."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "awards",
    "bpmn",
    "forms",
    "keeping",
    "models",
    "static",
    "templates",
    "tools",
    "views",
    "workflows",
)
CODE = {".py", ".html", ".js", ".typ", ".sh"}
MAX_LINES = 400
ONE_FILE = {"tools/verify_history.py": 800}  # H7: an inspector carries it about alone
MAX_FUNCTION = 60
WORDS = re.compile(r"nominat|award|khối|dossier|decision", re.IGNORECASE)
UNSAFE = {
    "a filter that trusts": re.compile(r"\|\s*safe\b"),
    "escaping switched off": re.compile(r"autoescape\s+false"),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an address that is a script": re.compile(r"javascript:", re.IGNORECASE),
    "htmx that evaluates": re.compile(r"hx-on|hx-vals=.js:", re.IGNORECASE),
}


def ours():
    """Our files, those at the top and those in our folders; tests and migrations left out."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in FOLDERS:
        found += (ROOT / folder).rglob("*")
    vendor = ROOT / "static" / "vendor"
    return sorted(path for path in found if path.is_file() and vendor not in path.parents)


def python():
    return [path for path in ours() if path.suffix == ".py"]


def name(path):
    return str(path.relative_to(ROOT))


def functions(path):
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_is_longer_than_400_lines():
    lengths = {
        name(path): len(path.read_text().splitlines())
        for path in ours()
        if path.suffix in CODE
    }

    assert {f: n for f, n in lengths.items() if n > ONE_FILE.get(f, MAX_LINES)} == {}
    assert len(lengths) > 100


def test_no_function_is_longer_than_60_lines():
    long = {
        f"{name(path)}:{node.lineno} {node.name}"
        for path in python()
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > MAX_FUNCTION
    }

    assert long == set()


@pytest.mark.parametrize("path", sorted((ROOT / "workflows").rglob("*.py")), ids=name)
def test_workflows_know_no_word_of_the_business(path):
    lines = path.read_text().splitlines()

    assert [(n, line) for n, line in enumerate(lines, 1) if WORDS.search(line)] == []


@pytest.mark.parametrize("what", UNSAFE)
def test_templates_hold_nothing_unsafe(what):
    templates = [path for path in ours() if path.suffix == ".html"]
    found = {
        f"{name(path)}: {match.group()}"
        for path in templates
        for match in UNSAFE[what].finditer(path.read_text())
    }

    assert found == set()
    assert templates != []


@pytest.mark.parametrize("html", [
    "{{ x|safe }}", "{{ x | safe }}", "{% autoescape false %}", "<script>x()</script>",
    "<style>b{}</style>", '<b style="x">', '<a onclick="x()">', '<a href="javascript:x()">',
    '<b hx-on:click="x()">',
])  # fmt: skip
def test_what_is_unsafe_would_be_found(html):
    assert [what for what, pattern in UNSAFE.items() if pattern.search(html)] != []


def test_nothing_in_python_is_declared_safe_markup():
    found = {
        name(path)
        for path in python()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if getattr(node, "id", getattr(node, "attr", ""))
        in {"Markup", "render_template_string"}
    }

    assert found == {"languages.py"}  # sentences of our own templates, their values escaped


def test_no_address_stands_in_for_a_form():
    """`request.values` would let a link fill in what somebody else then sends."""
    mixed = [name(path) for path in python() if "request.values" in path.read_text()]

    assert mixed == []


def test_every_exemption_carries_its_reason():
    exemption = re.compile(r"#\s*(noqa|type: ignore|pragma: no cover)\b([^#]*)(#.*)?")
    bare = {
        f"{name(path)}:{number}"
        for path in python()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (match := exemption.search(line))
        and not re.search(r" - \w| # ?\w|^# \w", f"{match[2]} {match[3] or ''}")
    }

    assert bare == set()


def test_every_public_module_says_what_it_is():
    silent = {
        name(path)
        for path in python()
        if not ast.get_docstring(ast.parse(path.read_bytes()))
    }

    assert silent == set()
