"""PDFs by Typst: one of the document templates, and the words it reads as JSON."""

import json
import unicodedata
from functools import cache
from threading import Lock
from typing import Literal, TypeAlias, cast

import typst

from awards.templates.places import FOLDER, FONTS, Words
from workflows.errors import WorkflowError
from workflows.words import N_

Standard: TypeAlias = Literal["1.7", "a-2b"]
_ONE_AT_A_TIME = Lock()  # a typst.Compiler refuses a second call while it works


class UnprintableText(WorkflowError):
    """The official font has no such character: an emoji, say."""

    message = N_("Ký tự “%(character)s” không in được lên văn bản. Sửa hồ sơ rồi thử lại.")


def compile_paper(template: str, words: Words, *, standard: Standard = "1.7") -> bytes:
    """Put the words into one of the templates in templates/documents; the same give the same bytes.

    May be called from any thread. Raises `UnprintableText` for a character not in the font.
    """
    text = unicodedata.normalize("NFC", json.dumps(words, ensure_ascii=False))
    try:
        with _ONE_AT_A_TIME:
            pdf = _compiler(template).compile(
                format="pdf",
                sys_inputs={"paper": text},
                pdf_standards=standard,
                timestamp=0,  # PDF/A wants a date, a draft has none: never the clock's
            )
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        raise UnprintableText(character=error.message.split('"')[1]) from error
    return cast("bytes", pdf)


@cache
def _compiler(name: str) -> typst.Compiler:
    template = FOLDER / name
    return typst.Compiler(template, root=template.parent, font_paths=fonts())


@cache
def fonts() -> typst.Fonts:
    """The fonts of papers: ours alone."""
    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    if not found.families():
        raise FileNotFoundError(FONTS)  # Typst would print the paper without its words
    return found
