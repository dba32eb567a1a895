"""The demo's libraries: papers and links as if they had been read and looked at, and a policy in two versions."""

from __future__ import annotations

import io
from datetime import timedelta

from sqlalchemy import delete, select

from assessment.demo.journeys import Journey
from assessment.demo.papers import Paper, papers_of, renewed_policy
from assessment.demo.scene import opened
from saas import clock, files
from saas.events import Outbox
from saas.files import Received
from saas.tenancy import Scope
from tenants.models.evidence import Evidence
from tenants.services import evidence, evidence_looks

LARGEST_PAPER = 1 << 20
LINKS = (("Programme on the web", "programme"), ("Recording of a session", "recordings/1"))
LOOKS = ("check_link", "read_evidence")
"""Jobs whose work is done here: the words of the papers are known, and no site is ever asked."""
POLICY_HOLDS = timedelta(days=365)


def fill(journey: Journey) -> None:
    """Five papers that open and two links, each with what a look at it would find."""
    day = clock.today()
    with opened(journey.council_scope):
        for paper in papers_of(journey.council.name, journey.council.slug, day):
            with _received(paper) as received:
                kept = evidence.add_file(
                    journey.council_id,
                    received=received,
                    title=paper.title,
                    speaks_for_on=day,
                    valid_until_on=day + POLICY_HOLDS if "policy" in paper.filename else None,
                    by=journey.lead,
                )
            evidence_looks.keep_text(kept, [paper.text])
        for title, path in LINKS:
            url = f"https://www.example.org/{journey.council.slug}/{day.year}/{path}"
            link = evidence.add_link(journey.council_id, url=url, title=title, by=journey.lead)
            named = f"{title}, {journey.council.name}"
            evidence_looks.keep_look(link, reachable=True, words="answers", title=named, dated_on=day)
    _leave_nothing()


def renew_policy(journey: Journey) -> None:
    """The policy was reviewed: its new version takes the place of the one before, which stays."""
    day = clock.today()
    paper = renewed_policy(journey.council.name, journey.council.slug, day)
    with opened(journey.council_scope) as session:
        wanted = select(Evidence).where(Evidence.council_id == journey.council_id, Evidence.title == paper.title)
        policy = session.scalars(wanted.order_by(Evidence.id.desc()).limit(1).with_for_update()).one()
        with _received(paper) as received:
            evidence.replace_file(policy, received=received, by=journey.lead)
        evidence.change(
            policy,
            title=policy.title,
            speaks_for_on=day,
            valid_until_on=day + POLICY_HOLDS,
            version=policy.version,
            by=journey.lead,
        )
        session.flush()
        evidence_looks.keep_text(policy, [paper.text])
    _leave_nothing()


def _received(paper: Paper) -> Received:
    return files.receive(io.BytesIO(paper.content), paper.filename, limit_bytes=LARGEST_PAPER)


def _leave_nothing() -> None:
    """Take back the looks that were asked for: they are done."""
    with opened(Scope.nobody()) as session:
        session.execute(delete(Outbox).where(Outbox.job.in_(LOOKS)))
