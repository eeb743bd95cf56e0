"""X2 of trust.md: whatever stands in a condition, nothing is called and nothing reached into.

The variables hold a trap: an object that notes every attribute that is asked of it, every call and
every index. A condition answers yes or no or is refused in words, within ten milliseconds.
"""

import builtins
import itertools
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workflows import expressions
from workflows.errors import BadExpression

pytestmark = [pytest.mark.trust, pytest.mark.timeout(1800)]
RANDOM, CRAFTED = 100_000, 500
MAX_SECONDS = 0.01
WORDS = (
    "outcome", "score", "trap", "never_set", "true", "false", "null", "and", "or", "not", "in",
    "is", "if", "else", "for", "lambda", "await", "yield", "==", "!=", "<", "<=", ">", ">=", "=",
    ":=", "(", ")", "[", "]", "{", "}", ".", ",", ":", "+", "-", "*", "**", "/", "%", "@", "~", "|",
    "&", "^", "<<", ">>", "'x'", '"y"', "f'{trap}'", "b'z'", "0", "1", "-1", "2.5", "9", "0x1F",
    "1e9", "1j", "1_0", "...", "${", "$", "__class__", "__import__", "_", "#", ";", "\\", "\n",
    "\t", "\0", "９", "é", "ﬁ", "𝒶", "\u202e", "\ud800", "trap.x", "trap()", "trap[0]", "print",
)  # fmt: skip
HOSTILE = (
    "__import__('os').system('true')", "().__class__.__mro__[1].__subclasses__()",
    "trap.x", "trap.__class__", "trap()", "trap(1)", "trap[0]", "trap['x']", "trap[1:2]",
    "*trap", "**trap", "trap.x.y", "trap.x()", "trap + 1", "1 + trap", "-trap", "~trap",
    "trap @ trap", "trap ** trap", "trap // 1", "trap % 1", "trap << 1", "trap if trap else trap",
    "lambda: trap", "lambda trap: trap()", "(lambda: trap)()", "[x for x in trap]",
    "{x for x in trap}", "{x: x for x in trap}", "(x for x in trap)", "[*trap]", "{**trap}",
    "(x := trap)", "f'{trap}'", "f'{trap!r}'", "f'{trap.x}'", "f'{trap:>{trap}}'", "'%s' % trap",
    "'{0.x}'.format(trap)", "trap in trap", "trap not in trap", "trap is trap", "trap is not None",
    "1 < trap < 3", "1 == 1 == 1", "await trap", "yield trap", "yield from trap", "print(trap)",
    "eval('trap.x')", "exec('trap()')", "open('/etc/passwd')", "getattr(trap, 'x')", "globals()",
    "vars()", "dir()", "breakpoint()", "exit()", "9**9**9", "9**9**9**9", "10**10**10 > 1",
    "'x' * 10**9", "[0] * 10**9", "1 << 10**9", "b'x'", "b'x' == b'y'", "...", "Ellipsis()", "1j",
    "{}", "[]", "()", "(1,)", "[1]", "{1}", "{1: 2}", "{'a': trap}", "[trap]", "(trap,)",
    "__builtins__", "__name__", "_private", "__debug__", "score.real", "outcome.upper",
    "outcome.upper()", "outcome[0]", "'x'.join(outcome)", "outcome % 1", "score.__add__(1)",
    "import os", "del trap", "trap = 1", "trap == 1; trap", "pass", "return trap", "assert trap",
    "raise trap", "global trap", "with trap: pass", "#", "# trap", "\\", "'", '"', "'''", "${${x}}",
    "$trap", "`trap`", "<%= trap %>", "#{trap}", "{{ trap }}", "=trap", "=cmd|'/c calc'!A0",
)  # fmt: skip
AROUND = ("{}", "not {}", "({})", "true and {}", "false or ({})", "${{{}}}", "{} == 1")
TALL = (
    "(" * 250 + "1" + ")" * 249, "not " * 124 + "x", "-" * 499 + "1", "[" * 250 + "]" * 250,
    "x" * 501, "1" * 500, "9" * 500 + "e" + "9" * 5, " " * 100_000, "(" * 100_000, "not " * 50_000,
    "x and " * 83 + "x", "x == " * 90 + "x", "'" + "\\N{SPACE}" * 40 + "'", "\n" * 500,
    "f'" + "{" * 200 + "}" * 200 + "'", "lambda:" * 70 + "0", "x." * 249 + "x",
    "x[" * 160 + "]" * 160,
    "((" * 90 + "x" + "))" * 90, "a" + "=" * 400, "1" + "+1" * 249, "0x" + "f" * 498, "0" * 500,
)  # fmt: skip


