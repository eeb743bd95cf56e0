"""Templates that others wrote, each run in a process of its own: they may loop, fill memory, pry.

The child binds its own memory and processor time before it reads the template. Typst sees one
folder with the template and our layout, no fonts but ours, no packages, no network it could use;
Word files are looked through for what a paper never needs, and filled by a sandboxed Jinja.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import typst
from jinja2 import TemplateError

from awards import files
from awards.templates import filling, inspecting, typesetting
from awards.templates.registry import FOLDER, Words
from awards.templates.typesetting import Standard
from models.templates import TemplateFormat
from workflows.errors import WorkflowError
from workflows.linter.child import Budget, limit
from workflows.words import N_

BUDGET = Budget(seconds=10, memory=1024 * 1024 * 1024)
MAX_BYTES = 5 * 1024 * 1024
MAX_MADE = 25 * 1024 * 1024
_ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "LD_LIBRARY_PATH")  # no secrets where a stranger's template runs
_NOWHERE = "http://127.0.0.1:9"  # the discard port: where packages would be asked for
_NAME, _LAYOUT = "template.typ", "layout.typ"
_MISPRINT = re.compile(r'"(.)" could not be displayed')
REFUSED = 3
"""How the child says that it gives the reason instead of a paper."""


class TemplateFailed(WorkflowError):
    """A template that makes no paper, or must not; the sentence says why."""

    message = N_("Mẫu này không dùng được: %(why)s")


def run(
    format_: TemplateFormat,
    content: bytes,
    words: Words,
    *,
    standard: Standard = "1.7",
    budget: Budget = BUDGET,
) -> bytes:
    """The paper that a template makes of these words. Raises TemplateFailed and UnprintableText."""
    if len(content) > MAX_BYTES:
        raise TemplateFailed(N_("Tệp mẫu lớn quá 5 MB."))
    header = [format_.value, dict(words), standard, budget]
    with TemporaryDirectory() as folder:
        try:
            answer_ = subprocess.run(  # noqa: S603 - our own program
                [sys.executable, "-m", "awards.templates", folder],
                input=json.dumps(header).encode() + b"\n" + content,
                capture_output=True,
                timeout=budget.seconds,
                cwd=_ROOT,
                env=_environment(),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _exceeded(budget) from error
    if answer_.returncode == REFUSED:
        raise _refused(answer_.stdout)
    if answer_.returncode != 0 or len(answer_.stdout) > MAX_MADE:
        raise _exceeded(budget)
    return answer_.stdout


def answer() -> None:
    """Read what to make, make it, write it. For the child alone."""
    format_, words, standard, budget = json.loads(sys.stdin.buffer.readline())
    limit(Budget(*budget))
    content = sys.stdin.buffer.read()
    try:
        if format_ == TemplateFormat.DOCX:
            made = _filled(content, words)
        else:
            made = _typeset(content, words, standard, Path(sys.argv[1]))
    except inspecting.Unfit as error:
        sys.stdout.write(json.dumps([str(error), ""]))
        sys.exit(REFUSED)
    except (typst.TypstError, TemplateError, TypeError) as error:
        why = str(getattr(error, "message", None) or error)
        sys.stdout.write(json.dumps([TemplateFailed.message, why]))
        sys.exit(REFUSED)
    sys.stdout.buffer.write(made)


def _filled(content: bytes, words: dict[str, Any]) -> bytes:
    if not files.is_office_file(content, "word/document.xml"):
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


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy")
    return kept | dict.fromkeys(proxies, _NOWHERE) | {"RAYON_NUM_THREADS": "2"}


def _refused(answer_: bytes) -> WorkflowError:
    sentence, why = json.loads(answer_)
    if found := _MISPRINT.search(why):
        return typesetting.UnprintableText(character=found[1])
    return TemplateFailed(sentence, why=why[:500])


def _exceeded(budget: Budget) -> TemplateFailed:
    return TemplateFailed(
        N_("Mẫu này cần hơn %(seconds)s giây hoặc hơn %(memory)s MB để lập văn bản."),
        seconds=budget.seconds,
        memory=budget.memory // 1024 // 1024,
    )
