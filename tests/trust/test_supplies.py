"""O3, O4, P5 of trust.md: no secret and no real person in the tree; what is installed is pinned."""

import json
import math
import re
import shutil
import subprocess
from collections import Counter

import pytest
from sqlalchemy import select

from awards.demo import people, stories
from models.awards import NomineeKind
from models.organisation import Person
from models.session import reading
from settings import HERE
from tests.conftest import connect
from tools import make_sbom

pytestmark = pytest.mark.trust
SECRETS = {
    "private key": re.compile(
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}"
    ),
    "cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b"),
    "token": re.compile(
        r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|pypi-)[\w-]{20,}"
    ),
    "signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "address with a password": re.compile(
        r"\b[a-z]+://[^\s:/@'\"]+:([^\s@'\"{}%…]{6,})@[a-z]"
    ),
    "assigned": re.compile(
        r"(?i)(?:secret|passw|token|api_?key)\w*[\"']?\s*[:=]\s*[\"']([A-Za-z0-9+/_=-]{20,})[\"']"
    ),
}
MADE_UP = (
    "example",
    "0123456789abcdef",
    "measured here",
    "vinh-danh-",
    ":password@",
    ":geheim@",
)
LOCKS = ("package-lock.json", ".po", "requirements.txt", "requirements-dev.txt")
NUMBER = re.compile(r"(?<![\w.:-])0\d{11}(?![\w.])")
MADE_UP_NUMBERS = re.compile(r"0010990876\d\d|0010880\d{5}|079203012345")
MAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
OUR_HOSTS = re.compile(
    r"(?:.*\.)?example(?:\.\w+)*|\w\.vn|-?so\.vn|mail\.vn|coquan\.gov\.vn|127\.0\.0\.1",
    re.IGNORECASE,
)


def tracked():
    """The texts that are in the repository, or in an unpacked copy of it."""
    if shutil.which("git") and (HERE / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=HERE, capture_output=True, text=True, check=True
        )
        paths = [HERE / name for name in listed.stdout.split("\0") if name]
    else:
        skipped = {".venv", ".tools", ".cache", "node_modules", "vendor", "instance"}
        paths = [p for p in HERE.rglob("*") if not skipped & set(p.parts)]
    for path in paths:
        if path.is_file() and not path.is_symlink():
            try:
                yield str(path.relative_to(HERE)), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # fonts, pictures, spreadsheets


def variety(text):
    """Bits of a character: names have about three, random ones more than four."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def secrets_in(text):
    for name, pattern in SECRETS.items():
        for found in pattern.finditer(text):
            said = found[found.lastindex or 0]
            is_random = name != "assigned" or variety(said) > 4
            if is_random and not any(word in found[0] for word in MADE_UP):
                yield f"{name}: {found[0][:60]}"


def test_no_secret_is_in_the_tree():
    found = [
        (name, secret)
        for name, text in tracked()
        if not name.endswith(LOCKS)
        for secret in secrets_in(text)
    ]

    assert found == []


@pytest.mark.full
def test_no_secret_is_in_the_history():
    if not (HERE / ".git").exists():
        pytest.skip("a copy without its history")
    log = subprocess.run(
        ["git", "log", "-p", "--no-color", "--", ".", *(f":!*{name}" for name in LOCKS)],
        cwd=HERE, capture_output=True, check=True,
    ).stdout.decode(errors="replace")  # fmt: skip

    assert sorted(set(secrets_in(log))) == []


def test_a_secret_is_caught():
    random = "q7Zt9LkX2vBn4Rw8" + "Hs6Jd1Fp3Gm5"
    for text in (
        "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEpAIBAAKCAQEA7b2h",
        "AKIA" + "IOSFODNN7QWERTYU",
        "ghp_" + random,
        f"postgresql://somebody:{random}@" + "db.hungyen.gov.vn/x",
        f'SECRET_KEY = "{random}"',
    ):
        assert list(secrets_in(text)) != [], text


def test_every_package_is_pinned_with_the_hashes_of_its_files():
    bill = make_sbom.sbom()
    for lock in ("requirements.txt", "requirements-dev.txt", "benchmarks/requirements.txt"):
        packages = make_sbom.python(HERE / lock)
        lines = (HERE / lock).read_text().splitlines()
        named = [line for line in lines if re.match(r"[a-zA-Z0-9]", line)]
        assert len(packages) == len(named), lock
        assert [p["name"] for p in packages if not p["hashes"]] == [], lock
    assert "--require-hashes" in (HERE / "tools" / "setup.sh").read_text()
    assert "'7 days'" in (HERE / "tools" / "setup.sh").read_text()
    names = {component["name"] for component in bill["components"]}
    assert {"flask", "spiffworkflow", "bootstrap", "chart.js"} <= names
    assert [c["name"] for c in bill["components"] if not c["hashes"]] == []
    assert json.loads(json.dumps(bill)) == bill


def test_a_package_without_a_hash_is_caught(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text(
        "flask==3.1.2\n    # via us\nclick==8.1.8 \\\n    --hash=sha256:" + "0" * 64
    )

    assert [len(p["hashes"]) for p in make_sbom.python(lock)] == [0, 1]


def people_in(text):
    """Identity numbers and addresses of mail that could be somebody's."""
    yield from (n for n in NUMBER.findall(text) if not MADE_UP_NUMBERS.fullmatch(n))
    yield from (m[0] for m in MAIL.finditer(text) if not OUR_HOSTS.fullmatch(m[1]))


def test_no_number_or_address_of_a_real_person_is_in_the_tree():
    found = [
        (name, one)
        for name, text in tracked()
        if not name.endswith(LOCKS)
        for one in people_in(text)
    ]

    assert found == []
    assert list(people_in("số 033" + "199001234, hoa@" + "hungyen.gov.vn")) != []


def test_people_of_the_demo_are_those_we_made_up(sqlite):
    """Every name comes from the generator's lists; a province of its own is looked at."""
    made_up = {account.name for account in people.everybody()}
    engine = connect(sqlite.copy("province"))
    with reading(engine) as session:
        names = set(session.scalars(select(Person.name)))
    engine.dispose()

    assert names - made_up == set()
    families, given = stories._FAMILIES, (*stories._WOMEN, *stories._MEN)
    every = {f"{family} {name}" for family in families for name in given}
    individuals = {j.name for j in stories.JOURNEYS if j.kind == NomineeKind.INDIVIDUAL}
    assert individuals - every == set()
    assert len(individuals) > 20