class Trap:
    """Notes what is done to it."""

    def __init__(self, sprung: list[str]) -> None:
        object.__setattr__(self, "sprung", sprung)

    def __getattribute__(self, name: str) -> Any:
        if name == "__class__":  # asked by isinstance, which asks the type first
            return object.__getattribute__(self, name)
        object.__getattribute__(self, "sprung").append(f"attribute {name}")
        return self

    def _spring(self, *_: Any) -> Any:
        object.__getattribute__(self, "sprung").append("used")
        return self

    def __iter__(self) -> Any:
        object.__getattribute__(self, "sprung").append("iterated")
        return iter(())

    def __format__(self, spec: str) -> str:
        object.__getattribute__(self, "sprung").append("formatted")
        return ""

    __call__ = __getitem__ = __add__ = __radd__ = __pow__ = __neg__ = __invert__ = _spring


Evaluate = Callable[[str, Mapping[str, object]], object]


def faults(text: str, evaluate: Evaluate = expressions.evaluate) -> list[str]:
    """What evaluating a text has done that it should not."""
    found: list[str] = []
    variables = {"outcome": "return", "score": 80, "trap": Trap(found)}
    before = time.process_time()
    try:
        answer = evaluate(text, variables)
        found += [] if isinstance(answer, bool) else [f"answered {type(answer).__name__}"]
    except BadExpression:
        pass
    except BaseException as error:  # noqa: BLE001 - anything else is a fault
        found.append(type(error).__name__)
    seconds = time.process_time() - before
    return found + ([f"took {seconds}"] if seconds > MAX_SECONDS else [])


def crafted() -> list[str]:
    """Five hundred strings that somebody has thought about."""
    return [around.format(text) for text in HOSTILE for around in AROUND] + list(TALL)


def test_crafted_strings_do_nothing():
    texts = crafted()

    found = [
        (text[:80], faults(text) and faults(text)) for text in texts
    ]  # once more if slow

    assert len(set(texts)) > CRAFTED
    assert [(text, wrong) for text, wrong in found if wrong] == []


@pytest.mark.parametrize("text", [t for t in HOSTILE if t not in {"#", "# trap"}])
def test_hostile_string_is_refused(text):
    with pytest.raises(BadExpression):
        expressions.evaluate(text, {"trap": 1, "outcome": "return", "score": 80})


def test_random_words_do_nothing(size):
    chance = random.Random(7)
    for _ in range(size(RANDOM)):
        glue = chance.choice(("", " ", " "))
        text = glue.join(chance.choices(WORDS, k=chance.randint(1, 12)))
        assert (faults(text) and faults(text)) == [], text


def test_random_texts_do_nothing(size):
    parts = st.one_of(st.sampled_from(WORDS), st.text(max_size=8))
    texts = st.one_of(st.text(max_size=60), st.lists(parts, max_size=10).map(" ".join))

    @settings(
        max_examples=size(RANDOM) // 10,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(texts)
    def look(text: str) -> None:
        assert (faults(text) and faults(text)) == []

    look()


def test_python_in_place_of_our_grammar_is_caught():
    def evaluate(text: str, variables: Mapping[str, object]) -> object:
        return eval(text, {"__builtins__": builtins}, dict(variables))  # noqa: S307 - the break

    harmless = ("trap.x", "trap()", "trap[0]", "f'{trap}'", "[x for x in trap]", "(x := 1)")
    found = [faults(text, evaluate) for text in harmless]

    assert all(found)
    assert {w for w in itertools.chain(*found) if not w.startswith("took")} >= {
        "attribute x", "used", "formatted", "iterated",
    }  # fmt: skip
