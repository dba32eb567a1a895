"""Evidence of one megabyte on its way in and out."""

from __future__ import annotations

import json
from itertools import count

from tests.bench.floors import Floor
from tests.bench.story import Story, content
from tests.bench.visitor import Call, Visitor
from tests.bench.work import Ask, Work

SIZE = "1 MB"
KEEP = """
insert into evidence (council_id, id, kind, title, sha256, size, content_type, filename, added_at, added_by_name,
    file_number, scan, scan_words, text_state, link_title, check_words, version)
values (%(council)s, gen_random_uuid(), 'file', 'Paper', %(sha256)s || left(gen_random_uuid()::text, 0), 1000000,
    'application/pdf', 'paper.pdf', now(), 'Ann', 1, 'clean', '', 'no_text', '', '', 1)
on conflict do nothing
returning id
"""
FIND = "select id, filename, content_type, sha256 from evidence where council_id = %(council)s limit 1"


def upload_1_mb(story: Story) -> Work:
    """A paper that the library does not hold yet, as the page sends it."""
    return Work(
        name="upload_1_mb",
        size=SIZE,
        who=story.lead,
        ask=_uploading(story),
        floor=Floor(KEEP, {"council": str(story.found.file_council_id)}, rows=0, keep=True),
        target=2,
        most_statements=6,
        shows=b'"added"',
    )


def download_1_mb(story: Story) -> Work:
    """A paper of the library."""
    sent: list[str] = []
    upload = _uploading(story)

    def ask(visitor: Visitor, connection: int) -> Call:
        if not sent:
            answer = json.loads(visitor.send(upload(visitor, connection)).body)
            sent.append(f"/councils/{story.found.council}/evidence/{answer['id']}/file")
        return Call("GET", sent[0])

    return Work(
        name="download_1_mb",
        size=SIZE,
        who=story.lead,
        ask=ask,
        floor=Floor(FIND, {"council": str(story.found.council_id)}, send=str(story.paper)),
        target=3,
        most_statements=4,
        shows=b"%%EOF",
    )


def _uploading(story: Story) -> Ask:
    numbers = count(1)

    def ask(visitor: Visitor, _connection: int) -> Call:
        paper = content()
        body, kind = visitor.upload(paper, f"paper-{next(numbers)}.pdf", size=len(paper))
        return Call("POST", f"/councils/{story.found.council}/evidence/files", body, kind)

    return ask
