"""DOCX by docxtpl: a Word file with places for words, filled by a Jinja that does nothing else."""

import io
import re
import unicodedata
from typing import Any

import docx
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from awards.templates.registry import Words

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML holds these


def fill(template: bytes, words: Words) -> bytes:
    """The Word file with its words, all of them text. A word it does not have is an error."""
    jinja = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    jinja.globals.clear()  # neither range() nor cycler: a template repeats what it is given
    document = DocxTemplate(io.BytesIO(template))
    document.render(_clean(dict(words)), jinja_env=jinja, autoescape=True)
    filled = io.BytesIO()
    document.save(filled)
    return _described(filled, words)


def _described(filled: io.BytesIO, words: Words) -> bytes:
    document = docx.Document(filled)
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
