"""H6 and H7 of trust.md: one file and the standard library find what was changed, and are quick.

The tool's Ed25519 is RFC 8032's: its vectors, and whatever another library signs or refuses.
"""

import ast
import json
import random
import subprocess
import sys
import unicodedata

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.history import EventKind
from models.process import ProcessInstance
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW, connect
from tests.trust import bundles
from workflows import history, notes
from workflows.canonical import canonical, sha256

pytestmark = pytest.mark.trust
VECTORS = [  # RFC 8032, 7.1: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
SOUNDS = 'aàảãáạăằẵâầđeêiìoôơớuưứyỹ ĐÊ 🏅 👩‍🏫 中 " \\ \n \t   '


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def archive(request, tmp_path_factory):
    """The bundles of a small province, whole and of one nomination, and its checkpoint."""
    engine = connect(request.getfixturevalue(request.param).copy("province"))
    key = bundles.key(tmp_path_factory.mktemp("key"))
    with transaction(engine) as session:
        factories.begin_at(session, "review_by_block")
        factories.begin_at(session, "appraise")
    bundles.seal(engine, key)
    with transaction(engine) as session:
        chosen = factories.begin_at(session, "approve_by_department").instance_id
    note = bundles.seal(engine, key, NOW.replace(hour=9))
    with reading(engine) as session:
        yield bundles.written(session), bundles.written(session, [chosen]), note
    engine.dispose()


# the tool itself


def test_the_tool_is_one_file_of_the_standard_library():
    tree = ast.parse(bundles.PROGRAM.read_text(), feature_version=(3, 8))
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        (node.module or "").split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }

    assert imported <= sys.stdlib_module_names


def test_the_tool_runs_in_an_empty_folder_without_our_packages(archive, tmp_path):
    whole, _part, _note = archive
    (tmp_path / "verify_history.py").write_bytes(bundles.PROGRAM.read_bytes())
    (tmp_path / "goi.jsonl").write_bytes(whole)

    run = [sys.executable, "-I", "-S", "verify_history.py", "goi.jsonl"]
    first, second = (
        subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
        for _ in range(2)
    )

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert "NGUYÊN VẸN" in first.stdout
    assert "Lần kiểm tra đầu tiên" in first.stdout
    assert "Đã đối chiếu với lần kiểm tra trước" in second.stdout


def verifier_of(content):
    (line,) = [one for one in map(json.loads, content.splitlines()) if one["type"] == "key"]
    return line["verifier"]


def test_a_given_key_is_compared_as_a_whole(archive, tmp_path):
    whole, _part, _note = archive
    inspector, given = bundles.Inspector(tmp_path), verifier_of(whole)
    name, id_, shown = given.split("+", 2)
    other = f"{name}+{id_}+{shown[:-5]}{'A' if shown[-5] != 'A' else 'B'}{shown[-4:]}"

    code, said = inspector.check(whole, "--key", given)

    assert (code, "is the one that was given" in said) == (bundles.HOLDS, True)
    for wrong in (other, "abc", f"{name}+{id_}+AAAA"):
        assert inspector.check(whole, "--key", wrong)[0] == bundles.UNREADABLE
    stranger = notes.verifier(name, bytes(32))
    assert inspector.check(whole, "--key", stranger)[0] == bundles.UNSURE


def test_what_cannot_be_remembered_is_said_and_changes_no_verdict(
    archive, tmp_path, capsys
):
    whole, _part, _note = archive
    path = tmp_path / "bundle.jsonl"
    path.write_bytes(whole)
    run = [str(path), "--english", "--state"]

    assert (
        bundles.tool.main([*run, str(tmp_path / "nowhere" / "state.json")]) == bundles.HOLDS
    )
    assert "cannot be written" in capsys.readouterr().out
    state = tmp_path / "state.json"
    for content in ("[]", '{"x": 1}', "{"):
        state.write_text(content)
        assert bundles.tool.main([*run, str(state)]) == bundles.UNREADABLE
        assert "cannot be read" in capsys.readouterr().err


def test_answers_come_out_whatever_the_terminal_can_write(archive, tmp_path):
    whole, _part, _note = archive
    (tmp_path / "goi.jsonl").write_bytes(whole)
    run = [sys.executable, "-I", str(bundles.PROGRAM), "goi.jsonl", "--no-state"]
    surroundings = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "cp1252"}

    for more in ([], ["--help"]):
        found = subprocess.run(
            [*run, *more], cwd=tmp_path, env=surroundings, capture_output=True, check=False
        )
        assert found.returncode == bundles.HOLDS, found.stderr


