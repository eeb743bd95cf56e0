"""All rules, and the order in which they look."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from workflows.linter import (
    calls,
    clocks,
    deadlines,
    documents,
    elements,
    events,
    extensions,
    fields,
    flows,
    ids,
    paths,
    people,
    steps,
    throws,
)
from workflows.linter.documents import Unreadable
from workflows.linter.drawings import Drawing
from workflows.linter.findings import Finding, Known, Outline, found
from workflows.words import N_

MAX_FINDINGS = 500  # nobody reads on


def lint(xml: bytes, known: Known) -> list[Finding]:
    """All that keeps a BPMN file from being deployed; nothing if it is sound."""
    try:
        tree = documents.root(xml)
        drawing = Drawing(tree, documents.process(tree))
    except Unreadable as error:
        return [error.finding]
    too_much = list(elements.is_too_much(drawing))
    findings = too_much or list(islice(_findings(tree, drawing, known), MAX_FINDINGS + 1))
    return findings if len(findings) <= MAX_FINDINGS else [*findings[:-1], _more()]


def outlines(files: Mapping[str, bytes], known: Known) -> dict[str, Outline]:
    """What callers must know of deployed processes, those first that call no others."""
    done: dict[str, Outline] = {}
    waiting = {key: called(xml) for key, xml in files.items()}
    while waiting:
        ready = [key for key, names in waiting.items() if not names & waiting.keys()]
        for key in ready or list(
            waiting
        ):  # called in a circle: nothing is known of each other
            tree = documents.root(files[key])
            drawing = Drawing(tree, documents.process(tree))
            done[key] = calls.outline(drawing, replace(known, processes=dict(done)))
            del waiting[key]
    return done


def called(xml: bytes) -> frozenset[str]:
    """The keys of the processes that a file calls. Raises Unreadable."""
    tree = documents.root(xml)
    return calls.called(Drawing(tree, documents.process(tree)))


def _more() -> Finding:
    return found(
        None,
        N_("Còn nhiều chỗ sai nữa."),
        N_("Sửa các chỗ trên rồi kiểm tra lại."),
    )


def _findings(tree: Any, drawing: Drawing, known: Known) -> Iterator[Finding]:
    yield from documents.check(tree)
    yield from elements.check(drawing)
    yield from extensions.check(drawing)
    yield from extensions.is_text_alone(drawing)
    yield from ids.check(drawing)
    yield from flows.check(drawing)
    yield from events.check(drawing)
    yield from throws.check(drawing, known)
    yield from paths.check(drawing, known)
    yield from deadlines.check(drawing, known)
    yield from calls.check(drawing, known)
    yield from people.check(drawing, known)
    yield from steps.check(drawing, known)
    yield from clocks.check(drawing)
    yield from fields.check(drawing, known)
