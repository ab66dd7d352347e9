"""Other ways to look a line up, as one would first think of them: rapidfuzz, SQLite FTS5, tantivy."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process, utils

Search = Callable[[str], list[tuple[int, float]]]
"""Words in, line numbers and scores out, best first."""

_RERANKED = 300


def has_tantivy() -> bool:
    """Whether tantivy is installed here."""
    return find_spec("tantivy") is not None


def brute_force(lines: Sequence[str]) -> Search:
    """Partial matches of characters over all lines; a line shorter than the query would fit by chance."""
    plain = [utils.default_process(line) for line in lines]
    lengths = np.array([len(line) for line in plain])

    def search(query: str) -> list[tuple[int, float]]:
        asked = utils.default_process(query)
        long = np.flatnonzero(lengths >= len(asked) * 0.8).tolist()
        best = process.extractOne(asked, [plain[at] for at in long], scorer=fuzz.partial_ratio)
        return [(long[best[2]], best[1] / 100)] if best else []

    return search


def full_text(lines: Sequence[str]) -> Search:
    """SQLite's own full-text search, any of the words, ranked by BM25."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE line USING fts5(text)")
    database.executemany("INSERT INTO line (rowid, text) VALUES (?, ?)", enumerate(lines))

    def search(query: str) -> list[tuple[int, float]]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", query))
        asked = "SELECT rowid, -rank FROM line WHERE line MATCH ? ORDER BY rank LIMIT 1"
        return [(row[0], row[1]) for row in database.execute(asked, (words or '""',))]

    return search


def fuzzy_engine(lines: Sequence[str], folder: Path) -> Search:
    """Tantivy: every word exactly or with an edit or two, the last one as a prefix; the best by characters again."""
    import tantivy  # pyright: ignore[reportMissingImports]  # an engine to compare with, where it is there

    engine: Any = tantivy
    folder.mkdir(parents=True)
    builder = engine.SchemaBuilder()
    builder.add_integer_field("number", stored=True, indexed=False)
    builder.add_text_field("text", stored=False)
    schema = builder.build()
    index = engine.Index(schema, path=str(folder))
    writer = index.writer(256_000_000, 1)
    for number, line in enumerate(lines):
        writer.add_document(engine.Document(number=number, text=line))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    plain = [utils.default_process(line) for line in lines]
    query_of, should = engine.Query, engine.Occur.Should

    def search(query: str) -> list[tuple[int, float]]:
        words = re.findall(r"\w+", query.lower())
        parts: list[Any] = []
        for at, word in enumerate(words):
            parts.append((should, query_of.boost_query(query_of.term_query(schema, "text", word), 2.0)))
            if len(word) > 3:
                edits, last = (1 if len(word) < 6 else 2), at == len(words) - 1
                near = query_of.fuzzy_term_query(
                    schema, "text", word, distance=edits, transposition_cost_one=True, prefix=last
                )
                parts.append((should, near))
        if not parts:
            return []
        hits = searcher.search(query_of.boolean_query(parts), _RERANKED).hits
        asked = utils.default_process(query)
        found = [(searcher.doc(address)["number"][0], score / hits[0][0]) for score, address in hits]
        ranked = [(number, (share + fuzz.partial_ratio(asked, plain[number]) / 100) / 2) for number, share in found]
        return sorted(ranked, key=lambda hit: -hit[1])[:5]

    return search
