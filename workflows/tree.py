"""The tree over the log, as it is kept: the leaves, and the subtrees of every fourth level.

What lies between two kept levels is hashed anew from at most eight nodes, so a proof in a log of a
million leaves reads a handful of short ranges, and the tree costs a fifteenth of the leaves.
"""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.log import HistoryLeaf, HistoryNode
from models.writing import insert_all
from workflows import merkle
from workflows.merkle import Node

STEP = 4
_WIDE = 1 << STEP
_REMEMBERED = 4_096


def size(session: Session) -> int:
    """How many leaves there are."""
    last = session.scalar(select(func.max(HistoryLeaf.place)))
    return 0 if last is None else last + 1


def stored(session: Session) -> Node:
    """The nodes as they are kept. Raises IndexError for a subtree that is not whole.

    Reads sixteen beside each other and remembers them: many proofs share most of their nodes.
    """

    @lru_cache(maxsize=_REMEMBERED)
    def beside(level: int, group: int) -> Sequence[bytes]:
        return _kept(session, level, group * _WIDE, (group + 1) * _WIDE)

    def node(level: int, index: int) -> bytes:
        count = 1 << level % STEP
        group, first = divmod(index * count, _WIDE)
        found = beside(level - level % STEP, group)[first : first + count]
        if len(found) != count:
            message = f"node {index} of level {level} is missing"
            raise IndexError(message)
        return merkle.fold(found)

    return node


def root(session: Session, at: int) -> bytes:
    """The root over the first `at` leaves."""
    return merkle.root(at, stored(session))


def grow(session: Session, before: int, after: int) -> None:
    """Keep the subtrees that have become whole since there were `before` leaves."""
    level = STEP
    while after >> level:
        first, end = before >> level, after >> level
        below = _kept(session, level - STEP, first * _WIDE, end * _WIDE)
        rows = [
            {
                "level": level,
                "position": first + number,
                "hash": merkle.fold(below[number * _WIDE : (number + 1) * _WIDE]),
            }
            for number in range(end - first)
        ]
        insert_all(session, HistoryNode, rows)
        level += STEP


def _kept(session: Session, level: int, start: int, end: int) -> Sequence[bytes]:
    """The hashes of one kept level, from `start` to before `end`."""
    if level == 0:
        leaves = select(HistoryLeaf.hash).order_by(HistoryLeaf.place)
        return session.scalars(
            leaves.where(HistoryLeaf.place >= start, HistoryLeaf.place < end)
        ).all()
    nodes = select(HistoryNode.hash).order_by(HistoryNode.position)
    inside = HistoryNode.position >= start, HistoryNode.position < end
    return session.scalars(nodes.where(HistoryNode.level == level, *inside)).all()
