"""F4 of trust.md: whatever a file is called, it lies in the store under a random name."""

import io
import re
import secrets
from pathlib import Path

import pytest

from awards import files
from tests.trust import uploads

pytestmark = pytest.mark.trust
NAMES = 200
BITS = 128


def names() -> list[str]:
    """Names that would lead elsewhere, were they paths: on any system, in any writing."""
    climbs = ("../", "..\\", "..%2f", "%2e%2e/", "..%c0%af", "\uff0e\uff0e\uff0f", "\u2025\u2215",
              "....//", "..;/", ".\u200b./", "\x00../", "..\u2044")  # fmt: skip
    roots = ("/", "//", "\\", "\\\\", "\\\\host\\share\\", "\\\\?\\C:\\", "C:\\", "c:/", "C:", "file:///",
             "~/", "~root/", "/proc/self/", "/dev/", "$HOME/", "%APPDATA%\\")  # fmt: skip
    ends = ("etc/passwd.pdf", "secret-key.pdf", "vinhdanh.sqlite.pdf", "a.pdf")
    found = [way * depth + end for way in climbs for depth in (1, 3, 9) for end in ends]
    found += [root + end for root in roots for end in ends]
    found += [
        ".pdf",
        "..pdf",
        "...pdf",
        "con.pdf",
        "nul.pdf",
        "com1.pdf",
        "-rf.pdf",
        "*.pdf",
        "|sh.pdf",
    ]
    return found[:NAMES]


def kept(folder: Path) -> list[files.StoredFile]:
    """Every one of them stored."""
    content = uploads.pdf()
    return [files.store(io.BytesIO(content), name, folder) for name in names()]


def strays(root: Path, store: Path) -> list[str]:
    """What lies outside of the store, or inside under a name that tells something."""
    found = [path for path in root.rglob("*") if path.is_file() or path.is_symlink()]
    return [
        str(path)
        for path in found
        if path.resolve().parent != store or not re.fullmatch("[0-9a-f]{32}", path.name)
    ]


def test_no_name_leads_out_of_the_store_whose_names_are_128_random_bits(tmp_path):
    store = tmp_path / "deep" / "er" / "uploads"
    stored = kept(store)

    assert len(stored) == NAMES
    assert strays(tmp_path, store) == []
    assert len(list(store.iterdir())) == NAMES
    assert [s.file_name for s in stored if re.search(r"[/\\\0\r\n]", s.file_name)] == []
    numbers = [int(one.token, 16) for one in stored]
    assert len(set(numbers)) == NAMES
    ones = [sum(number >> bit & 1 for number in numbers) for bit in range(BITS)]
    assert min(ones) > NAMES / 4  # less than one in 10^12 for a coin
    assert max(ones) < NAMES * 3 / 4


def test_link_that_lies_in_the_store_is_not_followed(tmp_path):
    secret, store = tmp_path / "secret", tmp_path / "uploads"
    secret.write_text("bí mật")
    store.mkdir()
    (store / ("0" * 32)).symlink_to(secret)
    with pytest.raises(ValueError, match="not a token"):
        files.path_of("0" * 32, store)


def test_file_that_keeps_its_own_name_is_seen(tmp_path, monkeypatch):
    store = tmp_path / "a" / "b" / "uploads"
    monkeypatch.setattr(secrets, "token_hex", lambda _size: "../../secret-key.pdf")
    monkeypatch.setattr(files, "path_of", lambda token, folder: folder / token)
    files.store(io.BytesIO(uploads.pdf()), "a.pdf", store)

    assert strays(tmp_path, store) == [str(tmp_path / "a" / "secret-key.pdf")]


def test_number_that_counts_up_is_seen():
    numbers = range(NAMES)

    assert min(sum(number >> bit & 1 for number in numbers) for bit in range(BITS)) == 0
