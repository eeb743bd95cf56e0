"""Merkle trees over a log: roots, and proofs that something is in it and that it only grew.

As in RFC 9162, section 2.1 (and RFC 6962): leaves and nodes are hashed with different first bytes,
so that neither can pass for the other. Pure: a `Node` gives the hash of a complete subtree, from
wherever it is kept, so a proof costs some twenty look-ups and not a million hashes.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeAlias

Node: TypeAlias = Callable[[int, int], bytes]
"""`node(level, index)`: the hash of the `index`-th complete subtree of 2**level leaves."""

EMPTY = hashlib.sha256().digest()
"""The root of a log with nothing in it."""

_LENGTH = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf that holds these bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees beside each other."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(size: int, node: Node) -> bytes:
    """The hash over the first `size` leaves."""
    return _over(0, size, node) if size else EMPTY


def inclusion(place: int, size: int, node: Node) -> list[bytes]:
    """Proof that a leaf stands at this place (from 0) of a log of this size."""
    if not 0 <= place < size:
        message = f"a log of {size} has no place {place}"
        raise ValueError(message)
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _half(end - start)
        if place < middle:
            path.append(_over(middle, end, node))
            end = middle
        else:
            path.append(_over(start, middle, node))
            start = middle
    return path[::-1]


def consistency(old: int, size: int, node: Node) -> list[bytes]:
    """Proof that a log of this size begins with what it held when its size was `old`."""
    if not 0 < old <= size:
        message = f"a log of {size} was never one of {old}"
        raise ValueError(message)
    start, end, is_whole, path = 0, size, True, []
    while old != end:
        middle = start + _half(end - start)
        if old <= middle:
            path.append(_over(middle, end, node))
            end = middle
        else:
            path.append(_over(start, middle, node))
            start, is_whole = middle, False
    if not is_whole:
        path.append(_over(start, end, node))
    return path[::-1]


def is_included(
    leaf: bytes, place: int, size: int, proof: Sequence[bytes], known_root: bytes
) -> bool:
    """Whether the proof leads from the leaf at this place to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= place < size or not _are_hashes((leaf, *proof)):
        return False
    at, last, found = place, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at % 2 or at == last:
            found = node_hash(sibling, found)
            at, last = _to_right_child(at, last)
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == known_root


def is_consistent(
    old: int, size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the log with the new root begins with the old one (2.1.4.2)."""
    if not 0 < old <= size or not _are_hashes((old_root, new_root, *proof)):
        return False
    if old == size:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else [*proof]
    if not path:
        return False
    at, last = old - 1, size - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            at, last = _to_right_child(at, last)
        else:
            after = node_hash(after, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and (before, after) == (old_root, new_root)


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over a power of two of subtrees that stand beside each other."""
    while len(hashes) > 1:
        hashes = [
            node_hash(left, right)
            for left, right in zip(hashes[::2], hashes[1::2], strict=True)
        ]
    return hashes[0]


def _over(start: int, end: int, node: Node) -> bytes:
    """The hash over the leaves from `start` to before `end`, as the tree divides them."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + _half(size)
    return node_hash(_over(start, middle, node), _over(middle, end, node))


def _half(size: int) -> int:
    """The largest power of two that is smaller."""
    return 1 << ((size - 1).bit_length() - 1)


def _to_right_child(at: int, last: int) -> tuple[int, int]:
    """Up to where the path comes from the right: nothing stands beside it until there."""
    while at and not at % 2:
        at, last = at >> 1, last >> 1
    return at, last


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == _LENGTH for value in values)
