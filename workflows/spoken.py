"""Conditions in words: what a diagram's expression asks, said to somebody who reads no formulas."""

import ast
from collections.abc import Callable, Mapping
from typing import TypeAlias

from workflows import expressions
from workflows.words import N_

Say: TypeAlias = Callable[..., str]
"""Turns a marked sentence and its values into the reader's language: `say(message, **values)`."""
Name: TypeAlias = Callable[[str], str]
"""What a variable is called."""
Value: TypeAlias = Callable[[str, object], str]
"""What a variable's value is called: `value(variable, value)`."""

_COMPARED = {
    ast.Eq: N_("%(left)s là %(right)s"),
    ast.NotEq: N_("%(left)s không phải là %(right)s"),
    ast.Lt: N_("%(left)s nhỏ hơn %(right)s"),
    ast.LtE: N_("%(left)s không quá %(right)s"),
    ast.Gt: N_("%(left)s lớn hơn %(right)s"),
    ast.GtE: N_("%(left)s từ %(right)s trở lên"),
}
_LITERALS = {"true": True, "false": False, "null": None}


def condition(text: str, *, say: Say, name: Name, value: Value) -> str:
    """A condition in words. Raises BadExpression for what is no condition."""
    return _spoken(expressions.parse(text), say, name, value)


def values(found: Mapping[str, object], *, say: Say, name: Name, value: Value) -> str:
    """Variables and what they held: `kết quả là Trả lại, số điểm là 80`."""
    said = (
        say(_COMPARED[ast.Eq], left=name(one), right=value(one, held))
        for one, held in found.items()
    )
    return ", ".join(said)


def _spoken(node: ast.expr, say: Say, name: Name, value: Value) -> str:
    match node:
        case ast.BoolOp(op=op, values=parts):
            word = say(N_("và")) if isinstance(op, ast.And) else say(N_("hoặc"))
            said = [
                f"({_spoken(part, say, name, value)})"
                if isinstance(part, ast.BoolOp)
                else _spoken(part, say, name, value)
                for part in parts
            ]
            return f" {word} ".join(said)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return say(
                N_("không đúng là (%(what)s)"), what=_spoken(operand, say, name, value)
            )
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            about = next((_variable(side) for side in (left, right) if _variable(side)), "")
            sides = [_side(side, about, name, value) for side in (left, right)]
            return say(_COMPARED[type(op)], left=sides[0], right=sides[1])
    if _variable(node):
        return say(N_("có %(what)s"), what=name(_variable(node)))
    return _side(node, "", name, value)


def _variable(node: ast.expr) -> str:
    is_name = isinstance(node, ast.Name) and node.id not in _LITERALS
    return node.id if is_name and isinstance(node, ast.Name) else ""


def _side(node: ast.expr, about: str, name: Name, value: Value) -> str:
    """One side of a comparison: a variable by its name, anything else as a value of `about`."""
    if variable := _variable(node):
        return name(variable)
    match node:
        case ast.Name(id=literal):
            return value(about, _LITERALS[literal])
        case ast.UnaryOp(
            op=ast.USub(), operand=ast.Constant(value=int() | float() as held)
        ):
            return value(about, -held)
        case ast.Constant(value=held):
            return value(about, held)
    return ast.unparse(node)
