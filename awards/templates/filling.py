"""DOCX by docxtpl: a Word file with places for words, filled by a Jinja that does nothing else.

Of a paper that can be checked (`check_at`), the word `code` is a picture in its line.
"""

import io
import re
import unicodedata
from typing import Any

import docx
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from awards.templates import fitting, qr
from awards.templates.places import Words

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML holds these
_FILTERS = {
    "capitalize",
    "default",
    "first",
    "join",
    "last",
    "length",
    "lower",
    "replace",
    "trim",
    "upper",
}
_CODE_WIDTH = Mm(18)
_NO_GAPS = (
    'distT="0" distB="0" distL="0" distR="0"'  # LibreOffice leaves three millimetres else
)

REFUSALS = (TemplateError, TypeError)
"""How a template fails that asks for what it may not have, or for what there is not."""


class _Jinja(ImmutableSandboxedEnvironment):
    """Puts words in and repeats what it is given; reaches nothing else, and escapes always."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()  # neither range() nor cycler
        self.filters = {
            name: self.filters[name] for name in _FILTERS
        }  # least of all `safe`

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if tree.find(nodes.ScopedEvalContextModifier):
            raise TemplateError("autoescape")
        return tree


class _Code:
    """Draws itself where the template names it, and has nothing else that a template may reach.

    Docxtpl's own picture would hand it the document, with all that writes files.
    """

    def __init__(self, document: DocxTemplate, address: str) -> None:
        self._document, self._address = document, address

    def __html__(self) -> str:
        drawn = io.BytesIO(qr.png(self._address))
        picture = InlineImage(self._document, drawn, width=_CODE_WIDTH)
        return str(picture).replace("<wp:inline ", f"<wp:inline {_NO_GAPS} ", 1)


def fill(template: bytes, words: Words) -> bytes:
    """The Word file with its words, all of them text. A word it does not have is an error."""
    document = DocxTemplate(io.BytesIO(template))
    given = _clean(dict(words))
    if given.get("check_at"):
        given["code"] = _Code(document, given["check_at"])
    document.render(given, jinja_env=_Jinja(), autoescape=True)
    filled = io.BytesIO()
    document.save(filled)
    return _described(filled, given)


def _described(filled: io.BytesIO, words: Words) -> bytes:
    document = docx.Document(filled)
    fitting.fit(document)
    about = document.core_properties
    about.title = str(words.get("subject", ""))[:255]
    about.author = str(words.get("authority", ""))[:255]
    about.keywords = str(words.get("made_with", ""))[:255]
    about.comments = about.last_modified_by = ""
    described = io.BytesIO()
    document.save(described)
    return described.getvalue()


def _clean(value: Any) -> Any:  # noqa: ANN401 - words hold any JSON
    match value:
        case str():
            return _FORBIDDEN.sub("", unicodedata.normalize("NFC", value))
        case dict():
            return {key: _clean(one) for key, one in value.items()}
        case list() | tuple():
            return [_clean(one) for one in value]
    return value
