"""`make bench`: measure everything on both databases, print it, keep it in results.json."""

import argparse
import json
import os
import sys
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from benchmarks import acts, bulk, databases, generate, pages, sizes
from benchmarks.acts import Ours
from benchmarks.measuring import ROUNDS, Result, table
from benchmarks.pages import Site
from benchmarks.peer import running

HERE = Path(__file__).parent
SMALL, LARGE, MILLION = 1_000, 100_000, 1_000_000


def main() -> None:
    """Measure what was asked for."""
    chosen = _arguments()
    results: list[Result] = []
    for kind in chosen.database or databases.KINDS:
        # Django knows one database a process, so each gets a process of its own.
        with get_context("spawn").Pool(1) as pool:
            results += pool.apply(_measure, (kind, chosen))
    print(f"\n{table(results)}\n\nload average {os.getloadavg()[0]:.1f} at the end")
    rows = [result.row() for result in results]
    path = HERE / "results.json"
    path.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--million", action="store_true", help="pages at a million, too")
    parser.add_argument("--no-pages", action="store_true", help="acts alone")
    parser.add_argument("--no-acts", action="store_true", help="pages alone")
    parser.add_argument("--database", action="append", choices=databases.KINDS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--at",
        action="append",
        default=[],
        metavar="COUNT=URL",
        help="pages on a database that `python -m benchmarks.generate` has filled",
    )
    return parser.parse_args()


def _measure(kind: str, chosen: Any) -> list[Result]:
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
    peer.close()
    engine.dispose()
    return results


def _pages(kind: str, place: databases.Place, chosen: Any) -> list[Result]:
    given = {int(n): url for n, _, url in (at.partition("=") for at in chosen.at)}
    given = {n: url for n, url in given.items() if url.startswith(kind)}
    counts = {SMALL, LARGE, *given} | ({MILLION} if chosen.million else set())
    sites = [_site(count, place, given.get(count)) for count in sorted(counts)]
    _say(f"{kind}: pages")
    results = pages.measure(kind, [site for site, _engine in sites], chosen.rounds)
    for _, engine in sites:
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


if __name__ == "__main__":
    main()
