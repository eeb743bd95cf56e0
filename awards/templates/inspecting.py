"""What a template may not hold: ways out of the paper, whatever it looks like."""

import io
import re
import zipfile
from xml.parsers import expat

from workflows.words import N_

_PACKAGE = re.compile(r"@(preview|local)\b")
_REFUSED_PARTS = ("word/embeddings/", "word/activex/", "word/afchunk", "customui/")
_REFUSED_FIELDS = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|EMBED|DATABASE|MACROBUTTON)\b"
)
_EXTERNAL = "External"


class Unfit(Exception):
    """Why a file cannot be a template, in words for whoever uploads it."""


def read_source(content: bytes) -> None:
    """A Typst file is text, and brings no packages. Raises Unfit."""
    try:
        source = content.decode()
    except UnicodeDecodeError as error:
        raise Unfit(N_("Tệp này không phải là văn bản Typst (UTF-8).")) from error
    if _PACKAGE.search(source):
        raise Unfit(N_("Mẫu không được dùng gói bên ngoài (@preview, @local)."))


def look_through(content: bytes) -> None:
    """A Word file without anything that runs, embeds, or fetches. Raises Unfit."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                name = entry.filename.replace("\\", "/").lower()
                if name.startswith(_REFUSED_PARTS):
                    raise Unfit(N_("Tệp Word có đối tượng nhúng. Bỏ đi rồi tải lại."))
                if name.endswith((".xml", ".rels")):
                    _Part().read(archive.read(entry))
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, expat.ExpatError) as error:
        raise Unfit(N_("Tệp Word này bị hỏng.")) from error


class _Part:
    """One XML part: no DOCTYPE, nothing from outside, no field that fetches or runs."""

    def __init__(self) -> None:
        self.fields = ""
        self.is_field = False

    def read(self, part: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(part, True)  # noqa: FBT003 - expat takes no keywords
        if _REFUSED_FIELDS.search(self.fields.upper()):
            raise Unfit(
                N_("Tệp Word có trường lấy dữ liệu từ nơi khác. Bỏ đi rồi tải lại.")
            )

    def _doctype(self, *_declaration: object) -> None:
        raise Unfit(N_("Tệp Word có khai báo DOCTYPE."))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode") == _EXTERNAL:
            raise Unfit(
                N_(
                    "Tệp Word dẫn tới nơi bên ngoài (liên kết, ảnh, mẫu). Bỏ đi rồi tải lại."
                )
            )
        short = name.rpartition(":")[2]
        self.is_field = short == "instrText"
        if short == "fldSimple":
            self.fields += " " + " ".join(attributes.values())

    def _end(self, _name: str) -> None:
        self.is_field = False

    def _text(self, text: str) -> None:
        if self.is_field:
            self.fields += text
