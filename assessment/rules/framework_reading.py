"""Where plain values become a framework, one place at a time: types, lengths, unknown keys."""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from assessment.rules import award_rules
from assessment.rules.framework_tree import (
    Criterion,
    Crossing,
    Element,
    Framework,
    Level,
    Requirement,
    Rule,
    Step,
)
from assessment.rules.yaml_lines import UNPRINTABLE, Path

Part = TypeVar("Part")

DEFAULT_SCALE = (
    Step("met", "Met", "The requirement is satisfied and the evidence shows it.", met=True),
    Step("partly_met", "Partly met", "Some of it is in place, or in place but not yet shown."),
    Step("not_met", "Not yet met", "Little or nothing is in place yet."),
    Step(
        "not_applicable",
        "Not applicable",
        "It cannot apply to this council; the reason is given.",
        not_applicable=True,
    ),
)
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}", re.ASCII)
# Codes are labels that also stand in an address: no slash, no question mark, nothing that starts with a dot.
LABEL = re.compile(r"\w[\w.()-]*(?: [\w.()-]+)*")
LABEL_LENGTH = 40
TITLE_LENGTH = 300
TEXT_LENGTH = 10_000
RULE_EMPTY = Rule(())


class Reader:
    """One reading; it goes on after an error, so that `errors` tells all of them at once, by path."""

    def __init__(self) -> None:
        self.errors: list[tuple[Path, str]] = []
        self.shapeless: list[Path] = []

    def refuse(self, path: Path, reason: str) -> None:
        # What has no keys at all is told once, not again for every key it lacks.
        if not any(path[: len(above)] == above for above in self.shapeless):
            self.errors.append((path, reason))

    def framework(self, document: object) -> Framework:
        keys = (
            "code",
            "version",
            "title",
            "in_force_from",
            "starter",
            "note",
            "levels",
            "scale",
            "award_rule",
            "criteria",
            "crosswalk",
        )
        top = self.mapping(document, (), "the framework", keys)
        scale = DEFAULT_SCALE if top.get("scale") is None else self.parts(top, "scale", (), self.step)
        return Framework(
            code=self.slug(top, "code", ()),
            version=self.text(top, "version", (), 40),
            title=self.text(top, "title", (), TITLE_LENGTH),
            in_force_from=self.day(top, "in_force_from", ()),
            starter=self.flag(top, "starter", ()),
            note=self.text(top, "note", (), TEXT_LENGTH, needed=False),
            levels=self.parts(top, "levels", (), self.level),
            scale=scale,
            award_rule=self.rule(top),
            criteria=self.parts(top, "criteria", (), self.criterion),
            crosswalk=self.parts(top, "crosswalk", (), self.crossing) if top.get("crosswalk") else (),
        )

    def level(self, node: object, path: Path) -> Level:
        body = self.mapping(node, path, "a level", ("code", "title", "requires"))
        requires = self.text(body, "requires", path, LABEL_LENGTH, needed=False)
        return Level(self.slug(body, "code", path), self.text(body, "title", path, TITLE_LENGTH), requires or None)

    def step(self, node: object, path: Path) -> Step:
        body = self.mapping(node, path, "a step", ("code", "label", "description", "met", "not_applicable"))
        return Step(
            code=self.slug(body, "code", path),
            label=self.text(body, "label", path, TITLE_LENGTH),
            description=self.text(body, "description", path, TEXT_LENGTH, needed=False),
            met=self.flag(body, "met", path),
            not_applicable=self.flag(body, "not_applicable", path),
        )

    def criterion(self, node: object, path: Path) -> Criterion:
        body = self.mapping(node, path, "a criterion", ("code", "title", "elements"))
        code, title = self.label(body, path), self.text(body, "title", path, TITLE_LENGTH)
        return Criterion(code, title, self.parts(body, "elements", path, self.element))

    def element(self, node: object, path: Path) -> Element:
        body = self.mapping(node, path, "an element", ("code", "title", "requirements"))
        code, title = self.label(body, path), self.text(body, "title", path, TITLE_LENGTH)
        return Element(code, title, self.parts(body, "requirements", path, self.requirement))

    def requirement(self, node: object, path: Path) -> Requirement:
        keys = ("code", "title", "text", "guidance", "evidence_examples", "levels", "key_indicator")
        body = self.mapping(node, path, "a requirement", keys)
        return Requirement(
            code=self.label(body, path),
            title=self.text(body, "title", path, TITLE_LENGTH),
            text=self.text(body, "text", path, TEXT_LENGTH),
            guidance=self.text(body, "guidance", path, TEXT_LENGTH, needed=False),
            evidence_examples=self.words(body, "evidence_examples", path, needed=False),
            levels=self.words(body, "levels", path),
            key_indicator=self.flag(body, "key_indicator", path),
        )

    def crossing(self, node: object, path: Path) -> Crossing:
        body = self.mapping(node, path, "a crosswalk line", ("framework", "theirs", "ours"))
        framework, theirs = self.slug(body, "framework", path), self.text(body, "theirs", path, LABEL_LENGTH)
        return Crossing(framework, theirs, self.words(body, "ours", path))

    def rule(self, top: dict[str, object]) -> Rule:
        if top.get("award_rule") is None:
            self.refuse(("award_rule",), "award_rule is missing")
            return RULE_EMPTY
        try:
            return award_rules.parse_rule(top["award_rule"])
        except award_rules.RuleError as error:
            for path, reason in error.errors:
                self.refuse(("award_rule", *path), f"award rule: {reason}")
            return RULE_EMPTY

    def mapping(self, node: object, path: Path, what: str, keys: tuple[str, ...]) -> dict[str, object]:
        if not isinstance(node, dict):
            self.refuse(path, f"{what} must be given as keys and values")
            self.shapeless.append(path)
            return {}
        for key in node:
            if key not in keys:
                self.refuse((*path, key), f"unknown key {key!r} in {what}")
        return node

    def parts(
        self, body: dict[str, object], key: str, path: Path, read: Callable[[object, Path], Part]
    ) -> tuple[Part, ...]:
        value = body.get(key)
        if not isinstance(value, list) or not value:
            self.refuse((*path, key), f"{key} must be a list of one or more")
            return ()
        return tuple(read(node, (*path, key, index)) for index, node in enumerate(value))

    def text(self, body: dict[str, object], key: str, path: Path, longest: int, *, needed: bool = True) -> str:
        value = body.get(key)
        if value is None:
            value = ""
        if not isinstance(value, str):
            self.refuse((*path, key), f"{key} must be text")
            return ""
        value = value.strip()
        if needed and not value:
            self.refuse((*path, key), f"{key} is missing")
        if len(value) > longest:
            self.refuse((*path, key), f"{key} is longer than {longest:,} characters")
        if UNPRINTABLE.search(value):
            self.refuse((*path, key), f"{key} holds a character that cannot be printed")
        return value

    def words(self, body: dict[str, object], key: str, path: Path, *, needed: bool = True) -> tuple[str, ...]:
        value = body.get(key)
        if not value and not needed:
            return ()
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(each, str) and each.strip() for each in value)
        ):
            self.refuse((*path, key), f"{key} must be a list of one or more texts")
            return ()
        listed = {str(index): each for index, each in enumerate(value)}
        found = tuple(self.text(listed, index, (*path, key), TEXT_LENGTH) for index in listed)
        for index, each in enumerate(found):
            if each in found[:index]:
                self.refuse((*path, key, index), f"{key} names {each!r} twice")
        return found

    def slug(self, body: dict[str, object], key: str, path: Path) -> str:
        value = self.text(body, key, path, LABEL_LENGTH)
        if value and not SLUG.fullmatch(value):
            self.refuse((*path, key), f"{key} {value!r} may hold small letters, digits, hyphen and underscore only")
        return value

    def label(self, body: dict[str, object], path: Path) -> str:
        value = self.text(body, "code", path, LABEL_LENGTH)
        if value and not LABEL.fullmatch(value):
            self.refuse((*path, "code"), f"code {value!r} may hold letters, digits, spaces and . - _ ( ) only")
        return value

    def flag(self, body: dict[str, object], key: str, path: Path) -> bool:
        value = body.get(key, False)
        if value in (True, "true", "yes"):
            return True
        if value not in (False, "false", "no"):
            self.refuse((*path, key), f"{key} must be true or false")
        return False

    def day(self, body: dict[str, object], key: str, path: Path) -> date | None:
        value = self.text(body, key, path, 20, needed=False)
        if not value:
            return None
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.refuse((*path, key), f"{key} {value!r} is not a date like 2017-04-01")
        return None
