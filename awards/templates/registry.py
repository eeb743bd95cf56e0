"""The kinds of papers: what each is called, the words it is made of, and a sample of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from awards.templates.places import FOLDER, Words
from models.templates import TemplateFormat

__all__ = ["FOLDER", "KINDS", "PaperKind", "Words", "register"]

BOTH = (TemplateFormat.TYPST, TemplateFormat.DOCX)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PaperKind:
    """A kind of paper. Kinds that look alike share one built-in `file` (name without ending).

    `words` says of each word what it is, for those who write templates; `sample` gives all of them
    for a made-up paper: previews and the check of a new template are made with it.
    """

    key: str
    name: str
    file: str
    words: Mapping[str, str]
    sample: Callable[[], dict[str, Any]]
    formats: tuple[TemplateFormat, ...] = BOTH

    def built_in(self, format_: TemplateFormat) -> Path:
        """Our own template."""
        ending = "typ" if format_ == TemplateFormat.TYPST else "docx"
        return FOLDER / f"{self.file}.{ending}"


KINDS: dict[str, PaperKind] = {}


def register(kind: PaperKind) -> PaperKind:
    """Make a kind known: to its maker, and to those who keep templates."""
    assert kind.key not in KINDS, kind.key  # noqa: S101 - a bug of ours, found at import
    KINDS[kind.key] = kind
    return kind
