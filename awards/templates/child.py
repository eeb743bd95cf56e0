"""What the child does: one paper by somebody else's template. It imports nothing that is heavy."""

import json
import shutil
import sys
import unicodedata
from pathlib import Path
from typing import Any, cast

import typst

from awards import office_files
from awards.templates import filling, inspecting, typesetting
from awards.templates.places import FOLDER
from awards.templates.typesetting import Standard
from workflows.budgets import Budget, limit
from workflows.words import N_

DOCX = "docx"
REFUSED = 3
"""How the child says that it gives the reason instead of a paper."""
_NAME, _LAYOUT = "template.typ", "layout.typ"


def answer() -> None:
    """Read what to make, make it, write it. For the child alone."""
    format_, words, standard, budget = json.loads(sys.stdin.buffer.readline())
    limit(Budget(*budget))
    content = sys.stdin.buffer.read()
    try:
        if format_ == DOCX:
            made = _filled(content, words)
        else:
            made = _typeset(content, words, standard, Path(sys.argv[1]))
    except inspecting.Unfit as error:
        sys.stdout.write(json.dumps([str(error), ""]))
        sys.exit(REFUSED)
    except (typst.TypstError, *filling.REFUSALS) as error:
        why = str(getattr(error, "message", None) or error)
        sys.stdout.write(json.dumps(["", why]))
        sys.exit(REFUSED)
    sys.stdout.buffer.write(made)


def _filled(content: bytes, words: dict[str, Any]) -> bytes:
    if not office_files.is_sound(content, "docx"):
        raise inspecting.Unfit(N_("Tệp này không phải là tệp Word (.docx) dùng được."))
    inspecting.look_through(content)
    return filling.fill(content, words)


def _typeset(
    content: bytes, words: dict[str, Any], standard: Standard, folder: Path
) -> bytes:
    inspecting.read_source(content)
    (folder / _NAME).write_bytes(content)
    shutil.copy(FOLDER / _LAYOUT, folder / _LAYOUT)
    compiler = typst.Compiler(
        folder / _NAME,
        root=folder,
        font_paths=typesetting.fonts(),
        package_path=folder / "packages",
        package_cache_path=folder / "packages",
    )
    text = unicodedata.normalize("NFC", json.dumps(words, ensure_ascii=False))
    made = compiler.compile(
        format="pdf", sys_inputs={"paper": text}, pdf_standards=standard, timestamp=0
    )
    return cast("bytes", made)
