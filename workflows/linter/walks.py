"""Walks through the process on the engine: an act after which a case would stand still for ever.

The usual mistake is a parallel join behind an exclusive gateway: it waits for a branch that was not
taken. No rule on arrows finds all of these and none that is right; going there does.
"""

from collections.abc import Iterator
from itertools import product
from math import prod

from workflows import engine, expressions
from workflows.definitions import Definition
from workflows.diagrams import ElementKind
from workflows.engine import Marking, Wait
from workflows.errors import BadExpression, ProcessStuck
from workflows.linter.findings import Finding, short
from workflows.words import N_

OUTCOME = "outcome"
# Branches side by side stand in more combinations than anybody draws mistakes.
MAX_MOVES = 300
MAX_ANSWERS = 200
_JOINS = {ElementKind.PARALLEL, ElementKind.INCLUSIVE}
Answers = dict[str, object]


def walk(definition: Definition) -> list[Finding]:
    """Each wait whose end, with some outcome, leaves nothing to wait for, whatever else is true.

    Only joins do that. Looks at so many moves and no more; where conditions read too much, at none.
    """
    try:
        return list(_stuck(definition))
    except BadExpression:  # a word compared with a number, which these answers have made up
        return []


def _stuck(definition: Definition) -> Iterator[Finding]:
    values = _values(definition)
    has_joins = any(element.kind in _JOINS for element in definition.elements.values())
    if not has_joins or prod(map(len, values.values())) > MAX_ANSWERS:
        return
    waiting = list(_begun(definition, values))
    seen: set[Marking] = set()
    told: set[tuple[str, str]] = set()
    left = MAX_MOVES
    while waiting and left > 0:
        marking = waiting.pop()
        if marking in seen:
            continue
        seen.add(marking)
        for wait, outcome, answers in _acts(definition, marking, values):
            left -= len(answers)
            after, reason = _tried(definition, marking, wait, answers)
            waiting += after
            if not after and (wait.element, outcome) not in told:
                told.add((wait.element, outcome))
                yield _finding(definition, wait, outcome, reason)


def _begun(definition: Definition, values: dict[str, list[object]]) -> Iterator[Marking]:
    for answers in _combined(values):
        try:
            yield engine.start(definition, answers)
        except ProcessStuck:
            continue


def _acts(
    definition: Definition, marking: Marking, values: dict[str, list[object]]
) -> Iterator[tuple[Wait, str, list[Answers]]]:
    """Each wait with each outcome it offers, and what else may be true then."""
    for wait in marking.waits:
        element = definition.elements.get(wait.element)
        outcomes = element.outcomes if element else ()
        for outcome in outcomes or ("",):
            fixed: dict[str, list[object]] = {OUTCOME: [outcome]} if outcome else {}
            yield wait, outcome, _combined(values | fixed)


def _tried(
    definition: Definition, marking: Marking, wait: Wait, answers: list[Answers]
) -> tuple[list[Marking], str]:
    """Where the act leads to, and why it leads nowhere."""
    found: list[Marking] = []
    reason = ""
    for answer in answers:
        try:
            found.append(engine.move(definition, marking, wait, answer))
        except ProcessStuck as error:
            reason = str(error)
    return found, reason


def _values(definition: Definition) -> dict[str, list[object]]:
    """For each variable that conditions read, values for every comparison to hold and to fail."""
    found: dict[str, list[object]] = {name: [None] for name in sorted(definition.reads)}
    for condition in sorted(flow.condition or "true" for flow in definition.flows):
        for name, value in sorted(expressions.compared(condition), key=repr):
            found[name] += [v for v in _around(value) if v not in found[name]]
    return found


def _around(value: object) -> list[object]:
    if isinstance(value, bool):
        return [True, False]
    if isinstance(value, int | float):
        return [value - 1, value, value + 1]
    return [0] if value is None else [value]  # and null is another than any text


def _combined(values: dict[str, list[object]]) -> list[Answers]:
    return [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]


def _finding(definition: Definition, wait: Wait, outcome: str, reason: str) -> Finding:
    element = definition.elements.get(wait.element)
    return Finding(
        short(wait.element),
        short(element.name if element else ""),
        N_("Xong phần tử này với kết quả “%(outcome)s”, hồ sơ đứng lại mãi: %(reason)s")
        if outcome
        else N_("Xong phần tử này, hồ sơ đứng lại mãi: %(reason)s"),
        N_(
            "Thường là cổng song song gộp những nhánh chỉ có một nhánh được đi: gộp chúng bằng "
            "cổng loại trừ."
        ),
        {"reason": reason} | ({"outcome": outcome} if outcome else {}),
    )
