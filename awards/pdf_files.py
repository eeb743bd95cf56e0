"""Whether a PDF opens, tried in a process of its own: a file of a kilobyte may unpack to gigabytes.

The child also draws the first page once, as its preview will be: what a server does with the file
later takes no more than what it took here.
"""

import json
import sys
from enum import IntEnum
from threading import Lock

import pypdfium2

from workflows import children
from workflows.budgets import Budget, limit

BUDGET = Budget(seconds=5, wait=20)
PDFIUM = Lock()  # PDFium serves one thread at a time
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_WIDTH = 480  # about what a preview has


class Judged(IntEnum):
    """What became of the try; the child's return code. Any other means that it was stopped."""

    SOUND = 0
    BROKEN = 3
    LOCKED = 4
    TOO_MUCH = 5


def judge(content: bytes, budget: Budget = BUDGET) -> Judged:
    """Try to open a PDF within the budget."""
    answer = children.run("awards.pdf_files", json.dumps(budget), content, budget)
    if answer is None or answer.returncode not in set(Judged):
        return Judged.TOO_MUCH
    return Judged(answer.returncode)


def judge_own(content: bytes) -> Judged:
    """The same in this process, for a file that we have made ourselves."""
    with PDFIUM:
        return _try(content)


def _try(content: bytes) -> Judged:
    try:
        with pypdfium2.PdfDocument(content) as document:
            if len(document) == 0:
                return Judged.BROKEN
            _draw(document)
    except pypdfium2.PdfiumError as error:
        return Judged.LOCKED if error.err_code == _PASSWORD else Judged.BROKEN
    return Judged.SOUND


def _draw(document: pypdfium2.PdfDocument) -> None:
    try:
        page = document[0]
        page.render(scale=_WIDTH / max(page.get_width(), page.get_height(), 1))
        page.get_textpage().get_text_range()
    except pypdfium2.PdfiumError:  # a page that cannot be shown is its reader's affair
        return


if __name__ == "__main__":
    limit(Budget(*json.loads(sys.stdin.buffer.readline())))
    sys.exit(_try(sys.stdin.buffer.read()))
