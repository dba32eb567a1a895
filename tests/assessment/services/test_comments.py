"""Comments: said among colleagues, told to who is mentioned, settled and reopened."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.comments import get_comment, get_discussion
from assessment.queries.frameworks import get_framework
from assessment.services import comments
from saas.errors import Conflict, Invalid, NotFound
from saas.events import Event
from saas.tenancy import Actor
from tenants.queries.notices import list_notices
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.element_owners import make_comment
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


def test_who_is_ticked_or_called_is_told_and_nobody_twice(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    ticked = make_user(app, council, "council_editor", "Mina Castellan")
    called = make_user(app, council, "steering_chair", "Cllr Amina Foss")
    words = f"@amina, @Mina Castellan and @{lead.name}: is this so?"
    by = Actor(lead.id, lead.name)
    comment_id = make_comment(app, council, made, words=words, mentions=[ticked.id], by=by)
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        requirement_id = get_framework(accreditation.framework_id).ids["1.1.1"]
        line = get_discussion(accreditation, requirement_id).comments[0]
        title = get_framework(accreditation.framework_id).requirement(requirement_id).title
        assert (line.comment.words, line.told) == (words, ("Mina Castellan", "Cllr Amina Foss", lead.name))
        notices = [(each.key, each.kind, each.words, each.path) for each in list_notices(council.id, called.id)]
        assert notices == [
            (
                f"comment:{comment_id}",
                "mention",
                f"{lead.name} mentions you in a comment on 1.1.1 {title}.",
                f"/councils/{council.slug}/accreditations/{made}/requirements/1.1.1#comments",
            )
        ]
        counts = [len(list_notices(council.id, each.id)) for each in (ticked, called, lead)]
    assert counts == [1, 1, 0]  # nobody hears of oneself


def test_the_log_says_that_something_was_said_and_not_what(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_comment(app, council, make_accreditation(app, council), words="Between us.")
    with in_scope(council.scope()) as session:
        found = session.execute(sa.select(Event.audience, Event.payload).where(Event.verb == "comment.written")).all()
    assert [tuple(each) for each in found] == [("council", {"by": "Console", "requirement": "1.1.1"})]


@pytest.mark.parametrize(("words", "refusal"), [(" ", "Enter your comment"), ("x" * 2001, "2,000 characters")])
def test_a_comment_has_words_and_an_end(app: Flask, council: MadeCouncil, words: str, refusal: str) -> None:
    made = make_accreditation(app, council)
    with pytest.raises(Invalid, match=refusal):
        make_comment(app, council, made, words=words)


def test_who_does_not_read_the_self_assessment_is_not_told(app: Flask, council: MadeCouncil) -> None:
    made = make_accreditation(app, council)
    others = [
        make_user(app, council, "member"),
        make_user(app, make_council(app, council.region), "council_lead"),
        make_user(app, council.region, "region_officer"),
    ]
    for person in others:
        with pytest.raises(Invalid, match="mentions: Choose colleagues who may read the self-assessment"):
            make_comment(app, council, made, mentions=[person.id])


def test_a_name_that_several_have_asks_for_a_tick(app: Flask, council: MadeCouncil) -> None:
    made = make_accreditation(app, council)
    first = make_user(app, council, "council_editor", "Sam Reed")
    make_user(app, council, "council_editor", "Sam Harker")
    with pytest.raises(Invalid, match="“@sam” could be Sam Harker or Sam Reed: tick who is to be told"):
        make_comment(app, council, made, words="Ask @sam.")
    make_comment(app, council, made, words="Ask @sam.", mentions=[first.id])


def test_a_comment_is_settled_once_and_reopened(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    comment_id = make_comment(app, council, made)
    with in_scope(council.scope()):
        comment = get_comment(get_accreditation(made), comment_id)
        comments.settle(comment, by=Actor(None, "Ann"))
        comments.settle(comment, by=Actor(None, "Bob"))
        assert (comment.settled_by_name, comment.settled_at is not None) == ("Ann", True)
        comments.reopen(comment, by=Actor(None, "Bob"))
        assert (comment.settled_by_name, comment.settled_at) == ("", None)


def test_nothing_is_said_after_the_decision_or_of_another_council(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    comment_id = make_comment(app, council, made)
    other = make_council(app, council.region)
    elsewhere = make_accreditation(app, other)
    with in_scope(other.scope()), pytest.raises(NotFound):
        get_comment(get_accreditation(elsewhere), comment_id)
    with in_scope(council.scope()) as session:
        session.execute(sa.text("update accreditations set stage = 'not_yet' where id = :id"), {"id": made})
    with pytest.raises(Conflict, match="Nothing can be said any more at the stage “Not yet awarded”"):
        make_comment(app, council, made)
