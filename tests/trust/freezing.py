"""Keeps cases as this release leaves them, for later releases to finish.

    python -m tests.trust.freezing RELEASE

Adds to `tests/data/frozen`, and never changes what is there: run it once for each release, before
it goes out. A case is the text of its state, its process file, and all that is done from there to
its end, with the state after each act.
"""

import hashlib
import json
import sys
from itertools import islice
from pathlib import Path
from typing import Any

from tests.processes import paths

FOLDER = Path(__file__).parents[1] / "data" / "frozen"
CASES = 30  # of each process
TRIED = 200


def main(release: str) -> None:
    """Freeze cases of every process of this tree."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    frozen = [case for process in _processes() for case in _of(process)]
    path = FOLDER / f"{release}.json"
    with path.open("x", encoding="utf-8") as file:
        json.dump(frozen, file, ensure_ascii=False, indent=1)
    print(f"{len(frozen)} cases: {path}")  # noqa: T201 - a command


def _processes() -> list[paths.Process]:
    """Ours and the examples; what calls another stands with that."""
    examples = sorted((paths.BPMN / "examples").glob("*.bpmn"))
    alone = [path for path in examples if b"callActivity" not in path.read_bytes()]
    return [*paths.ours(), *(paths.Process(p.stem, (p.read_bytes(),)) for p in alone)]


def _of(process: paths.Process) -> list[dict[str, Any]]:
    """Every state that random ways pass through, for each end the shortest way from there."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for acts in paths.walks(process, TRIED):
        end = _end(acts)
        for n in range(len(acts) if end else 0):
            key = (acts[n].text, str(end))
            if key not in found or len(found[key]["acts"]) > len(acts) - n:
                found[key] = _case(process, acts[n:])
    return list(islice(found.values(), CASES))


def _case(process: paths.Process, acts: list[paths.Act]) -> dict[str, Any]:
    return {
        "process": process.name,
        "files": [_kept(xml) for xml in process.files],
        "state": acts[0].text,
        "acts": [[*act.wait, act.variables, act.following] for act in acts],
        "ended": _end(acts),
    }


def _kept(xml: bytes) -> str:
    name = f"{hashlib.sha256(xml).hexdigest()[:16]}.bpmn"
    (FOLDER / name).write_bytes(xml)
    return name


def _end(acts: list[paths.Act]) -> str | None:
    ended: str | None = json.loads(acts[-1].following)["ended"] if acts else None
    return ended


if __name__ == "__main__":
    main(sys.argv[1])
