"""The next cycle as a council lives it: 45 answers carried, 44 confirmed, the 45th named, then all of it sealed."""

from __future__ import annotations

import re

from flask import Flask

from assessment.queries import answers, submissions
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from saas import clock, jobs
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.awards import make_award
from tests.factories.tenants import MadeCouncil, MadeUser


def test_nothing_is_sent_before_the_last_carried_answer_is_confirmed(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    framework_id = make_framework(app, "fixture-45")
    with in_scope(council.scope()):
        requirements = get_framework(framework_id).tree.requirements_of("charter")
    first = make_award(
        app, council, framework="fixture-45", improvements=1, words={1: {"requirement_code": requirements[0].code}}
    )
    made = make_accreditation(app, council, framework_id)
    home = f"/councils/{council.slug}/accreditations/{made}"
    client.sign_in(lead)
    assert "Carry 45 answers" in client.get(f"{home}/carry").text
    assert client.post(f"{home}/carry").status_code == 303

    page = f"{home}/requirements/{requirements[0].code}"
    text = client.get(page).text
    for words in (
        "does it still hold?",
        f"What we do about {requirements[0].title.lower()}.",
        "The report:",
        "Do thing 1",
    ):
        assert words in text
    for number, requirement in enumerate(requirements[:44]):
        typed = {
            "judgement": "met",
            "narrative": f"What we do about {requirement.title.lower()}.",
            "version": "1",
            "do": "confirm",
        }
        answer = client.post(f"{home}/requirements/{requirement.code}", data=typed)
        following = f"{home}/requirements/{requirements[number + 1].code}"
        assert (answer.status_code, answer.location) == (303, following)

    last = requirements[44]
    refused = client.post(f"{home}/check/plan", data={"monitor": "Alex Reed"})
    assert refused.status_code == 409
    assert "Confirm that this answer holds: it came from the last assessment or from a document." in refused.text
    named = set(re.findall(rf'href="{home}/requirements/([^"]+)"', refused.text.partition("Worth a look")[0]))
    assert f"1 thing is still missing, in {last.code}." in refused.text
    assert named == {last.code}
    with in_scope(council.scope()):
        assert submissions.find_latest_request(made) is None

    changed = {"judgement": "met", "narrative": "We do more than last time.", "version": "1", "do": "confirm"}
    answer = client.post(f"{home}/requirements/{last.code}", data=changed)
    assert (answer.status_code, answer.location) == (303, f"{home}/")
    assert client.post(f"{home}/check/plan", data={"monitor": "Alex Reed"}).status_code == 303
    with app.app_context():
        jobs.run_all()

    with in_scope(council.region.scope()):
        sent = submissions.find_latest(made, "plan")
        assert sent is not None
        lines = submissions.list_answers(sent.id)
        source = submissions.get_submission(first.submission_id)
        assert [line.carried is not None for line in lines] == [True] * 45
        carried = lines[44].carried
        assert carried is not None
        assert carried.pop("confirmed_at").startswith(str(clock.now().year))
        assert carried == {
            "submission_id": str(source.id),
            "number": 1,
            "sealed_on": source.sealed_at.astimezone(clock.LONDON).date().isoformat(),
            "codes": [last.code],
            "gone": [],
            "confirmed_by": lead.name,
        }
        sealed = {line["requirement_code"]: line["carried"]["confirmed_by"] for line in sent.document["answers"]}
        assert sealed == {requirement.code: lead.name for requirement in requirements}
        assert lines[44].narrative == "We do more than last time."
        assert get_accreditation(made).stage == "plan_submitted"
    with in_scope(council.scope()):
        assert len(answers.list_answers(get_accreditation(made))) == 45
