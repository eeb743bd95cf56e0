"""BPMN files as XML: read without trusting them, and their names in another language."""

from collections.abc import Callable
from typing import Any

from lxml import etree

from workflows.errors import BadDefinition
from workflows.namespaces import CAMUNDA, NS
from workflows.words import N_

MAX_BYTES = 1_000_000


def root_of(xml: bytes) -> Any:
    """The file's root element. Raises BadDefinition for what is no XML or tries to be clever."""
    if len(xml) > MAX_BYTES:
        raise BadDefinition(N_("Tệp BPMN lớn quá 1 MB."))
    safe = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, safe)
    except etree.XMLSyntaxError as error:
        raise BadDefinition(
            N_("Tệp không phải XML: %(reason)s"), reason=error.msg
        ) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr] # lxml-stubs knows less
        raise BadDefinition(N_("Tệp BPMN không được có DOCTYPE."))
    return root


def process_of(root: Any) -> Any:
    """The one executable process of a file."""
    executable = root.xpath("//b:process[@isExecutable='true']", namespaces=NS)
    if len(executable) != 1:
        raise BadDefinition(N_("Tệp phải có đúng một quy trình thực thi được."))
    return executable[0]


def translated(xml: bytes, translate: Callable[[str], str]) -> bytes:
    """The same drawing with every name on it in another language."""
    root = root_of(xml)
    for node in root.xpath("//b:*[@name and not(self::b:message)]", namespaces=NS):
        node.set("name", translate(" ".join(node.get("name").split())))
    return etree.tostring(root)


def local(node: Any) -> str:
    """The tag without its namespace; "" for comments and instructions."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def camunda(node: Any, name: str) -> str:
    """A Camunda attribute of a node, "" when it has none."""
    return node.get(f"{{{CAMUNDA}}}{name}") or ""


def property_of(node: Any, name: str) -> str:
    """A Camunda property of a node, "" when it has none."""
    path = "b:extensionElements/c:properties/c:property[@name=$name]/@value"
    found = node.xpath(path, namespaces=NS, name=name)
    return str(found[0]) if found else ""
