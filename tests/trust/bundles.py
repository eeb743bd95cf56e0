"""Logs to be proved: sealed and signed as the server does it, and the tool over a bundle."""

import importlib.util
import io
import json
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from models.log import LeafSource
from models.session import transaction
from settings import HERE
from tests.conftest import NOW
from workflows import bundles, checkpoints, key_files, records, sealing

LOG = "khenthuong.example.vn/history"
PROGRAM = HERE / "tools" / "verify_history.py"
HOLDS, CHANGED, UNREADABLE, UNSURE = range(4)


def _load():
    spec = importlib.util.spec_from_file_location("verify_history", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = _load()


def seal_in(session, key, now=NOW):
    """Seal and sign all that is there, in this transaction."""
    records.note_some(session)
    for kind in LeafSource:
        while sealing.seal_some(session, kind):
            pass
    return checkpoints.sign(session, key, LOG, now)


def seal(engine, key, now=NOW):
    """Seal and sign as the server does; gives the signed note."""
    with transaction(engine) as session:
        return str(checkpoints.note(seal_in(session, key, now)))


def written(session, instances=None):
    """The bundle's bytes."""
    file = io.BytesIO()
    bundles.write(session, file, instances=instances)
    return file.getvalue()


@dataclass
class Inspector:
    """Somebody with the tool, a folder and nothing else."""

    folder: Path

    def check(self, content, *arguments, checkpoint="", memory=False):
        """The exit code and what was said, in English."""
        path = self.folder / "bundle.jsonl"
        path.write_bytes(content)
        chosen = [str(path), "--english", *arguments]
        if checkpoint:
            (self.folder / "note.txt").write_text(checkpoint)
            chosen += ["--checkpoint", str(self.folder / "note.txt")]
        chosen += ["--state", str(self.folder / "state.json")] if memory else ["--no-state"]
        said = io.StringIO()
        with redirect_stdout(said):
            code = tool.main(chosen)
        return code, said.getvalue()


def edited(content, edit):
    """The bundle with its lines as `edit` leaves them, counted anew."""
    lines = [json.loads(line) for line in content.splitlines()]
    lines = edit(lines) or lines
    lines[-1]["lines"] = len(lines)
    return b"".join(
        json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        for line in lines
    )


def key(folder):
    """A key in a file of its own."""
    return key_files.load_or_make(folder / "checkpoint-key.pem")
