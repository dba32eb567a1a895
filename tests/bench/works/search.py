"""A search in a council of 20,000 pages of evidence among 40,000 of others, beside the bare statement without walls."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial
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
PAGES = """
insert into evidence_pages (council_id, evidence_id, id, page, text)
select %s, %s, made.id, made.page, made.text
from unnest(%s::uuid[], %s::text[]) with ordinality as made(id, text, page)
"""
WORDS = "ix_evidence_pages_words"


def search_pages(ground: Ground) -> Result:
    """What the page of search asks, through the gate as role app, over the best statement for it as their owner."""
    app = ground.app
    region = make_region(app)
    council = make_council(app, region)
    papers = _papers()
    with psycopg.connect(ground.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(f"drop index {WORDS}")  # made again at the end: so many rows fill it slowly
        _fill(owner, council, PAGES_OF_ONE, papers)
        for _ in range(OTHERS):
            _fill(owner, make_council(app, region), PAGES_OF_EACH, papers)
        owner.execute(f"create index {WORDS} on evidence_pages using gin (words)")
        owner.execute("vacuum (analyze) evidence_pages")
        owner.execute("vacuum (analyze) evidence")
        walled, bare = [], []
        for words in ASKED * TIMES:
            bare.append(milliseconds(partial(_bare, owner, council, words)))
            walled.append(milliseconds(partial(_walled, app, council, words)))
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


def _papers() -> list[str]:
    """Texts of pages: as in any language, few words are most of it; words of the trade stand here and there."""
    chance = random.Random(2017)
    vocabulary = ["".join(chance.choices("abcdefghilmnoprstu", k=chance.randint(3, 10))) for _ in range(8_000)]
    weights = list(accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))
    papers = []
    for number in range(2_000):
        words = chance.choices(vocabulary, cum_weights=weights, k=WORDS_OF_A_PAGE)
        words += [word for word in TRADE if chance.random() < 0.1]
        words += ["role", "description"] * (number % 50 == 2) + ["induction", "programme"] * (number % 9 == 0)
        words += ["zugzwang"] * (number % 100 == 3)
        papers.append(" ".join(words))
    return papers


def _fill(owner: psycopg.Connection, council: MadeCouncil, pages: int, papers: Sequence[str]) -> None:
    """So many pages of files in the council."""
    with owner.transaction():
        for start in range(0, pages, PAGES_OF_A_FILE):
            file_id = new_id()
            owner.execute(FILE, [council.id, file_id, f"Paper {start}", file_id.hex * 2, PAGES_OF_A_FILE])
            texts = [papers[(start + page) % len(papers)] for page in range(PAGES_OF_A_FILE)]
            owner.execute(PAGES, [council.id, file_id, [new_id() for _ in texts], texts])
