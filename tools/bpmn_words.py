"""Finds the words that people read in a BPMN file, for pybabel (see babel.cfg)."""

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

_NAMED = "//b:*[@name and not(self::b:message)] | //c:formField/c:value[@name]"
_SAID = "//c:property[@name='stage' or @name='public_status']"
_NS = {
    "b": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "c": "http://camunda.org/schema/1.0/bpmn",
}


def extract(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Line, function, message and comments of every name and every sentence on the diagram."""
    del keywords, comment_tags, options
    root: Any = etree.fromstring(file.read())
    for node in root.xpath(_NAMED, namespaces=_NS):
        if node.get("name"):
            yield node.sourceline, "", " ".join(node.get("name").split()), []
    for node in root.xpath(_SAID, namespaces=_NS):
        yield node.sourceline, "", node.get("value"), []
    for node in root.xpath("//c:formField[@label]", namespaces=_NS):
        yield node.sourceline, "", " ".join(node.get("label").split()), []
