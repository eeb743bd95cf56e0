"""Every package of the locks as CycloneDX JSON: `python tools/make_sbom.py >sbom.json`.

From requirements.txt and package-lock.json alone, with the hashes that setting up insists on.
"""

import json
import re
import sys
from base64 import b64decode
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PINNED = re.compile(r"^([a-zA-Z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ALGORITHMS = {
    "sha512": "SHA-512",
    "sha384": "SHA-384",
    "sha256": "SHA-256",
    "sha1": "SHA-1",
}


def sbom(root: Path = ROOT) -> dict[str, object]:
    """The bill of materials of a tree with its locks."""
    found = [*python(root / "requirements.txt"), *front_end(root / "package-lock.json")]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "vinh-danh"}},
        "components": sorted(found, key=lambda one: str(one["purl"])),
    }


def python(lock: Path) -> list[dict[str, object]]:
    """The packages of a requirements file, each with the hashes of all its files."""
    found: list[dict[str, object]] = []
    hashes: list[dict[str, str]] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if pinned := _PINNED.match(line):
            name, version = pinned[1].lower().replace("_", "-"), pinned[2]
            hashes = []
            found.append(_component(name, version, f"pkg:pypi/{name}@{version}", hashes))
        hashes += [{"alg": "SHA-256", "content": one} for one in _HASH.findall(line)]
    return found


def front_end(lock: Path) -> list[dict[str, object]]:
    """The packages of npm's lock."""
    found = []
    for path, package in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if path:
            name, version = path.rpartition("node_modules/")[2], package["version"]
            algorithm, _, digest = package["integrity"].partition("-")
            content = b64decode(digest).hex()
            hashes = [{"alg": _ALGORITHMS[algorithm], "content": content}]
            purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
            found.append(_component(name, version, purl, hashes))
    return found


def _component(
    name: str, version: str, purl: str, hashes: list[dict[str, str]]
) -> dict[str, object]:
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": purl,
        "bom-ref": purl,
        "hashes": hashes,
    }


if __name__ == "__main__":
    json.dump(sbom(), sys.stdout, indent=1)
