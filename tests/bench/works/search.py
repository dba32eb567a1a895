"""A search in a council of 20,000 pages of evidence among 40,000 of others, beside the bare statement without walls."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate

import psycopg
from flask import Flask

from assessment.queries.search import KINDS, search
from saas.db import new_id
from saas.transaction import within
from tests.bench.ground import Ground
from tests.bench.results import Result, median, milliseconds, p95
from tests.factories.tenants import MadeCouncil, make_council, make_region

PAGES_OF_ONE, OTHERS, PAGES_OF_EACH, PAGES_OF_A_FILE = 20_000, 40, 1_000, 50
WORDS_OF_A_PAGE = 350
TRADE = ("member", "training", "council", "induction", "programme", "role", "description", "mentoring", "budget")
"""Words of every tenth page or so, as they stand in papers of this kind; the other words of a page are invented."""
ASKED = ("zugzwang", "induction", "induction programme", '"role description"', "training or mentoring -budget", "memb")
"""On one page of each file, on many, both on one, in this order, either of two, and the beginning of a word."""
TIMES = 10
TARGET = 5.0
BARE = """
with hits as materialized (
    select p.evidence_id, p.id, p.page, ts_rank(p.words, %(query)s::tsquery) as score
    from evidence_pages p
    where p.council_id = %(council)s and p.words @@ (%(keyed)s::tsquery && %(query)s::tsquery)
), files as (
    select evidence_id, max(score) as score, count(*) over () as total, array_agg(page order by page) as pages,
        (array_agg(id order by score desc))[1] as page_id
    from hits group by evidence_id
    order by 2 desc limit 5
)
select e.title, f.pages, f.total, ts_headline('pg_catalog.english', p.text, %(query)s::tsquery)
from files f
join evidence e on e.council_id = %(council)s and e.id = f.evidence_id and e.removed_at is null
join evidence_pages p on p.council_id = %(council)s and p.id = f.page_id
order by f.score desc
"""
FILE = """
insert into evidence (council_id, id, kind, title, sha256, size, content_type, filename, added_at, added_by_name,
    file_number, scan, scan_words, text_state, pages, link_title, check_words, version)
values (%s, %s, 'file', %s, %s, 1000, 'application/pdf', 'paper.pdf', now(), 'Ann',
    1, 'clean', '', 'read', %s, '', '', 1)
"""
PAGE = "insert into evidence_pages (council_id, id, evidence_id, page, text) values (%s, %s, %s, %s, %s)"


def search_pages(ground: Ground) -> Result:
    """What the page of search asks, through the gate as role app, over the best statement for it as their owner."""
    app = ground.app
    region = make_region(app)
    council = make_council(app, region)
    chance = random.Random(2017)
    vocabulary = ["".join(chance.choices("abcdefghilmnoprstu", k=chance.randint(3, 10))) for _ in range(8_000)]
    with psycopg.connect(ground.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        _fill(owner, council, PAGES_OF_ONE, chance, vocabulary)
        for _ in range(OTHERS):
            _fill(owner, make_council(app, region), PAGES_OF_EACH, chance, vocabulary)
        owner.execute("vacuum (analyze) evidence_pages")
        owner.execute("vacuum (analyze) evidence")
        walled, bare = [], []
        for words in ASKED * TIMES:
            bare.append(milliseconds(lambda words=words: _bare(owner, council, words)))
            walled.append(milliseconds(lambda words=words: _walled(app, council, words)))
    return Result(
        work="search_pages",
        size=f"{PAGES_OF_ONE:,} pages beside {OTHERS * PAGES_OF_EACH:,}",
        median_ms=median(walled),
        p95_ms=p95(walled),
        statements=1,
        bare_ms=median(bare),
        ratio=median(walled) / median(bare),
        target=TARGET,
    )


def _walled(app: Flask, council: MadeCouncil, words: str) -> None:
    with app.app_context(), within(council.scope(), read_only=True):
        if not search(words, KINDS, at_most=5).hits:
            raise RuntimeError(f"the bench found nothing for {words}")


def _bare(owner: psycopg.Connection, council: MadeCouncil, words: str) -> None:
    """The floor: evidence alone, as a query somebody wrote by hand."""
    query = owner.execute("select tenancy.sought(%s, 'pg_catalog.english')::text", [words]).fetchone()
    values = {"query": query and query[0], "keyed": f"'{council.id}'", "council": council.id}
    if not owner.execute(BARE, values).fetchall():
        raise RuntimeError(f"the bare statement found nothing for {words}")


def _fill(
    owner: psycopg.Connection, council: MadeCouncil, pages: int, chance: random.Random, vocabulary: Sequence[str]
) -> None:
    """So many pages of files in the council."""
    weights = list(
        accumulate(1 / rank for rank in range(1, len(vocabulary) + 1))
    )  # as in any language, few words are most of it
    with owner.transaction(), owner.cursor() as cursor:
        for number in range(pages // PAGES_OF_A_FILE):
            file_id = new_id()
            cursor.execute(FILE, [council.id, file_id, f"Paper {number}", file_id.hex * 2, PAGES_OF_A_FILE])
            rows = []
            for page in range(1, PAGES_OF_A_FILE + 1):
                words = chance.choices(vocabulary, cum_weights=weights, k=WORDS_OF_A_PAGE)
                words += [word for word in TRADE if chance.random() < 0.1]
                words += ["role", "description"] * (page == 2) + ["induction", "programme"] * (page % 9 == 0)
                words += ["zugzwang"] * (page == 3)
                rows.append((council.id, new_id(), file_id, page, " ".join(words)))
            cursor.executemany(PAGE, rows)
