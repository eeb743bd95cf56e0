"""F3 of trust.md: what would unpack to much is refused from its directory, at once."""

import io
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import ImageFile

from awards import contents, files, office_files
from awards.errors import BadFile
from tests.trust import uploads

pytestmark = pytest.mark.trust
MAX_SECONDS = 0.1
ENTRIES = 100_000
TRIES = 3  # the shortest counts: other work on the machine is not ours


@pytest.fixture(scope="module")
def bombs(size) -> uploads.Corpus:
    return uploads.bombs(size(ENTRIES))


@contextmanager
def unpacking(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many bytes come out of archives, and how many pictures are unpacked."""
    counted = [0, 0]
    read, load = zipfile.ZipExtFile.read, ImageFile.ImageFile.load

    def counting(part, n=-1):
        data = read(part, n)
        counted[0] += len(data)
        return data

    def loading(image):
        counted[1] += 1
        return load(image)

    with monkeypatch.context() as patch:
        patch.setattr(zipfile.ZipExtFile, "read", counting)
        patch.setattr(ImageFile.ImageFile, "load", loading)
        yield counted


def judge(name: str, content: bytes, folder: Path) -> tuple[bool, float]:
    """Whether a file is refused, and in how many seconds."""
    begun = time.perf_counter()
    try:
        files.store(io.BytesIO(content), name, folder)
    except BadFile:
        return True, time.perf_counter() - begun
    return False, time.perf_counter() - begun


def test_bombs_are_refused_at_once_and_not_unpacked(bombs, tmp_path, monkeypatch):
    with unpacking(monkeypatch) as counted:
        judged = {
            name: [judge(name, content, tmp_path) for _ in range(TRIES)]
            for name, content in bombs.items()
        }

    assert [name for name, tries in judged.items() if not all(t[0] for t in tries)] == []
    seconds = {name: min(took for _, took in tries) for name, tries in judged.items()}
    assert {name: took for name, took in seconds.items() if took > MAX_SECONDS} == {}
    assert counted == [0, 0]
    assert list(tmp_path.iterdir()) == []


BREAKS = {
    "directory": (
        office_files,
        "_has_small_directory",
        lambda _content: True,
        "đếm sai.docx",
    ),
    "side by side": (
        office_files,
        "_lie_side_by_side",
        lambda _e: True,
        "chồng lên nhau.docx",
    ),
    "parts": (office_files, "_is_dangerous", lambda _entry: False, "phần 60 MB.docx"),
    "together": (office_files, "MAX_UNPACKED", 2**40, "nhiều phần.docx"),
    "entries": (office_files, "MAX_ENTRIES", 2**20, "hai nghìn mục.docx"),
    "points": (contents, "MAX_PIXELS", 2**40, "ảnh 8.000.png"),
}


@pytest.mark.parametrize("limit", BREAKS)
def test_limit_that_is_not_kept_is_seen(bombs, tmp_path, monkeypatch, limit):
    module, name, broken, bomb = BREAKS[limit]
    monkeypatch.setattr(module, name, broken)
    with unpacking(monkeypatch) as counted:
        is_refused, took = judge(bomb, bombs[bomb], tmp_path)

    assert not is_refused or took > MAX_SECONDS or counted != [0, 0]
