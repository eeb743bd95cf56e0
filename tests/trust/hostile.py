"""XML that means harm: what it would have read, fetched or filled, were it let.

    python -m tests.trust.hostile FOLDER PORT

Looks at every file as an upload is looked at, in one process; prints its name, whether it was
refused, the seconds and the bytes of memory that it took, one JSON line each.
"""

import gzip
import json
import resource
import sys
import time
import zlib
from collections.abc import Callable

from tests.workflows.linter.conftest import KNOWN, end, file, flows, node, start, user
from workflows import definitions, diagrams
from workflows.errors import WorkflowError
from workflows.linter import lint
from workflows.linter.trials import trial

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_XINCLUDE = 'xmlns:xi="http://www.w3.org/2001/XInclude"'


def plain(body: str = "", top: str = "") -> bytes:
    """A sound file, and something in it."""
    return file(start() + user() + end() + flows("begun>ask>done") + body, top)


def with_doctype(doctype: str, use: str = "&x;") -> bytes:
    """A DOCTYPE before the file, what it declares being used in the name of the step."""
    xml = plain(node("documentation", "words", use))
    return xml.replace(b"<bpmn:definitions", doctype.encode() + b"\n<bpmn:definitions", 1)


def corpus(canary: str, address: str) -> dict[str, bytes]:
    """Files by name. `canary` is a file that nobody may open, `address` one nobody may fetch."""
    return {
        **_entities(canary, address),
        **_doctypes(canary, address),
        **_bombs(),
        **_inclusions(canary, address),
        **_encodings(canary),
        **_packed(),
        **_shapes(),
    }


def _entities(canary: str, address: str) -> dict[str, bytes]:
    targets = {
        "file": f"file://{canary}",
        "path": canary,
        "relative": f"..{canary}",
        "http": f"{address}/entity",
        "https": address.replace("http:", "https:"),
        "ftp": address.replace("http:", "ftp:"),
        "netdoc": f"netdoc:{canary}",
        "jar": f"jar:file://{canary}!/x",
        "php": f"php://filter/read=convert.base64-encode/resource={canary}",
        "data": "data:text/plain;base64,eA==",
        "unc": address.replace("http:", "file:"),
        "gopher": address.replace("http:", "gopher:"),
    }
    found = {}
    for name, target in targets.items():
        general = f'<!ENTITY x SYSTEM "{target}">'
        parameter = f'<!ENTITY % x SYSTEM "{target}"> %x;'
        public = f'<!ENTITY x PUBLIC "-//x//x" "{target}">'
        found[f"entity {name}"] = with_doctype(f"<!DOCTYPE d [{general}]>")
        found[f"parameter {name}"] = with_doctype(f"<!DOCTYPE d [{parameter}]>", "")
        found[f"public {name}"] = with_doctype(f"<!DOCTYPE d [{public}]>")
    return found


def _doctypes(canary: str, address: str) -> dict[str, bytes]:
    notation = f'<!NOTATION n SYSTEM "{canary}">'
    nested = (
        f'<!ENTITY % f SYSTEM "{canary}"><!ENTITY % g "<!ENTITY x SYSTEM \'{address}\'>">'
    )
    defaults = f'<!ATTLIST bpmn:userTask href CDATA "{canary}">'
    return {
        "external dtd": with_doctype(f'<!DOCTYPE d SYSTEM "{canary}">', ""),
        "external dtd over http": with_doctype(f'<!DOCTYPE d SYSTEM "{address}/dtd">', ""),
        "public dtd": with_doctype(f'<!DOCTYPE d PUBLIC "-//W3C//x" "{address}">', ""),
        "empty doctype": with_doctype("<!DOCTYPE d>", ""),
        "internal entity": with_doctype('<!DOCTYPE d [<!ENTITY x "approve">]>'),
        "notation": with_doctype(f"<!DOCTYPE d [{notation}]>", ""),
        "unparsed entity": with_doctype(
            f'<!DOCTYPE d [{notation}<!ENTITY x SYSTEM "{canary}" NDATA n>]>', ""
        ),
        "nested parameters": with_doctype(f"<!DOCTYPE d [{nested} %f; %g;]>"),
        "defaults": with_doctype(f"<!DOCTYPE d [{defaults}]>", ""),
        "entity in an attribute": plain().replace(
            b'name="leave"', b'name="&x;"'
        ).replace(b"<bpmn:definitions", b'<!DOCTYPE d [<!ENTITY x "y">]><bpmn:definitions', 1),
        "entity that is a tag": with_doctype('<!DOCTYPE d [<!ENTITY x "<bpmn:task/>">]>'),
        "undeclared entity": plain(node("documentation", "words", "&x;")),
        "standalone doctype": with_doctype(
            f'<!DOCTYPE d SYSTEM "{canary}" [<!ENTITY x "y">]>'
        ),
    }  # fmt: skip


