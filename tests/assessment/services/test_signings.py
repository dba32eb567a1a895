"""Signing as a machine of states: any order, an election in between, refusals, and the seal over what was signed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from assessment.models.accreditations import DeclarationSignature
from assessment.models.signings import SignatureRequest, Signing
from assessment.queries import submissions as sent
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import list_answers
from assessment.queries.signings import (
    find_borne,
    find_current,
    get_request,
    get_signing,
    list_requests,
    list_signatures,
    list_standing,
)
from assessment.rules import sealing
from assessment.rules.processes import DEFAULT, Period
from assessment.rules.signings import signed_part
from assessment.rules.stages import Verb
from assessment.services import accreditations, answers, signatories, signings, submissions
from assessment.services.processes import save_process
from saas import clock, jobs
from saas.errors import Conflict, Invalid, NotFound
from saas.security import digest
from saas.tenancy import CONSOLE, Actor, Scope
from saas.transaction import within
from tenants.models.evidence import Evidence
from tenants.models.notices import Notice
from tenants.models.plans import Action
from tenants.queries.offices import find_current as find_holder
from tenants.services import offices
from tenants.services.offices import HolderDetails
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.invitations import Postbox
from tests.factories.signings import (
    CHIEF,
    LEADER,
    commit_by_asking,
    leave,
    links_in,
    make_holder,
    open_submission,
    requests_of,
    sign_by_link,
    sign_on_paper,
)
from tests.factories.submissions import LINK, answer_all, make_seal, make_submission
from tests.factories.tenants import MadeCouncil, MadeUser

SAM, KIT, ROB = "sam.okoro@example.org", "kit.moss@example.org", "rob.vale@example.org"


@pytest.fixture
def held(app: Flask, council: MadeCouncil) -> MadeCouncil:
    """The council with a Leader and a Chief Executive who can be reached by mail."""
    make_holder(app, council, LEADER)
    make_holder(app, council, CHIEF)
    return council


def standing(in_scope: InScope, council: MadeCouncil, made: UUID, about: str = "commitment") -> tuple[str, list[str]]:
    """The stage, and where the signatures of Leader and Chief Executive stand."""
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        signing = find_current(accreditation, about)
        lines = list_standing(accreditation, signing, [LEADER, CHIEF])
        return accreditation.stage, [line.state.value for line in lines]


def improving(app: Flask, council: MadeCouncil) -> UUID:
    """An accreditation with every answer, its plan approved; its id."""
    made = make_accreditation(app, council)
    make_submission(app, council, made, kind="plan")
    with app.app_context(), within(council.region.scope()):
        accreditations.move(get_accreditation(made, lock=True), Verb.APPROVE_PLAN, by=CONSOLE)
    return made


@pytest.mark.parametrize("order", [(SAM, KIT), (KIT, SAM)])
def test_the_last_signature_opens_the_self_assessment_in_any_order(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox, order: tuple[str, str]
) -> None:
    made = commit_by_asking(app, held)
    links = links_in(postbox.empty())
    names = {SAM: "Sam Okoro", KIT: "Kit Moss"}
    assert standing(in_scope, held, made) == ("committed", ["asked", "asked"])
    sign_by_link(app, links[order[0]], names[order[0]])
    assert standing(in_scope, held, made)[0] == "committed"
    with in_scope(held.region.scope()):
        assert list_signatures(made, "commitment") == []  # the region hears of a commitment, not of half of one
    sign_by_link(app, links[order[1]], names[order[1]])
    with in_scope(held.region.scope()):
        assert get_accreditation(made).stage == "self_assessing"
        kept = list_signatures(made, "commitment")
    assert sorted((each.office, each.name, each.on_paper) for each in kept) == [
        (CHIEF, "Kit Moss", False),
        (LEADER, "Sam Okoro", False),
    ]
    assert {each.text.split(" commits itself")[0] for each in kept} == {held.name}
    assert all(each.signed_at is not None and each.signed_on == clock.today() for each in kept)


def test_all_on_paper_opens_at_once_and_some_on_paper_waits_for_the_others(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    made = commit_by_asking(app, held, leader=date(2026, 1, 5))
    assert standing(in_scope, held, made) == ("committed", ["on_paper", "asked"])
    links = links_in(postbox.empty())
    assert list(links) == [KIT]
    sign_by_link(app, links[KIT], "kit MOSS")
    with in_scope(held.scope()):
        assert get_accreditation(made).stage == "self_assessing"
        assert [(each.office, each.on_paper, bool(each.text)) for each in list_signatures(made, "commitment")] == [
            (LEADER, True, False),
            (CHIEF, False, True),
        ]


def test_a_signature_on_paper_may_also_be_the_last_one(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    made = commit_by_asking(app, held, leader=date(2026, 1, 5))
    link = links_in(postbox.empty())[KIT]
    with in_scope(held.scope()):
        accreditation = get_accreditation(made, lock=True)
        with pytest.raises(Conflict, match="The Leader has signed already"):
            signings.record_on_paper(
                accreditation, "commitment", office=LEADER, name="Sam Okoro", signed_on=clock.today(), by=CONSOLE
            )
        signings.record_on_paper(
            accreditation, "commitment", office=CHIEF, name="Kit Moss", signed_on=clock.today(), by=CONSOLE
        )
    with app.app_context():
        jobs.run_all()
    assert standing(in_scope, held, made)[0] == "self_assessing"
    with in_scope(Scope.bearer(key_hash=digest(link.rpartition("/")[2]))), pytest.raises(NotFound):
        get_request(requests_of_link(link), lock=True)


def requests_of_link(link: str) -> UUID:
    """The id of the request of a link, in the bearer's scope that is open."""
    asked = find_borne(digest(link.rpartition("/")[2]))
    assert asked is not None
    return asked.id


