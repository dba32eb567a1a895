"""The main job by programs alone: from the commitment to the decision, knowing nothing but the API's description."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas import jobs
from tests.factories.assessment import make_framework
from tests.factories.evidence import pdf
from tests.factories.signings import make_holder
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_token, make_user

OFFICES = {"Leader": "Sam Okoro", "Chief Executive": "Kit Moss"}


class Script:
    """A program of one person: it finds every address in the description, by the operation's id."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client = client
        self.token = token
        document = client.get("/api/v1/openapi.json").json
        assert document is not None
        self.operations = {
            operation["operationId"]: (path, method)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def __call__(self, name: str, body: Any = None, *, seen: int | None = None, form: Any = None, **places: Any) -> Any:
        """Do one thing; the answer, of what was made or read. seen: the version that was read, 0 for none."""
        path, method = self.operations[name]
        headers = {"Authorization": f"{self.token}"}
        if seen is not None:
            headers |= {"If-Match": f'"{seen}"'} if seen else {"If-None-Match": "*"}
        sent: dict[str, Any] = {"data": form} if form is not None else {} if body is None else {"json": body}
        answer = self.client.open(path.format(**places), method=method.upper(), headers=headers, **sent)
        assert answer.status_code < 300, f"{name}: {answer.status_code} {answer.text[:500]}"
        return answer.json if answer.mimetype == "application/json" else answer.data

    def every(self, name: str, **places: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list, page by page."""
        path, _ = self.operations[name]
        following = ""
        while True:
            query = f"?limit=20&cursor={following}" if following else "?limit=20"
            page = self.client.get(path.format(**places) + query, headers={"Authorization": self.token}).json
            assert page is not None
            yield from page["items"]
            following = page["next"]
            if not following:
                return


@pytest.fixture
def decider(app: Flask, region: MadeRegion) -> MadeUser:
    return make_user(app, region, "region_decider")


def test_scripts_play_the_main_job(
    app: Flask, region: MadeRegion, council: MadeCouncil, lead: MadeUser, officer: MadeUser, decider: MadeUser
) -> None:
    make_framework(app)
    signing = [make_user(app, council, "signatory", name) for name in OFFICES.values()]
    for user, (office, name) in zip(signing, OFFICES.items(), strict=True):
        make_holder(app, council, office, name, user_id=user.id)
    assessors = [make_user(app, region, "assessor") for _ in range(2)]
    client = FlaskClient(app, app.response_class)
    of_council = Script(client, make_token(app, lead, council))
    signatories = [Script(client, make_token(app, each, council)) for each in signing]
    of_region = Script(client, make_token(app, officer, region))
    scorers = [Script(client, make_token(app, each, region)) for each in assessors]
    of_decider = Script(client, make_token(app, decider, region))
    here: dict[str, Any] = {"council": council.slug, "region": region.slug}

    framework = next(each for each in of_council.every("listFrameworks", **here) if each["code"] == "charter-2008")
    made = of_council("createAccreditation", {"framework_id": framework["id"], "level": "charter"}, **here)
    here["accreditation_id"] = made["id"]
    _work(app)
    for signatory in signatories:
        (asked,) = signatory.every("listSignatureRequests", **here)
        signatory("signDeclaration", {"name": asked["name"]}, **here)
    _work(app)
    assert of_council("getAccreditation", **here)["stage"] == "self_assessing"

    part = {"file": (io.BytesIO(pdf("Our policy on learning.")), "policy.pdf"), "title": "Policy on learning"}
    cited = of_council("uploadEvidence", form=part, **here)["id"]
    for each in list(of_council.every("listAnswers", **here)):
        answer = {
            "judgement": "met",
            "narrative": f"What we do about {each['title'].lower()}.",
            "citations": [{"evidence_id": cited, "pinpoint": "Page 1", "why": "It shows what we do."}],
        }
        of_council("saveAnswer", answer, seen=each["version"], code=each["code"], **here)

    sealed = of_council("submitPlan", {"monitor": "Alex Reed"}, **here)
    assert (sealed["state"], _settled(app, of_council, sealed, here)["state"]) == ("sealing", "sealed")
    case = of_region("getCase", **here)
    of_region("approvePlan", {"outcome": "accepted"}, submission_id=case["submission_id"], **here)
    opened = of_council("openSigning", **here)
    for signatory in signatories:
        (asked,) = [each for each in signatory.every("listSignatureRequests", **here) if each["signed_at"] is None]
        assert (asked["text"], asked["document_sha256"]) == (opened["text"], opened["document_sha256"])
        signatory("signDeclaration", {"name": asked["name"]}, **here)
    _work(app)
    sealed = of_council("submitSelfAssessment", **here)
    submission_id = _settled(app, of_council, sealed, here)["submission_id"]
    of_region("decideReadiness", {"outcome": "accepted"}, submission_id=submission_id, **here)

    pool = {each["name"]: each["user_id"] for each in of_region.every("listAssessors", **here)}
    people = [
        {"place": "officer_1", "user_id": pool[assessors[0].name], "home_council": "Northfield Borough Council"},
        {"place": "councillor_1", "user_id": pool[assessors[1].name], "home_council": "Eastmoor District Council"},
        {"place": "regional_1", "user_id": of_region("getMe")["id"]},
    ]
    assert of_region("assignAssessor", {"people": people}, **here)["empty"] == []

    for at, scorer in enumerate(scorers):
        file = next(scorer.every("listFiles", **here))["file"]
        scorer("declareInterests", {"interest": "none"}, file=file)
        for each in list(scorer.every("listScores", file=file)):
            differs = at == 1 and each["requirement"] == "1.1.1"
            score = {"judgement": "partly_met" if differs else "met", "reason": "It is shown on page 1."}
            score |= {"improvement": "Publish the calendar."} if differs else {}
            scorer("saveScore", score, seen=each["version"], file=file, code=each["requirement"])
        assert scorer("submitScores", file=file)["scored"] == 28

    of_region("beginModeration", **here)
    (open_one,) = of_region.every("listDisagreements", **here)
    agreed = {"judgement": "met", "reason": "The calendar is out since."}
    of_region("moderateScore", agreed, seen=open_one["version"], code=open_one["requirement"], **here)
    assert of_region("agreeJudgements", **here) == {"agreed": 27}
    of_region("finishModeration", **here)

    report = of_region("draftReport", {"summary": "The council learns on purpose."}, seen=0, **here)
    assert [each["action"] for each in report["improvements"]] == ["Publish the calendar."]
    of_region("openFactCheck", seen=report["version"], **here)
    (opened,) = of_council.every("listReports", **here)
    comment = of_council("commentOnReport", {"words": "It was in May."}, report_id=opened["id"], **here)
    resolved = {"changed": False, "words": "The minutes say June."}
    of_region("resolveComment", resolved, comment_id=comment["id"], **here)
    of_council("endFactCheck", report_id=opened["id"], **here)

    assert of_decider("getDecision", **here)["proposed"] == "awarded"
    of_decider("decideAccreditation", {"outcome": "awarded"}, **here)
    (waiting,) = of_region.every("listDecisions", **here)
    chosen = {"accreditation_id": waiting["accreditation_id"], "report_version": waiting["report_version"]}
    of_region("releaseDecisions", {"outcomes": [chosen]}, **here)
    _work(app)

    told = of_council("getAccreditation", **here)
    assert (told["stage"], told["state"]) == ("awarded", "current")
    (improvement,) = of_council.every("listImprovements", **here)
    of_council("replyToImprovement", {"answer": "accepted"}, number=improvement["number"], **here)
    (row,) = of_region.every("regionalPipeline", **here)
    assert (row["state"], row["open_improvements"]) == ("current", 1)
    verbs = [each["verb"] for each in of_council.every("listEvents", **here)]
    assert {"accreditation.committed", "submission.sealed", "award.made", "improvement.replied"} <= set(verbs)
    assert not any(verb.startswith(("score", "moderation", "outcome.decided")) for verb in verbs)


def _work(app: Flask) -> None:
    """What follows is done."""
    with app.app_context():
        jobs.run_all()


def _settled(app: Flask, script: Script, sealed: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    """The seal once its job is done."""
    _work(app)
    found: dict[str, Any] = script("getSeal", seal_id=sealed["id"], **here)
    return found
