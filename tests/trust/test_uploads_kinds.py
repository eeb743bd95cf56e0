"""F1 of trust.md: what lies in a dossier is what it calls itself, and nothing besides."""

import io
from pathlib import Path

import pytest

from awards import contents, files, office_files
from awards.errors import BadFile
from tests.trust import uploads

pytestmark = pytest.mark.trust
PASSWORD = "Tệp “{}” có mật khẩu. Bỏ mật khẩu rồi đính kèm lại."  # noqa: S105 - a sentence


@pytest.fixture(scope="module")
def bad() -> uploads.Corpus:
    return uploads.bad()


def refusal(name: str, content: bytes, folder: Path) -> str:
    """Why a file is not kept, or nothing."""
    try:
        files.store(io.BytesIO(content), name, folder)
    except BadFile as error:
        return str(error)
    return ""


def accepted(corpus: uploads.Corpus, folder: Path) -> list[str]:
    return [name for name, content in corpus.items() if not refusal(name, content, folder)]


def test_no_bad_file_is_kept(bad, tmp_path):
    assert len(bad) >= 150
    assert accepted(bad, tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_every_good_file_is_kept(tmp_path):
    good = uploads.good()
    refused = {name: refusal(name, content, tmp_path) for name, content in good.items()}

    assert len(good) >= 50
    assert {name: why for name, why in refused.items() if why} == {}
    kept = sorted(file.read_bytes() for file in tmp_path.iterdir())
    assert kept == sorted(good.values())


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_who_sends_a_locked_file_is_told_so(bad, tmp_path, kind):
    name = f"mật khẩu.{kind}"

    assert refusal(name, bad[name], tmp_path) == PASSWORD.format(name)


BREAKS = {
    "reader": (contents, "_opens", lambda _content, _extension: True),
    "archives": (contents, "_is_archive_too", lambda _content: False),
    "pages": (contents, "_is_page_too", lambda _content: False),
    "pictures": (contents, "_is_picture", lambda _content, _extension: True),
    "parts": (office_files, "_is_tame", lambda _entries: True),
    "types": (office_files, "_is_what_it_says", lambda _archive, _extension: True),
    "directory": (office_files, "_lie_side_by_side", lambda _entries: True),
}


@pytest.mark.parametrize("question", BREAKS)
def test_question_that_is_not_asked_lets_bad_files_in(bad, tmp_path, monkeypatch, question):
    monkeypatch.setattr(*BREAKS[question])

    assert accepted(bad, tmp_path) != []


def test_proof_that_does_not_ask_for_the_name_lets_bad_names_in(bad, tmp_path, monkeypatch):
    prove = contents.prove
    monkeypatch.setattr(
        contents, "prove", lambda content, _name, _judge: prove(content, "a.pdf")
    )

    assert "tờ trình.pdf.exe" in accepted(bad, tmp_path)
