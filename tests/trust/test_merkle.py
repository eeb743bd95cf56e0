"""H1 and H2 of trust.md: the tree is RFC 9162's, its proofs hold, and no spoilt one does.

The auditor's tool has its own copy of what verifies; it is asked the same.
"""

import hashlib
import random

import pytest

from tests.trust import bundles
from workflows import merkle

pytestmark = pytest.mark.trust
ALL = 128
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
LEAVES = [  # certificate-transparency's own test data
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
VERIFIERS = [
    pytest.param(merkle.is_included, merkle.is_consistent, id="server"),
    pytest.param(bundles.tool.is_included, bundles.tool.is_consistent, id="tool"),
]


def kept(leaves):
    """The nodes of a log of these leaves, as a store would give them."""
    levels = [[merkle.leaf_hash(leaf) for leaf in leaves]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = zip(below[::2], below[1::2], strict=False)
        levels.append([merkle.node_hash(left, right) for left, right in pairs])
    return lambda level, index: levels[level][index]


def by_definition(leaves):
    """The root as the RFC defines it."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    parts = by_definition(leaves[:half]), by_definition(leaves[half:])
    return hashlib.sha256(b"\x01" + b"".join(parts)).digest()


def log(size):
    leaves = [f"sự kiện {number}".encode() for number in range(size)]
    return leaves, kept(leaves), [merkle.EMPTY] + [
        by_definition(leaves[:part]) for part in range(1, size + 1)
    ]  # fmt: skip


def test_published_roots_are_ours():
    node = kept(LEAVES)

    assert merkle.root(0, node).hex() == EMPTY
    assert [merkle.root(size, node).hex() for size in range(1, 9)] == ROOTS


def test_another_prefix_would_be_found(monkeypatch):
    monkeypatch.setattr(
        merkle, "leaf_hash", lambda data: hashlib.sha256(b"\x01" + data).digest()
    )
    node = kept(LEAVES)

    assert not {merkle.root(size, node).hex() for size in range(1, 9)} & set(ROOTS)


@pytest.mark.parametrize(("is_included", "is_consistent"), VERIFIERS)
def test_every_proof_of_every_small_log_holds(is_included, is_consistent):
    leaves, node, roots = log(ALL)
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    pairs = [(old, size) for size in range(1, ALL + 1) for old in range(1, size + 1)]

    wrong = [
        (old, size)
        for old, size in pairs
        if not is_included(
            hashes[old - 1],
            old - 1,
            size,
            merkle.inclusion(old - 1, size, node),
            roots[size],
        )
        or not is_consistent(
            old, size, roots[old], roots[size], merkle.consistency(old, size, node)
        )
    ]

    assert len(pairs) == 8_256
    assert wrong == []


def spoilt(random_, proof):
    """Proofs with one thing wrong in each, by what it is."""
    ways = {
        "longer": [*proof, random_.randbytes(32)],
        "twice": [*proof, *proof[-1:]] if proof else [random_.randbytes(32)],
        "odd": [*proof[:-1], proof[-1][:-1] if proof else b""],
    }
    if proof:
        at = random_.randrange(len(proof))
        bit = 1 << random_.randrange(256)
        flipped = (int.from_bytes(proof[at], "big") ^ bit).to_bytes(32, "big")
        ways |= {
            "bit": [*proof[:at], flipped, *proof[at + 1 :]],
            "shorter": [*proof[:at], *proof[at + 1 :]],
            "front": proof[1:],
        }
    if len(set(proof)) > 1:
        ways["turned"] = proof[::-1]
    return [(name, way) for name, way in ways.items() if way != proof]


def accepted(size, is_included, is_consistent):
    """Spoilt proofs that somebody takes for good ones, and how many there were."""
    random_ = random.Random(8)
    leaves, node, roots = log(300)
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    tried, taken = 0, []
    while tried < size:
        new = random_.randint(2, 300)
        old = random_.randint(1, new)
        place = old - 1
        inclusion = merkle.inclusion(place, new, node)
        consistency = merkle.consistency(old, new, node)
        for way, proof in spoilt(random_, inclusion):
            tried += 1
            if is_included(hashes[place], place, new, proof, roots[new]):
                taken.append(("inclusion", way, place, new))
        for way, proof in spoilt(random_, consistency):
            tried += 1
            if is_consistent(old, new, roots[old], roots[new], proof):
                taken.append(("consistency", way, old, new))
        other = (place + random_.randint(1, new - 1)) % new
        outside = random_.choice([-1, new, new + 1])
        tried += 4
        wrong_root = roots[random_.choice([n for n in range(1, 300) if n != old])]
        taken += [
            ("index", place, new)
            for at in (other, outside)
            if is_included(hashes[place], at, new, inclusion, roots[new])
        ]
        if is_consistent(old, new, wrong_root, roots[new], consistency):
            taken.append(("old root", old, new))
        if is_consistent(new, old, roots[new], roots[old], consistency) and new != old:
            taken.append(("backwards", old, new))
    return tried, taken


@pytest.mark.parametrize(("is_included", "is_consistent"), VERIFIERS)
def test_no_spoilt_proof_is_taken(size, is_included, is_consistent):
    tried, taken = accepted(size(50_000), is_included, is_consistent)

    assert tried >= size(50_000)
    assert taken == []


def test_a_verifier_that_asks_no_length_would_be_found(size):
    def lazy(leaf, place, size_, proof, root):
        """RFC 9162 without its questions about where the path ends."""
        found = leaf
        for sibling in proof[: (size_ - 1).bit_length()]:
            if found == root:
                break
            pair = (sibling, found) if place % 2 else (found, sibling)
            found, place = merkle.node_hash(*pair), place >> 1
        return found == root

    _tried, taken = accepted(size(5_000), lazy, merkle.is_consistent)

    assert {way for kind, way, *_rest in taken if kind == "inclusion"} >= {"longer"}