def test_an_election_between_two_signatures_asks_the_new_leader_and_keeps_the_chief_executives(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    made = commit_by_asking(app, held)
    before = links_in(postbox.empty())
    sign_by_link(app, before[KIT], "Kit Moss")
    leave(app, held, LEADER)
    assert standing(in_scope, held, made) == ("committed", ["nobody", "signed"])
    with in_scope(Scope.bearer(key_hash=digest(before[SAM].rpartition("/")[2]))), pytest.raises(NotFound):
        get_request(requests_of_link(before[SAM]), lock=True)
    make_holder(app, held, LEADER, "Rob Vale")
    after = links_in(postbox.empty())
    assert list(after) == [ROB]
    sign_by_link(app, after[ROB], "Cllr Rob Vale")
    with in_scope(held.scope()):
        assert get_accreditation(made).stage == "self_assessing"
        assert [each.name for each in list_signatures(made, "commitment")] == ["Kit Moss", "Rob Vale"]


def test_the_signature_of_one_who_leaves_before_all_have_signed_is_void_and_asked_of_the_next(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox, lead: MadeUser
) -> None:
    made = commit_by_asking(app, held)
    links = links_in(postbox.empty())
    sign_by_link(app, links[SAM], "Sam Okoro")
    leave(app, held, LEADER)
    with in_scope(held.scope(lead.id)) as session:
        signing = find_current(get_accreditation(made), "commitment")
        assert signing is not None
        [ended] = [each for each in list_requests(signing.id) if each.ended_at]
        assert ended.ended_reason == (
            "Sam Okoro no longer holds the office of Leader. This signature is void: whoever follows is asked."
        )
        told = session.scalars(select(Notice.words).where(Notice.user_id == lead.id)).all()
        assert told == [f"Nobody can be asked to sign as Leader now: {ended.ended_reason}"]
    sign_by_link(app, links[KIT], "Kit Moss")
    assert standing(in_scope, held, made) == ("committed", ["nobody", "signed"])
    make_holder(app, held, LEADER, "Rob Vale")
    sign_by_link(app, links_in(postbox.empty())[ROB], "Rob Vale")
    with in_scope(held.scope()):
        assert {each.name for each in list_signatures(made, "commitment")} == {"Kit Moss", "Rob Vale"}


def test_whoever_leaves_after_everybody_signed_changes_nothing(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    made = improving(app, held)
    open_submission(app, held, made)
    links = links_in(postbox.empty())
    sign_by_link(app, links[SAM], "Sam Okoro")
    sign_by_link(app, links[KIT], "Kit Moss")
    leave(app, held, LEADER)
    assert standing(in_scope, held, made, "readiness") == ("improving", ["signed", "signed"])
    make_seal(app, held, made, "readiness")


def test_a_correction_sends_a_new_link_and_ends_the_old_one(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    made = commit_by_asking(app, held)
    old = links_in(postbox.empty())[SAM]
    with in_scope(held.scope()):
        holder = find_holder(held.id, LEADER)
        assert holder is not None
        details = HolderDetails(LEADER, "Sam Okoro", holder.from_on, "s.okoro@example.org")
        offices.change_holder(holder, details=details, version=holder.version, by=CONSOLE)
    new = links_in(postbox.empty())
    assert list(new) == ["s.okoro@example.org"]
    assert new["s.okoro@example.org"] != old
    assert standing(in_scope, held, made)[1] == ["asked", "asked"]


def test_who_declines_says_why_and_may_be_asked_again(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox, lead: MadeUser
) -> None:
    made = commit_by_asking(app, held)
    postbox.empty()
    asked_id = requests_of(app, held, made)[LEADER]
    with in_scope(held.scope()):
        asked = get_request(asked_id, lock=True)
        with pytest.raises(Invalid, match="Say why"):
            signings.decline(asked, "  ", by=Actor(None, "Sam Okoro"))
        signings.decline(asked, "The budget is not there.", by=Actor(None, "Sam Okoro"))
        with pytest.raises(Conflict, match="This was declined already"):
            signings.sign(asked, name="Sam Okoro", by=Actor(None, "Sam Okoro"))
    with app.app_context():
        jobs.run_all()
    with in_scope(held.scope(lead.id)) as session:
        told = session.execute(select(Notice.words, Notice.path).where(Notice.user_id == lead.id)).one()
        assert tuple(told) == (
            "Sam Okoro, Leader, declined to sign: The budget is not there.",
            f"/councils/{held.slug}/accreditations/{made}/signing/commitment",
        )
        signings.ask_again(get_accreditation(made, lock=True), get_request(asked_id, lock=True), by=CONSOLE)
    links = links_in(postbox.empty())
    assert list(links) == [SAM]
    sign_by_link(app, links[SAM], "Sam Okoro")
    assert standing(in_scope, held, made) == ("committed", ["signed", "asked"])


def test_a_link_expires_and_is_renewed(app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox) -> None:
    made = commit_by_asking(app, held)
    old = links_in(postbox.empty())[SAM]
    with clock.at(clock.now() + timedelta(days=15)):
        asked_id = requests_of(app, held, made)[LEADER]
        with in_scope(held.scope()):
            asked = get_request(asked_id, lock=True)
            with pytest.raises(Conflict, match=r"This request has expired\. Ask Console to send it again"):
                signings.sign(asked, name="Sam Okoro", by=CONSOLE)
            signings.ask_again(get_accreditation(made, lock=True), asked, by=CONSOLE)
        new = links_in(postbox.empty())[SAM]
        assert new != old
        assert standing(in_scope, held, made)[1] == ["asked", "expired"]


def test_a_reminder_goes_out_once_after_a_week(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    commit_by_asking(app, held)
    postbox.empty()
    found = []
    for days in (6, 8, 9):
        with clock.at(clock.now() + timedelta(days=days)):
            with in_scope(held.scope()):
                count = signatories.remind(held.id)
            found.append((count, postbox.empty().count("Subject: Reminder: please sign: Commitment to Charter")))
    assert found == [(0, 0), (2, 2), (0, 0)]


def test_another_name_does_not_sign(app: Flask, held: MadeCouncil, in_scope: InScope) -> None:
    made = commit_by_asking(app, held)
    asked_id = requests_of(app, held, made)[LEADER]
    with in_scope(held.scope()):
        asked = get_request(asked_id, lock=True)
        with pytest.raises(Invalid) as refused:
            signings.sign(asked, name="Kit Moss", by=CONSOLE)
        assert refused.value.messages == {"name": ["Type your name as it stands above: Sam Okoro."]}
        assert asked.signed_at is None


def test_nobody_signs_a_commitment_in_a_pre_election_period(app: Flask, held: MadeCouncil, in_scope: InScope) -> None:
    framework_id = make_framework(app)
    soon = clock.today() + timedelta(days=3)
    with in_scope(held.region.scope()):
        process = replace(DEFAULT, pre_election_periods=(Period(soon, soon + timedelta(days=30)),))
        save_process(held.region.id, process, version=0, by=CONSOLE)
    made = commit_by_asking(app, held, framework_id)
    asked_id = requests_of(app, held, made)[LEADER]
    with (
        clock.at(clock.now() + timedelta(days=4)),
        in_scope(held.scope()),
        pytest.raises(Conflict, match="No declaration is signed in it"),
    ):
        signings.sign(get_request(asked_id, lock=True), name="Sam Okoro", by=CONSOLE)


def test_withdrawing_ends_every_request(app: Flask, held: MadeCouncil, in_scope: InScope) -> None:
    made = commit_by_asking(app, held)
    asked_id = requests_of(app, held, made)[LEADER]
    with in_scope(held.scope()):
        accreditations.withdraw(get_accreditation(made, lock=True), by=CONSOLE)
        with pytest.raises(Conflict, match="This request has ended"):
            signings.sign(get_request(asked_id, lock=True), name="Sam Okoro", by=CONSOLE)


def test_a_submission_is_not_sent_before_everybody_signed_and_rests_meanwhile(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox, lead: MadeUser
) -> None:
    made = improving(app, held)
    with in_scope(held.scope()), pytest.raises(submissions.Incomplete, match="Not everybody has signed yet"):
        submissions.request_seal(get_accreditation(made, lock=True), "readiness", by=CONSOLE)
    signing_id = open_submission(app, held, made)
    links = links_in(postbox.empty())
    with in_scope(held.scope()):
        accreditation = get_accreditation(made, lock=True)
        with pytest.raises(Conflict, match="Your answers are with those who sign"):
            answers.refuse_at_rest(accreditation)
        first, *_ = list_answers(accreditation).values()
        with pytest.raises(Conflict, match="Your answers are with those who sign"):
            answers.save(
                accreditation,
                first.requirement_id,
                judgement="met",
                narrative="Later.",
                not_applicable_reason="",
                version=first.version,
                by=CONSOLE,
            )
        with pytest.raises(Conflict, match="This is with those who sign already"):
            signings.open_signing(accreditation, "readiness", by=CONSOLE)
    sign_by_link(app, links[KIT], "Kit Moss")
    sign_by_link(app, links[SAM], "Sam Okoro")
    with in_scope(held.scope(lead.id)) as session:
        told = session.scalars(select(Notice.words).where(Notice.user_id == lead.id)).all()
        assert told == ["Everybody has signed: the submission can be sent."]
        assert get_accreditation(made).stage == "improving"
    submission_id = make_seal(app, held, made, "readiness")
    with in_scope(held.region.scope()):
        submission = sent.get_submission(submission_id)
        kept = list_signatures(made, "readiness", signing_id)
        assert [each.name for each in kept] == ["Kit Moss", "Sam Okoro"]
        # what was signed can be made out of what was sent, by anybody
        sha256 = hashlib.sha256(sealing.canonical_json(signed_part(submission.document))).hexdigest()
        assert all(sha256 in each.text for each in kept)
        assert [(each["about"], each["office"]) for each in submission.document["signatures"]] == [
            ("commitment", CHIEF),
            ("commitment", LEADER),
            ("readiness", CHIEF),
            ("readiness", LEADER),
        ]
    with in_scope(held.scope()):
        assert get_signing(signing_id).used_at is not None


def test_calling_off_opens_the_answers_and_voids_the_signatures(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    made = improving(app, held)
    signing_id = open_submission(app, held, made)
    links = links_in(postbox.empty())
    sign_by_link(app, links[SAM], "Sam Okoro")
    sign_by_link(app, links[KIT], "Kit Moss")
    with in_scope(held.scope()):
        signing = get_signing(signing_id, lock=True)
        with pytest.raises(Invalid, match="Say why"):
            signings.call_off(signing, "", by=CONSOLE)
        signings.call_off(signing, "1.1.1 has to be put right.", by=CONSOLE)
    with in_scope(held.scope()) as session:
        accreditation = get_accreditation(made, lock=True)
        answers.refuse_at_rest(accreditation)
        assert {each.ended_reason for each in list_requests(signing_id)} == {"1.1.1 has to be put right."}
        with pytest.raises(submissions.Incomplete, match="Not everybody has signed yet"):
            submissions.request_seal(accreditation, "readiness", by=CONSOLE)
        assert (
            session.scalars(select(DeclarationSignature.id).where(DeclarationSignature.about == "readiness")).all()
            == []
        )
    open_submission(app, held, made)
    assert set(links_in(postbox.empty())) == {SAM, KIT}


def test_a_seal_refuses_what_is_not_as_it_was_signed_and_can_be_asked_for_again(
    app: Flask, held: MadeCouncil, in_scope: InScope
) -> None:
    made = improving(app, held)
    sign_on_paper(app, held, made)
    with in_scope(held.scope()) as session:
        submissions.request_seal(get_accreditation(made, lock=True), "readiness", by=CONSOLE)
        session.execute(update(Evidence).where(Evidence.url == LINK).values(title="Another title"))
    with app.app_context():
        jobs.run_all()
    with in_scope(held.scope()) as session:
        request = sent.find_latest_request(made, "readiness")
        assert request is not None
        assert (request.failure or "").startswith("Something in 1.1.1, ")
        assert (request.failure or "").endswith("Put it back, or call the signing off and have it signed again.")
        assert (
            session.scalars(select(DeclarationSignature.id).where(DeclarationSignature.about == "readiness")).all()
            == []
        )
        session.execute(update(Evidence).where(Evidence.url == LINK).values(title="Programme of the year"))
    make_seal(app, held, made, "readiness")


def test_actions_may_go_on_while_others_sign(app: Flask, held: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, held)
    answer_all(app, held, made)
    with in_scope(held.scope()):
        first, *_ = list_answers(get_accreditation(made, share=True)).values()
        answers.plan_action(first, action="Write it.", timescale="May 2027", responsibility="Panel", by=CONSOLE)
    make_seal(app, held, made, "plan")
    with in_scope(held.region.scope()):
        accreditations.move(get_accreditation(made, lock=True), Verb.APPROVE_PLAN, by=CONSOLE)
    sign_on_paper(app, held, made)
    with in_scope(held.scope()) as session:
        session.execute(update(Action).values(status="completed"))
    make_seal(app, held, made, "readiness")


def test_a_region_may_do_without_signatures_under_a_submission(
    app: Flask, held: MadeCouncil, in_scope: InScope
) -> None:
    framework_id = make_framework(app)
    with in_scope(held.region.scope()):
        save_process(held.region.id, replace(DEFAULT, readiness_signed=False), version=0, by=CONSOLE)
    made = make_accreditation(app, held, framework_id)
    make_submission(app, held, made, kind="plan")
    with in_scope(held.region.scope()):
        accreditations.move(get_accreditation(made, lock=True), Verb.APPROVE_PLAN, by=CONSOLE)
    with in_scope(held.scope()), pytest.raises(Conflict, match="Your region asks for no signatures"):
        signings.open_signing(get_accreditation(made, lock=True), "readiness", by=CONSOLE)
    make_seal(app, held, made, "readiness")


def test_what_follows_a_signature_is_done_once_however_often_it_runs(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    made = commit_by_asking(app, held)
    links = links_in(postbox.empty())
    asked_id = requests_of(app, held, made)[CHIEF]
    sign_by_link(app, links[SAM], "Sam Okoro")
    sign_by_link(app, links[KIT], "Kit Moss")
    for _ in range(2):
        with in_scope(held.scope()):
            signings.follow(asked_id)
    with in_scope(held.scope()):
        assert len(list_signatures(made, "commitment")) == 2


def test_the_bearer_of_a_link_sees_and_changes_one_request_alone(
    app: Flask, held: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    made = commit_by_asking(app, held)
    link = links_in(postbox.empty())[SAM]
    asked = requests_of(app, held, made)
    with in_scope(Scope.bearer(key_hash=digest(link.rpartition("/")[2]))) as session:
        assert session.scalars(select(SignatureRequest.id)).all() == [asked[LEADER]]
        assert len(session.scalars(select(Signing.id)).all()) == 1
        with pytest.raises(NotFound):
            get_accreditation(made)
        changed = session.execute(update(SignatureRequest).values(decline_reason="x"))
        assert changed.rowcount == 1
    with in_scope(Scope.bearer(key_hash=digest("another secret"))) as session:
        assert session.scalars(select(SignatureRequest.id)).all() == []
        assert session.scalars(select(Signing.id)).all() == []