def test_the_nomination_of_the_chain_is_blamed_not_one_that_is_written_in(
    archive, tmp_path
):
    whole, _part, _note = archive

    def renamed(lines):
        (_first, line, *_) = events(lines)
        said = json.loads(line["body"])
        line["body"] = line["body"].replace(said["business_key"], "HS-2026-99999")

    code, said = bundles.Inspector(tmp_path).check(bundles.edited(whole, renamed))

    assert code == bundles.CHANGED
    assert "HS-2026-99999, event" not in said
    assert "of the bundle)" in said


def test_a_number_written_into_an_event_accuses_no_other(archive, tmp_path):
    whole, _part, _note = archive
    place = []

    def renumbered(lines):
        line = events(lines)[7]
        said = json.loads(line["body"])
        line["body"] = canonical(said | {"sequence": 4_711})
        place.append(lines.index(line) + 1)

    code, said = bundles.Inspector(tmp_path).check(bundles.edited(whole, renumbered))

    assert code == bundles.CHANGED
    blamed = {part.split(" of")[0] for part in said.split("(line ")[1:]}
    assert blamed == {str(place[0])}


@pytest.mark.parametrize(("public_key", "message", "signature"), VECTORS)
def test_signatures_of_the_rfc_are_right(public_key, message, signature):
    parts = [bytes.fromhex(text) for text in (public_key, message, signature)]
    spoilt = bytes([parts[2][0] ^ 1]) + parts[2][1:]

    assert bundles.tool.ed25519(*parts)
    assert not bundles.tool.ed25519(parts[0], parts[1] + b"x", parts[2])
    assert not bundles.tool.ed25519(parts[0], parts[1], spoilt)


def test_signatures_are_judged_as_another_library_judges_them(size):
    random_ = random.Random(9)
    wrong = []
    for number in range(size(500)):
        key = Ed25519PrivateKey.from_private_bytes(random_.randbytes(32))
        message = random_.randbytes(number % 70)
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        bit = 1 << random_.randrange(512)
        spoilt = (int.from_bytes(signature, "big") ^ bit).to_bytes(64, "big")
        if not bundles.tool.ed25519(public, message, signature):
            wrong.append(("refused", number))
        if bundles.tool.ed25519(public, message, spoilt):
            wrong.append(("taken", number))
    assert wrong == []


def test_a_signature_with_a_number_too_large_is_refused():
    """Adding the group's order to S gives another signature that the equation would take."""
    public, message, signature = (bytes.fromhex(text) for text in VECTORS[1])
    s = int.from_bytes(signature[32:], "little") + bundles.tool.ORDER

    assert not bundles.tool.ed25519(
        public, message, signature[:32] + s.to_bytes(32, "little")
    )


# what it finds in a bundle


def test_bundles_hold_and_are_the_same_each_time(archive, tmp_path):
    whole, part, note = archive
    inspector = bundles.Inspector(tmp_path)

    assert inspector.check(whole, checkpoint=note)[0] == bundles.HOLDS
    assert inspector.check(part, checkpoint=note)[0] == bundles.HOLDS
    assert b"content" not in part  # what people wrote


def events(lines):
    return [
        line for line in lines if line["type"] == "event" and line["source"] == "history"
    ]


def body(lines):
    event = events(lines)[7]
    event["body"] = event["body"].replace("approve", "return").replace("null", "7", 1)


def body_and_hash(lines):
    body(lines)
    events(lines)[7]["hash"] = sha256(events(lines)[7]["body"])


def gone(lines):
    lines.remove(events(lines)[7])


def swapped(lines):
    one, other = events(lines)[6:8]
    for name in ("body", "hash"):
        one[name], other[name] = other[name], one[name]


def end_cut(lines):
    last = events(lines)[-1]
    return [line for line in lines if line is not last]


def head(lines):
    next(line for line in lines if line["type"] == "instance")["head"] = "0" * 64


def entered(lines):
    line = next(line for line in lines if line["type"] == "submission")
    line["digest"] = "0" * 64


def root(lines):
    line = [line for line in lines if line["type"] == "checkpoint"][-1]
    line["note"] = line["note"].replace(line["note"].split("\n")[2], "A" * 43 + "=")


def signature(lines):
    line = [line for line in lines if line["type"] == "checkpoint"][-1]
    line["note"] = line["note"][:-9] + "AAAAAAA=\n"


def key(lines):
    line = next(line for line in lines if line["type"] == "key")
    line["verifier"] = line["verifier"][:-4] + "AAAA"


EDITS = (body, body_and_hash, gone, swapped, end_cut, head, entered, root, signature, key)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
@pytest.mark.parametrize("which", [0, 1], ids=["whole", "part"])
def test_whatever_is_changed_in_a_bundle_is_found(archive, tmp_path, edit, which):
    content = bundles.edited(archive[which], edit)
    assert content != archive[which]

    code, said = bundles.Inspector(tmp_path).check(content)

    assert code == bundles.CHANGED, said
    if edit is body:
        told = json.loads(
            events([json.loads(line) for line in archive[which].splitlines()])[7]["body"]
        )
        first = said.splitlines()[1]
        assert f"{told['business_key']}, event {told['sequence']} " in first


