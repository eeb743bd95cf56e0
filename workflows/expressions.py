"""A tiny, total expression language for the conditions on sequence flows.

`outcome == 'return' and score >= 80`. A name never set is null; null equals null and compares
false with everything else. Nothing can be called, and nothing reached through a dot.
"""

import ast
import operator
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from workflows.errors import BadExpression
from workflows.words import N_

MAX_LENGTH = 500
_LITERALS = {"true": True, "false": False, "null": None}
_EQUAL: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def evaluate(text: str, variables: Mapping[str, object]) -> bool:
    """Whether the condition holds. Raises BadExpression, and nothing else, for bad text."""
    try:
        return bool(_value(parse(text), variables))
    except (TypeError, RecursionError) as error:
        raise BadExpression(
            N_("Không so sánh được trong “%(text)s”."), text=text
        ) from error


def names(text: str) -> frozenset[str]:
    """The variables that the condition reads."""
    return frozenset().union(*(_variables(node) for node in ast.walk(parse(text))))


def compared(text: str) -> frozenset[tuple[str, object]]:
    """The variables that the condition reads, each with a value that it is compared with.

    One that is not compared stands with true; two compared with each other stand with 0.
    """
    pairs: set[tuple[str, object]] = set()
    for node in ast.walk(parse(text)):
        if isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            said = [_value(side, {}) for side in sides if not _variables(side)] or [0]
            pairs |= {(name, said[0]) for side in sides for name in _variables(side)}
    alone = names(text) - {name for name, _ in pairs}
    return frozenset(pairs | {(name, True) for name in alone})


@lru_cache(maxsize=1000)
def parse(text: str) -> ast.expr:
    """Read a condition, `${…}` around it or not, and check every node of it once."""
    inner = text.strip()
    if inner.startswith("${") and inner.endswith("}"):
        inner = inner[2:-1]
    if len(inner) > MAX_LENGTH:
        raise BadExpression(N_("Điều kiện dài quá %(limit)s ký tự."), limit=MAX_LENGTH)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python frowns at is no condition of ours
            tree = ast.parse(inner.strip(), mode="eval").body
    except (Warning, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadExpression(
            N_("Không đọc được điều kiện “%(text)s”."), text=text
        ) from error
    _value(tree, {}, checking=True)
    return tree


def _value(
    node: ast.expr, variables: Mapping[str, object], *, checking: bool = False
) -> Any:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() | None as value):
            return value
        case ast.Name(id=name) if name in _LITERALS:
            return _LITERALS[name]
        case ast.Name(id=name) if not name.startswith("_"):
            return variables.get(name)
        case ast.UnaryOp(
            op=ast.USub(), operand=ast.Constant(value=int() | float() as value)
        ):
            return -value
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, variables, checking=checking)
        case ast.BoolOp(op=op, values=values):
            held = [bool(_value(v, variables, checking=checking)) for v in values]
            return all(held) if isinstance(op, ast.And) else any(held)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            pair = (
                _value(left, variables, checking=checking),
                _value(right, variables, checking=checking),
            )
            return _compare(op, *pair, checking=checking)
    raise BadExpression(
        N_("“%(node)s” không được dùng trong điều kiện."), node=type(node).__name__
    )


def _variables(node: ast.AST) -> frozenset[str]:
    """The variable that this node is, if it is one."""
    if isinstance(node, ast.Name) and node.id not in _LITERALS:
        return frozenset({node.id})
    return frozenset()


def _compare(op: ast.cmpop, left: Any, right: Any, *, checking: bool) -> bool:
    if compare := _EQUAL.get(type(op)):
        return compare(left, right)
    if compare := _ORDER.get(type(op)):
        if checking or left is None or right is None:
            return False
        return compare(left, right)
    raise BadExpression(
        N_("“%(node)s” không được dùng trong điều kiện."), node=type(op).__name__
    )
