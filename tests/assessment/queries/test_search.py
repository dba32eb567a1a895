"""Search: what is found in a council's own words, in which order, with which hits, and that nothing else ever is."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa
import typst
from flask import Flask

from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.queries.search import KINDS, START, STOP, Found, search
from assessment.services import answers
from saas import clock, jobs
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.models.evidence import Evidence
from tenants.queries.evidence import get_evidence
from tenants.queries.members import get_member
from tenants.services import evidence, members
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.documents import word_plan
from tests.factories.evidence import make_file, make_link
from tests.factories.members import make_member
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeRegion, make_council

STRATEGY = """#set text(font: "Libertinus Serif")
= Learning strategy
The council wants every councillor to learn. Nothing here is about new members.
#pagebreak()
= Induction
Each new member is given an induction: a tour, a buddy and a “first month” file. The induction is reviewed after the
election, and what was missing from the induction is added before the next one.
#pagebreak()
= Money
The budget pays for courses outside and the off-site day.

One line of it is for the induction of co-opted members/experts.
"""


def marked(text: str) -> str:
    """Hits in square brackets, spaces one at a time."""
    return " ".join(text.replace(START, "[").replace(STOP, "]").split())


def look(in_scope: InScope, council: MadeCouncil, words: str, *kinds: str, at_most: int = 10, skip: int = 0) -> Found:
    """Search as somebody in this council."""
    with in_scope(council.scope()):
        return search(words, kinds or KINDS, at_most=at_most, skip=skip)


def told(found: Found) -> list[tuple[str, str]]:
    """(kind, title) of everything shown, without hits."""
    return [(kind, hit.title.replace(START, "").replace(STOP, "")) for kind, hits in found.hits.items() for hit in hits]


def make_answer(
    app: Flask, council: MadeCouncil, accreditation_id: UUID, code: str, narrative: str = "", reason: str = ""
) -> UUID:
    """An answer to one requirement."""
    with app.app_context(), within(council.scope()):
        accreditation = get_accreditation(accreditation_id, lock=True)
        return answers.save(
            accreditation,
            get_framework(accreditation.framework_id).ids[code],
            judgement=None,
            narrative=narrative,
            not_applicable_reason=reason,
            version=0,
            by=CONSOLE,
        ).id


def make_strategy(app: Flask, council: MadeCouncil, title: str = "Strategy 2026") -> UUID:
    """A PDF of three pages in the library, its words read."""
    made = make_file(app, council, content=typst.compile(STRATEGY.encode()), filename="Lrn_Strat-26.pdf", title=title)
    with app.app_context():
        jobs.run_all()
    return made


def test_the_page_with_most_of_it_comes_first_and_every_page_is_named(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    strategy = make_strategy(app, council)
    found = look(in_scope, council, "induction")
    assert found.totals == {"evidence": 1}
    [hit] = found.hits["evidence"]
    assert (hit.id, hit.form, hit.page, hit.pages) == (strategy, "file", 2, [2, 3])
    assert (hit.title, hit.about) == ("Strategy 2026", "Lrn_Strat-26.pdf")
    assert marked(hit.snippet) == (
        "[Induction] Each new member is given an [induction]: a tour, a buddy and a “first month” file."
        " The [induction] …"
    )


@pytest.mark.parametrize(
    ("words", "pages"),
    [
        ("first month", [2]),
        ('"first month"', [2]),
        ('"month first"', None),
        ("“first month”", [2]),
        ("experts", [3]),
        ("co-opted members", [3]),
        ("induction -buddy", [3]),
        ("buddy or budget", [2, 3]),
        ("elections", [2]),
        ("induction budg", [3]),
        ("buddy or courses or bud", [2, 3]),
        ("off-site", [3]),
        ('"first month', [2]),
        ("inducti", [2, 3]),
        ("reviewe", [2]),
        ("electio", [2]),
        ("strat 26", []),
        ("lrn", []),
    ],
)
def test_words_are_found_as_people_write_them(
    app: Flask, council: MadeCouncil, in_scope: InScope, words: str, pages: list[int] | None
) -> None:
    make_strategy(app, council)
    hits = look(in_scope, council, words).hits.get("evidence", [])
    assert [hit.pages or [] for hit in hits] == ([] if pages is None else [pages])


def test_a_snippet_begins_some_words_before_its_hit(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    early, late = (
        "The new induction lasts a month.",
        f"{'Much else is said. ' * 20}Then comes the induction. {'Much else is said. ' * 20}",
    )
    plan = make_plan(app, council)
    make_action(app, council, plan, action="A", reason=early)
    make_action(app, council, plan, action="B", reason=late)
    hits = {hit.title: marked(hit.snippet) for hit in look(in_scope, council, "induction").hits["action"]}
    assert hits == {
        "A": "The new [induction] lasts a month.",
        "B": "… said. Much else is said. Much else is said. Then comes the [induction]. "
        + "Much else is said. " * 4
        + "Much …",
    }


def test_a_title_comes_before_a_page_and_is_marked(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    strategy = make_strategy(app, council)
    minutes = make_link(app, council, title="How we run the induction")
    hits = look(in_scope, council, "inductions").hits["evidence"]
    assert [hit.id for hit in hits] == [minutes, strategy]
    assert (marked(hits[0].title), hits[0].form, hits[0].pages) == ("How we run the [induction]", "link", None)


def test_a_word_document_is_found_without_a_page(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_file(app, council, content=word_plan(), filename="plan.docx", title="The plan of 2017")
    with app.app_context():
        jobs.run_all()
    [hit] = look(in_scope, council, "leadership courses").hits["evidence"]
    assert (hit.title, hit.page, hit.pages) == ("The plan of 2017", None, None)
    assert "[leadership] [courses]" in marked(hit.snippet)


def test_answers_actions_and_members_are_found(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    accreditation = make_accreditation(app, council)
    answer = make_answer(app, council, accreditation, "1.1.1", narrative="Siân’s panel met — and training began.")
    make_answer(app, council, accreditation, "1.2.1", reason="We hold no training budget.")
    plan = make_plan(app, council, "Our plan")
    action = make_action(
        app, council, plan, action="Write role descriptions.", reason="Training asks for it.", responsibility="Panel"
    )
    member = make_member(app, council, given_name="Siân", family_name="Trainor", ward="Tŷ Newydd")

    found = look(in_scope, council, "train")
    assert found.totals == {"action": 1, "answer": 2, "member": 1}
    [first] = [hit for hit in found.hits["answer"] if hit.id == answer]
    assert (first.accreditation_id, first.code, first.about) == (accreditation, "1.1.1", "Charter")
    assert marked(first.snippet) == "Siân’s panel met — and [training] began."
    [acted] = found.hits["action"]
    assert (acted.id, acted.plan_id, acted.title, acted.about) == (action, plan, "Write role descriptions.", "Our plan")
    assert marked(acted.snippet) == "[Training] asks for it. – Panel"
    [person] = found.hits["member"]
    assert (person.id, marked(person.title), person.about) == (member, "Cllr Siân [Trainor]", "Tŷ Newydd")
    assert person.snippet == "Siân Trainor"

    assert told(look(in_scope, council, "sian")) == [
        ("answer", "1.1.1 " + first.title.removeprefix("1.1.1 ")),
        ("member", "Cllr Siân Trainor"),
    ]
    assert marked(look(in_scope, council, "ty new").hits["member"][0].about) == "[Tŷ] [Newydd]"


def test_only_the_asked_kinds_in_parts(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    plan = make_plan(app, council)
    for number in range(5):
        make_action(app, council, plan, action=f"Buy chair {number}.")
    make_member(app, council, family_name="Chair")
    first = look(in_scope, council, "chair", "action", at_most=3)
    rest = look(in_scope, council, "chair", "action", at_most=3, skip=3)
    assert (first.totals, [len(first.hits["action"]), len(rest.hits["action"])]) == ({"action": 5}, [3, 2])
    assert {hit.title for hit in first.hits["action"] + rest.hits["action"]} == {
        f"Buy {START}chair{STOP} {number}." for number in range(5)
    }


def test_what_is_removed_quarantined_or_over_is_not_found(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    accreditation = make_accreditation(app, council)
    make_answer(app, council, accreditation, "1.1.1", narrative="Wombat.")
    make_member(app, council, family_name="Wombat")
    gone = make_member(app, council, family_name="Wombat")
    removed = make_file(app, council, title="Wombat one")
    caught = make_file(app, council, title="Wombat two")
    assert look(in_scope, council, "wombat").totals == {"answer": 1, "evidence": 2, "member": 2}
    with in_scope(council.scope()) as session:
        evidence.remove(get_evidence(council.id, removed), by=CONSOLE)
        session.execute(sa.update(Evidence).where(Evidence.id == caught).values(scan="quarantined"))
        session.execute(sa.update(Accreditation).where(Accreditation.id == accreditation).values(stage="withdrawn"))
        leaving = get_member(council.id, gone, lock=True).member
        members.end_term(leaving, ended_on=clock.today(), reason="resigned", by=CONSOLE)
    assert look(in_scope, council, "wombat").totals == {"member": 1}


@pytest.mark.parametrize("words", ["the", "of the", "-training", "...", "“”", "- -", "", "'"])
def test_words_that_nothing_can_be_looked_for_by_say_so(council: MadeCouncil, in_scope: InScope, words: str) -> None:
    found = look(in_scope, council, words)
    assert (found.searchable, found.hits) == (False, {})


def test_a_name_that_is_a_small_word_is_still_a_name(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_member(app, council, given_name="Will", family_name="May")
    assert [marked(hit.title) for hit in look(in_scope, council, "will").hits["member"]] == ["Cllr [Will] May"]


@pytest.mark.parametrize(
    "words",
    [
        "'); drop table answers; --",
        "wombat' | 'panel",
        "wombat & | ! ( ) <-> :* \\",
        "\\",
        "wombat:*'\"",
        f"{START}wombat{STOP}",
        "\ue002wombat\ue003",
        "wombat " * 2_000,
        '"' * 999,
        "%s %(words)s :words {words}",
    ],
)
def test_odd_words_are_harmless(app: Flask, council: MadeCouncil, in_scope: InScope, words: str) -> None:
    make_member(app, council, family_name="Panel")
    assert look(in_scope, council, words).totals.keys() <= {"member"}
    assert look(in_scope, council, "panel").totals == {"member": 1}


def test_characters_that_mark_hits_cannot_be_written(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_action(app, council, make_plan(app, council), action=f"A {STOP}false{START} mark round wombats.")
    [hit] = look(in_scope, council, "wombat").hits["action"]
    assert marked(hit.title) == "A false mark round [wombats]."


def fill(app: Flask, council: MadeCouncil, word: str) -> None:
    """The word in everything that is searched."""
    make_answer(app, council, make_accreditation(app, council), "1.1.1", narrative=f"About {word}.")
    make_strategy(app, council, title=f"A {word}")
    make_action(app, council, make_plan(app, council), action=f"Do {word}.")
    make_member(app, council, family_name=word)


def test_another_councils_words_are_never_found(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    other = make_council(app, region)
    fill(app, council, "wombat")
    fill(app, other, "walrus")
    assert look(in_scope, council, "walrus").totals == {}
    assert look(in_scope, council, "wombat or walrus").totals == dict.fromkeys(KINDS, 1)
    for secret in (str(other.id), f'"{other.id}"', f"walrus {other.id}", f"'{other.id}' or walrus"):
        assert look(in_scope, council, secret).totals == {}
    assert look(in_scope, other, "walrus").totals == dict.fromkeys(KINDS, 1)


def test_without_a_councils_scope_nothing_is_found(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    fill(app, council, "wombat")
    accreditation = make_accreditation(app, make_council(app, region))
    for scope in (
        Scope.nobody(),
        Scope.operator(None),
        region.scope(),
        Scope.person(council.id),
        Scope.file(accreditation, region.id, council.id),
        Scope.bearer(key_hash="x"),
    ):
        with in_scope(scope):
            assert search("wombat", KINDS, at_most=10).hits == {}


def test_the_function_takes_the_council_from_the_setting_alone(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    other = make_council(app, region)
    fill(app, other, "walrus")
    count = sa.text(
        "select count(*) from tenancy.search('walrus', array['answer','evidence','action','member'], 10, 0)"
    )
    with in_scope(council.scope()) as session:
        assert session.scalar(count) == 0
        pages = sa.text("select count(*) from evidence_pages where words @@ 'walrus'::tsquery")
        assert session.scalar(pages) == 0
        # the settings are the wall, here as everywhere: they come from the guard, never from what was sent
        session.execute(sa.text("select set_config('app.council_id', :id, true)"), {"id": str(other.id)})
        assert session.scalar(count) == 4


def test_a_search_is_one_statement_however_much_is_found(
    app: Flask, council: MadeCouncil, in_scope: InScope, statements: object
) -> None:
    plan = make_plan(app, council)
    for _ in range(3):
        make_action(app, council, plan, action="Buy chairs.")
        with in_scope(council.scope()), statements() as sent:  # type: ignore[operator]
            search("chairs", KINDS, at_most=10)
        assert len([each for each in sent if "set_config" not in each]) == 1


def test_terms_that_end_later_are_not_over(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    make_member(app, council, family_name="Wombat", due_to_end_on=date(2024, 5, 1))
    assert look(in_scope, council, "wombat").totals == {"member": 1}