@pytest.mark.parametrize("content", [b"", b"x", b"{}\n", b'{"type":"end","lines":1}\n'])
def test_what_is_no_bundle_is_not_called_changed(tmp_path, content):
    assert bundles.Inspector(tmp_path).check(content)[0] == bundles.UNREADABLE


def test_a_bundle_that_was_cut_off_is_not_called_changed(archive, tmp_path):
    lines = archive[0].splitlines(keepends=True)
    assert bundles.Inspector(tmp_path).check(b"".join(lines[:-3]))[0] == bundles.UNREADABLE


def test_a_part_that_cannot_be_compared_is_not_called_whole(archive, tmp_path):
    """The checkpoint that the inspector has is between those that a part brings along."""
    _whole, part, note = archive
    size = int(note.split("\n")[1])
    other = note.replace(f"\n{size}\n", f"\n{size - 1}\n")

    code, said = bundles.Inspector(tmp_path).check(part, checkpoint=other)

    assert code == bundles.CHANGED  # its signature is not over this size
    assert "signature is wrong" in said


# the same bytes elsewhere


SHORT = dict(
    zip('"\\\n\r\t\b\f', ['\\"', "\\\\", "\\n", "\\r", "\\t", "\\b", "\\f"], strict=True)
)
CONSTANTS = {None: "null", True: "true", False: "false"}


def spelled(value):
    """Canonical JSON written a second time, from its description alone."""
    if isinstance(value, dict):
        pairs = (f"{spelled(name)}:{spelled(value[name])}" for name in sorted(value))
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(spelled, value)) + "]"
    if isinstance(value, str):
        signs = (SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value)
        return '"' + "".join(signs) + '"'
    return CONSTANTS[value] if value is None or isinstance(value, bool) else str(value)


def bodies(count):
    random_ = random.Random(10)
    for number in range(count):
        words = "".join(random_.choices(SOUNDS, k=40))
        form = random_.choice(["NFC", "NFD"])
        yield {
            "at": NOW.isoformat(),
            "số": random_.choice([0, -1, 2**63, 10**40, number]),
            "details": {
                "lý do": unicodedata.normalize(form, words),
                "none": None,
                "yes": True,
            },
            "list": [words[:3], [number, []], {}],
        }


def test_bodies_have_the_same_bytes_when_somebody_else_spells_them(size):
    differing = [
        said
        for said in bodies(size(10_000))
        if sha256(canonical(said)) != sha256(spelled(said))
    ]

    assert differing == []


def test_another_spelling_would_be_found(size):
    said = list(bodies(size(1_000)))

    ascii_ = [json.dumps(one, sort_keys=True, separators=(",", ":")) for one in said]

    assert all(
        sha256(spelled(one)) != sha256(text) for one, text in zip(said, ascii_, strict=True)
    )


# its speed

WEIGHED = """
import runpy, sys, time
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    with open("/proc/self/status") as status:
        print(status.read().split("VmHWM:")[1].split()[0], time.process_time())
"""


@pytest.mark.full
def test_a_hundred_thousand_events_take_less_than_five_seconds(sqlite, tmp_path):
    engine = connect(sqlite.copy("province"))
    with transaction(engine) as session:
        begun = [factories.begin(session).instance_id for _ in range(100)]
        rows = []
        for id_ in begun:
            instance = session.get_one(ProcessInstance, id_)
            actor = factories.actor(session, "unit_officer:SO-TP")
            for n in range(1_000):
                rows.append(  # noqa: PERF401 - the chain has to grow one by one
                    history.link(
                        instance, EventKind.TASK_CLAIMED, actor=actor, now=NOW, task=n
                    )
                )
        history.insert_all(session, history.HistoryEvent, rows)
    note = bundles.seal(engine, bundles.key(tmp_path))
    path = tmp_path / "bundle.jsonl"
    with reading(engine) as session, path.open("wb") as file:
        assert bundles.bundles.write(session, file) > 100_000
    engine.dispose()

    run = [sys.executable, "-c", WEIGHED, bundles.PROGRAM, path, "--no-state", "--english"]
    found = subprocess.run(run, capture_output=True, text=True, check=False)
    *_said, memory, seconds = found.stdout.split()

    print(f"{seconds} s, {memory} kB, {note.splitlines()[1]} leaves")  # noqa: T201 - shown
    assert found.returncode == bundles.HOLDS, found.stdout
    assert float(seconds) < 5
    assert int(memory) < 200_000