def _bombs() -> dict[str, bytes]:
    laughs = f'<!DOCTYPE d [<!ENTITY l0 "ha">{_LAUGHS}]>'
    circle = '<!DOCTYPE d [<!ENTITY x "&y;"><!ENTITY y "&x;">]>'
    long = f'<!DOCTYPE d [<!ENTITY x "{"x" * 50_000}">]>'
    percent = '<!DOCTYPE d [<!ENTITY % a "x"><!ENTITY % b "&#37;a;&#37;a;"> %b;]>'
    return {
        "billion laughs": with_doctype(laughs, "&l9;"),
        "laughs in an attribute": with_doctype(laughs, '<a b="&l9;" />'),
        "quadratic blowup": with_doctype(long, "&x;" * 10_000),
        "entities in a circle": with_doctype(circle),
        "parameters that multiply": with_doctype(percent, ""),
        "a hundred thousand entities": with_doctype(
            "<!DOCTYPE d [" + "".join(f'<!ENTITY e{n} "x">' for n in range(20_000)) + "]>",
            "",
        ),
        "deep nesting": plain("<a>" * 40_000 + "</a>" * 40_000),
        "nesting below the limit": plain("<a>" * 200 + "</a>" * 200),
        "never closed": b"<a>" * 300_000,
        "huge attribute": plain(f'<a b="{"x" * 900_000}" />'),
        "attribute of eleven megabytes": plain(f'<a b="{"x" * 11_000_000}" />'),
        "many attributes": plain(
            "<a " + " ".join(f'a{n}=""' for n in range(50_000)) + " />"
        ),
        "same attribute often": plain("<a " + 'b="" ' * 50_000 + " />"),
        "many namespaces": plain(
            "<a " + " ".join(f'xmlns:n{n}="u{n}"' for n in range(30_000)) + " />"
        ),
        "long name": plain(f"<{'a' * 500_000} />"),
        "long comment": plain(f"<!--{'x' * 900_000}-->").replace(b"leave", b"Start"),
        "comment that never ends": plain("<!--" + "-" * 500_000),
        "cdata that never ends": plain("<![CDATA[" + "]" * 500_000),
        "hundred thousand references": plain(
            node("documentation", "w", "&#x41;" * 100_000) + "<a />"
        ),
    }


def _inclusions(canary: str, address: str) -> dict[str, bytes]:
    stylesheet = f'<?xml-stylesheet type="text/xsl" href="{canary}"?>'.encode()
    location = f'xsi:schemaLocation="http://www.omg.org/spec/BPMN/20100524/MODEL {canary}"'
    base = plain("<a />").replace(b'id="file"', f'id="file" xml:base="{address}/"'.encode())
    return {
        "xinclude file": plain(f'<xi:include {_XINCLUDE} href="{canary}" parse="text" />'),
        "xinclude http": plain(f'<xi:include {_XINCLUDE} href="{address}/include" />'),
        "xinclude fallback": plain(
            f'<xi:include {_XINCLUDE} href="/none"><xi:fallback><xi:include '
            f'href="{canary}" /></xi:fallback></xi:include>'
        ),
        "stylesheet": plain("<a />").replace(b"?>", b"?>" + stylesheet, 1),
        "instruction": plain(f"<?php readfile('{canary}'); ?><a />"),
        "schema": plain("<a />").replace(b'id="file"', f'id="file" {location}'.encode()),
        "base": base,
        "import": plain(
            top=f'<bpmn:import importType="x" namespace="x" location="{canary}" />'
        ),
        "import over http": plain(
            top=f'<bpmn:import importType="x" namespace="x" location="{address}/i" />'
        ),
        "link": plain(
            f'<a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{canary}" />'
        ),
    }


def _encodings(canary: str) -> dict[str, bytes]:
    xml = with_doctype(f'<!DOCTYPE d [<!ENTITY x SYSTEM "{canary}">]>').decode()
    text = xml.partition("?>")[2]
    found = {}
    for name in ("utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037", "latin-1",
                 "shift_jis", "utf-8-sig", "koi8-r"):  # fmt: skip
        head = f'<?xml version="1.0" encoding="{name}"?>'
        found[f"doctype in {name}"] = (head + text).encode(name, "replace")
    return found | {
        "utf-7 that says utf-8": xml.encode("utf-7"),
        "utf-16 that says utf-8": xml.encode("utf-16"),
        "xml 1.1": xml.replace('version="1.0"', 'version="1.1"').encode(),
        "no such encoding": xml.replace("UTF-8", "x-evil").encode(),
        "broken utf-8": plain("<a>").replace(b"<a>", b"<a>\xc0\xaf\xed\xa0\x80"),
        "overlong bracket": plain("<a />").replace(b"<a />", b"\xc0\xbca /"),
        "nul": plain("<a />").replace(b"<a />", b"<a\x00 />"),
    }


def _packed() -> dict[str, bytes]:
    return {
        "gzip": gzip.compress(plain()),
        "gzip bomb": gzip.compress(plain("<a />" * 2_000_000)),
        "zlib": zlib.compress(plain()),
        "zip": b"PK\x03\x04" + plain(),
        "svgz": gzip.compress(b"<svg/>"),
    }


def _shapes() -> dict[str, bytes]:
    return {
        "nothing": b"",
        "blank": b" " * 1_000,
        "no xml": b"\x89PNG\r\n\x1a\n" + bytes(1_000),
        "two roots": plain() + plain(),
        "something behind": plain() + b"<script/>",
        "declaration twice": plain().replace(b"?>", b'?><?xml version="1.0"?>', 1),
        "html": b"<!DOCTYPE html><html><script>1</script></html>",
        "soap": b'<s:Envelope xmlns:s="x"><s:Body/></s:Envelope>',
    }


def refusal(xml: bytes) -> str:
    """Why a file is refused, or nothing; by the linter, the drawing's reader and the engine's."""
    said = [str(finding) for finding in (lint(xml, KNOWN) or trial(xml))]
    for read in (diagrams.read, definitions.parse):
        try:
            read(xml)
        except WorkflowError as error:
            said.append(str(error))
    return " ".join(said)


Look = Callable[[bytes], str]


def main(look: Look = refusal) -> None:
    """Look at all of them."""
    files = corpus(sys.argv[1] + "/canary", f"http://127.0.0.1:{sys.argv[2]}")
    look(plain())
    for name, xml in files.items():
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        before = time.process_time()
        said = look(xml)
        seconds = time.process_time() - before
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) * 1024

        print(json.dumps([name, bool(said), seconds, grown]))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
