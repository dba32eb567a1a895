"""Where YAML written by people becomes plain values, and every value keeps the line it stood on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

SIZE_LIMIT = 1_000_000
DEPTH_LIMIT = 20
# The parser written in C is some ten times faster; both give the same nodes.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TAG = "tag:yaml.org,2002:"
PLAIN_TAGS = frozenset(TAG + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq"))

Path = tuple[str | int, ...]
Errors = tuple[tuple[int, str], ...]


class YamlError(ValueError):
    """A text that cannot be read, with `errors` as pairs of line (from 1) and reason."""

    def __init__(self, *errors: tuple[int, str]) -> None:
        self.errors: Errors = errors
        super().__init__("\n".join(f"line {line}: {reason}" for line, reason in errors))


@dataclass(frozen=True)
class Located:
    """A document of dicts, lists, strings as written, and None; `lines` knows the line of every path."""

    document: object
    lines: Mapping[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of the value at `path`, or of the nearest thing around it that was written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str) -> Located:
    """Read one YAML document of at most one megabyte, without aliases, own tags or repeated keys.

    Scalars stay the text that was written, so that the code 1.10 does not become the number 1.1.
    """
    _refuse_at_sight(text)
    try:
        _refuse_aliases(text)
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "context", None) or "it cannot be read"
        raise YamlError((mark.line + 1 if mark else 1, f"this is not YAML: {problem}")) from None
    if root is None:
        raise YamlError((1, "the file is empty"))
    walk = _Walk()
    document = walk.value(root, ())
    if walk.errors:
        raise YamlError(*walk.errors)
    return Located(document, walk.lines)


def _refuse_at_sight(text: str) -> None:
    if len(text) > SIZE_LIMIT or len(text.encode("utf-8", "surrogatepass")) > SIZE_LIMIT:
        raise YamlError((1, "the file is larger than 1 MB"))
    found = UNPRINTABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise YamlError((line, f"the character U+{ord(found.group()):04X} cannot be used"))
    tabs = [number for number, line in enumerate(text.split("\n"), 1) if re.match(r" *\t", line)]
    if tabs:
        raise YamlError(*((number, "indent with spaces, not with tabs") for number in tabs))


def _refuse_aliases(text: str) -> None:
    # Events come one by one: an alias is met before anything multiplies, depth before anything recurses.
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise YamlError((line, "anchors and aliases (& and *) cannot be used: write the text out"))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            raise YamlError((line, f"nested more than {DEPTH_LIMIT} levels deep"))


class _Walk:
    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.errors: list[tuple[int, str]] = []

    def value(self, node: yaml.Node, path: Path) -> object:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if node.tag not in PLAIN_TAGS:
            self.errors.append((line, f"the tag {node.tag.replace(TAG, '!!')} cannot be used"))
            return None
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        if node.tag == TAG + "null":
            return None
        text = str(node.value)
        found = UNPRINTABLE.search(text)
        if found:
            self.errors.append((line, f"the character U+{ord(found.group()):04X} cannot be used"))
        return text

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        result: dict[str, object] = {}
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.errors.append((line, "a key must be a word"))
                continue
            key = str(key_node.value)
            if key in result:
                self.errors.append((line, f"the key {key!r} is given twice"))
            self.lines[(*path, key)] = line
            result[key] = self.value(child, (*path, key))
        return result
