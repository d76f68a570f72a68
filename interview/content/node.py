"""A YAML file as nodes that remember their line.

Built from the parser's events rather than by `yaml.compose`: that one recurses in C, where sixty thousand `[` end the
process, and keeps the last of two equal keys without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from interview.content.field import Node
from interview.content.problem import Problem, obeyed, printable
from interview.content.source import read_source

DEEP, MANY, LONG, TOLD = 20, 250_000, 20_000, 200  # levels, values, characters of a text, complaints about a file
DIRECTIVE = re.compile(r"^%TAG\b", re.MULTILINE)
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_node(path: Path) -> Node:
    """The file's one document. Its complaints so far are in `problems`; `settle()` raises them."""
    return parse_node(read_source(path), path)


def parse_node(text: str, path: Path) -> Node:
    root = Node(path, 1, None, [])
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            root.problems.append(Problem(path, number, 'a tab; indent with spaces (inside "quotes" write \\t)'))
    if not text.strip():
        root.complain("the file is empty; a deck begins with `deck: NAME`, a kata with `kata: NAME`")
    for found in DIRECTIVE.finditer(text):  # the parser compares each with all before it
        root.problems.append(Problem(path, text.count("\n", 0, found.start()) + 1, "`%TAG`: tags are not read here"))
        break
    if root.problems:
        return root
    try:
        return Builder(path, root.problems).build(yaml.parse(text, Loader=LOADER)) or root
    except yaml.YAMLError as error:
        root.problems.append(syntax_problem(error, path))
        return root


class Builder:
    """Events in, nodes out, with the open lists and mappings on a stack of our own."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self.root: Node | None = None
        self.values = 0
        self.open: list[Node] = []
        self.keys: list[Node | None] = []  # for each open mapping: the key that waits for its value

    def build(self, events: Iterator[Any]) -> Node | None:
        """The document's node; None, with a complaint, where no deck and no kata goes that far."""
        for event in events:
            match event:
                case yaml.ScalarEvent():  # first, for most are
                    self.add(self.node(event, event.value, plain=event.implicit[0]))
                case yaml.MappingStartEvent():
                    self.enter(self.node(event, {}))
                case yaml.SequenceStartEvent():
                    self.enter(self.node(event, []))
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.open.pop()
                    self.keys.pop()
                case yaml.AliasEvent():
                    self.add(Node(self.path, line_of(event), "", self.problems))
                    self.note(event, f"`*{printable(str(event.anchor))}`: aliases are not read; write it out")
                case yaml.DocumentStartEvent() if self.root is not None:
                    self.note(event, "a second document (`---`); one file holds one deck or kata")
                    return None
            if len(self.open) > DEEP:
                self.note(event, f"nested more than {DEEP} deep; no deck or kata is")
                return None
            if self.values > MANY:
                self.note(event, f"more than {MANY} values; split it into several files")
                return None
            if len(self.problems) > TOLD:
                return None
        return self.root

    def node(self, event: Any, value: Any, *, plain: bool = False) -> Node:
        if event.tag is not None:
            self.note(event, f"the tag {printable(event.tag)}; tags are not read here, write the plain value")
        if event.anchor is not None:
            self.note(event, f"the anchor `&{printable(event.anchor)}`; quote the text that begins with `&`")
        if event.__class__ is yaml.ScalarEvent and event.style == '"' and (why := obeyed(value)):
            self.note(event, why)  # written as an escape: of the file's own characters none is one
        self.values += 1
        if len(value) > LONG:
            self.note(event, f"a text of more than {LONG} characters; nobody reads that in a terminal")
            value = value[:LONG]
        return Node(self.path, line_of(event), value, self.problems, plain=plain)

    def enter(self, node: Node) -> None:
        self.add(node)
        self.open.append(node)
        self.keys.append(None)

    def add(self, node: Node) -> None:
        if not self.open:
            self.root = self.root or node
            return
        above = self.open[-1]
        if isinstance(above.value, list):
            above.value.append(node)
        elif self.keys[-1] is None:
            self.keys[-1] = node
        else:
            self.pair(above, self.keys[-1], node)
            self.keys[-1] = None

    def pair(self, above: Node, key: Node, node: Node) -> None:
        if not isinstance(key.value, str):
            key.complain("a list or mapping as a key; quote text that begins with [ or {")
        elif key.value in above.value:
            first = above.value[key.value].line
            key.complain(f"`{printable(key.value)}` stands here a second time (first in line {first}); keep one")
        else:
            node.line = key.line
            above.value[key.value] = node

    def note(self, event: Any, text: str) -> None:
        self.problems.append(Problem(self.path, line_of(event), text))


def line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1


def syntax_problem(error: yaml.YAMLError, path: Path) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = printable(re.sub(r"\s+", " ", str(getattr(error, "problem", None) or "cannot be read")))
    return Problem(
        path,
        mark.line + 1 if mark else 1,
        f"not YAML: {what}; check the indentation, and quote text that holds `: ` or begins with one of *&!%@`[{{",
    )
