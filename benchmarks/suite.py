"""All that is measured on one kind of database."""

import sys
from typing import Any

from sqlalchemy import Engine

from benchmarks import acts, bulk, databases, generate, pages, papers, searching, sizes
from benchmarks.acts import Ours
from benchmarks.measuring import Result
from benchmarks.pages import Site
from benchmarks.peer import running

SMALL, LARGE, MILLION = 1_000, 100_000, 1_000_000


def measure(kind: str, chosen: Any) -> list[Result]:
    """Acts, then pages, as the command line asks for them."""
    results: list[Result] = []
    with databases.place(kind) as place:
        if not chosen.no_acts:
            results += _acts(kind, place, chosen.rounds)
        if not chosen.no_pages:
            results += _pages(kind, place, chosen)
    return results


def _acts(kind: str, place: databases.Place, rounds: int) -> list[Result]:
    _say(f"{kind}: acts")
    engine = databases.province(databases.open_app(place.address("ours"), place.folder))
    peer = running.set_up(place.address("viewflow"))
    ours = Ours(engine)
    results = acts.measure(kind, ours, peer, rounds)
    results += bulk.measure(kind, ours, peer, rounds)
    results += sizes.measure(kind, engine, peer)
    results += papers.measure(kind, engine, rounds)
    peer.close()
    engine.dispose()
    return results


def _pages(kind: str, place: databases.Place, chosen: Any) -> list[Result]:
    given = {int(n): url for n, _, url in (at.partition("=") for at in chosen.at)}
    given = {n: url for n, url in given.items() if url.startswith(kind)}
    counts = {*(chosen.count or (SMALL, LARGE)), *given}
    counts |= {MILLION} if chosen.million else set()
    sites = [_site(count, place, given.get(count)) for count in sorted(counts)]
    _say(f"{kind}: pages")
    results = pages.measure(kind, [site for site, _engine in sites], chosen.rounds)
    for site, engine in sites:
        if site.count <= LARGE:  # LIKE alone would take an hour at a million
            searching.prepare(engine)
            results += searching.measure(kind, site.count, engine, chosen.rounds)
        engine.dispose()
    return results


def _site(count: int, place: databases.Place, url: str | None) -> tuple[Site, Engine]:
    app = databases.open_app(url or place.address(f"g{count}"), place.folder)
    engine = databases.engine_of(app)
    if url is None:
        _say(f"{place.kind}: generating {count:,} nominations")
        generate.fill(databases.province(app), count, generate.progress(count))
        generate.verify_sample(engine)
    return Site(count, app, engine), engine


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
