"""What the program writes about itself: nothing in it can be forged, and no secret is in it."""

import copy
import logging
import re
import time

_CONTROL = re.compile(
    r"[\x00-\x08\n-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
_INDENT = "    "
_ROWS = "DETAIL:"  # PostgreSQL shows the row that it refused


class Formatter(logging.Formatter):
    """One line for each record; what failed stands below it, indented.

    People's words come into a log by addresses and in the messages of errors. Whatever would begin
    a new line, or move a terminal's cursor, is written as its code.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        own = copy.copy(record)
        own.exc_text = None  # what another handler has made of the error
        return super().format(own)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return visible(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        text = super().formatException(ei)  # type: ignore[arg-type] # logging's own triple
        lines = (line for line in text.splitlines() if not line.startswith(_ROWS))
        return "\n".join(_INDENT + visible(line) for line in lines)


def configure() -> None:
    """Write warnings and errors of every module to the standard error, in this form."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, Formatter) for handler in root.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(Formatter())
        root.addHandler(handler)


def visible(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey or hide."""
    return _CONTROL.sub(lambda found: ascii(found.group())[1:-1], text)
