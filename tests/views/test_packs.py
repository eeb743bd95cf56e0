"""An evidence pack proves itself: with the tool in it, without the server that made it."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pytest
from sqlalchemy import select

from awards import packs
from models.awards import Nomination
from models.exports import ExportState
from models.reads import ReadEvent, ReadKind
from models.session import reading
from tests.client import declare, form, text
from tests.views.test_exports import latest
from tests.views.test_register import CHAIRMAN, ids_of, issued, number_of
from views.web import db
from workflows.canonical import salted

AUDITOR = "thanhtra"


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


def taken(client, page, action, export):
    answer = form(client.get(page), action).send(client)
    assert answer.status_code == 303, text(answer)
    client.get(answer.location)
    made = export()
    assert made.state == ExportState.READY
    return made, zipfile.ZipFile(io.BytesIO(client.get(f"/exports/{made.id}.zip").data))


@pytest.fixture
def pack(app, browse, cases):
    """The pack of an awarded nomination, as an auditor takes it."""
    code = cases["awarded"]["own"].code
    auditor = browse(AUDITOR)
    action = f"/exports/evidence/nominations/{code}"
    made, archive = taken(auditor, f"/nominations/{code}", action, lambda: latest(app))
    return code, made, archive


def checked(folder, *options):
    """What the tool in the pack says, run as its README says."""
    tool = folder / "chung-minh" / "verify_history.py"
    command = [
        sys.executable,
        str(tool),
        str(folder / packs.BUNDLE),
        "--no-state",
        *options,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_pack_verifies_with_its_own_tool_and_one_altered_event_is_found(pack, tmp_path):
    _code, _made, archive = pack
    archive.extractall(tmp_path)
    note = str(tmp_path / "chung-minh" / "diem-kiem-tra.txt")
    whole = checked(tmp_path, "--checkpoint", note)

    bundle = tmp_path / packs.BUNDLE
    lines = bundle.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if "task_completed" in line)
    lines[at] = lines[at].replace("approve", "refuse_", 1)
    bundle.write_text("\n".join(lines) + "\n")
    altered = checked(tmp_path, "--checkpoint", note)

    assert whole[0] == 0, whole[1]
    assert altered[0] == 1, altered[1]


def test_pack_holds_what_its_readme_names_and_the_sums_are_right(pack):
    code, made, archive = pack
    names = set(archive.namelist())
    sums = dict(
        reversed(line.split("  ", 1))
        for line in archive.read("SHA256SUMS").decode().splitlines()
    )

    assert {
        "dien-bien.pdf",
        "noi-dung.txt",
        "noi-dung.json",
        "su-kien.xlsx",
        packs.BUNDLE,
        "chung-minh/diem-kiem-tra.txt",
        "chung-minh/verify_history.py",
        "README.txt",
    } <= names
    assert any(name.startswith("giay-to/") for name in names)
    assert any(name.startswith("quyet-dinh/") and "ky-so" in name for name in names)
    assert archive.read("dien-bien.pdf").startswith(b"%PDF")
    assert code in archive.read("README.txt").decode()
    assert "KHÔNG CÒN TRÊN MÁY CHỦ" not in archive.read("README.txt").decode()
    assert made.total == len(names) - 2
    for name in names - {"SHA256SUMS"}:
        assert hashlib.sha256(archive.read(name)).hexdigest() == sums[name]


def test_what_was_entered_can_be_held_against_the_sealed_hashes(pack):
    _code, _made, archive = pack
    entered = json.loads(archive.read("noi-dung.json"))
    sealed = archive.read(packs.BUNDLE).decode()

    assert len(entered) == 9
    for one in entered:
        assert salted(bytes.fromhex(one["salt"]), one["content"]) == one["digest"]
        assert one["digest"] in sealed


def test_taking_a_pack_out_is_told_among_the_reads_of_its_nomination(pack, engine):
    code, made, _archive = pack
    query = select(ReadEvent).where(
        ReadEvent.chain == code, ReadEvent.kind == ReadKind.LIST_EXPORTED
    )
    with reading(engine) as session:
        (read,) = session.scalars(query)
        told = json.loads(read.body)["details"]

    assert (told["export"], told["sha256"]) == (made.id, made.sha256)


def test_pack_of_a_decision_holds_every_nomination_and_proves_them(
    app, browse, engine, tmp_path
):
    declare(browse(CHAIRMAN))
    decision = number_of(issued(browse)[1])
    action = f"/exports/evidence/decisions/{decision}"
    _made, archive = taken(
        browse(AUDITOR), f"/decisions/{decision}", action, lambda: latest(app)
    )
    archive.extractall(tmp_path)
    query = select(Nomination.code).where(Nomination.id.in_(ids_of(engine, decision)))
    with reading(engine) as session:
        codes = session.scalars(query).all()

    assert len(codes) > 1
    for code in codes:
        assert f"ho-so/{code}/dien-bien.pdf" in archive.namelist()
    assert checked(tmp_path)[0] in {0, 3}  # 3: nothing from outside to compare with


@pytest.mark.parametrize(
    ("login", "status"), [("hoidong", 303), ("nga.noivu", 404), ("lan.tuphap", 404)]
)
def test_pack_is_for_those_who_audit_and_answer_for_the_whole(
    open_house, found, login, status
):
    code = found.cases["awarded"]["own"].code
    address = f"/exports/evidence/nominations/{code}"

    assert open_house(login).post(address).status_code == status
