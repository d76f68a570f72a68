"""JSON as the same nodes that a YAML file becomes: every value remembers its line."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any

from interview.content.field import NUMBER, Node
from interview.content.problem import Problem, UnsoundError, obeyed, printable

DEEP = 20
STRINGS = JSONDecoder()
SPACE = re.compile(r"[ \t\n]*")
PLAIN = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null")


def parse_json_node(text: str, path: Path, *, line: int = 1) -> Node:
    """The one value of the text, whose first line is `line` of the file. A key that is null is left out."""
    reader = Reader(text, path, line)
    node = reader.value(0)
    reader.skip()
    if reader.at < len(text):
        raise reader.refuse("there is more after the end; one file holds one value")
    return node


def numeral(text: str) -> str:
    """A number as the nodes want it: `1e-09` as `1.0e-09`."""
    return text if NUMBER.fullmatch(text) else re.sub(r"^(-?\d+)(?=[eE])", r"\1.0", text)


class Reader:
    def __init__(self, text: str, path: Path, line: int) -> None:
        self.text = text
        self.path = path
        self.first = line
        self.at = 0
        self.counted, self.lines = 0, 0  # so far, and the ends of lines in it: each is counted once
        self.problems: list[Problem] = []

    def line(self) -> int:
        if self.at < self.counted:
            self.counted, self.lines = 0, 0
        self.lines += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.first + self.lines

    def refuse(self, what: str) -> UnsoundError:
        return UnsoundError([Problem(self.path, self.line(), f"not JSON: {what}")])

    def skip(self) -> str:
        """The next character that is not space."""
        found = SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def node(self, value: Any, *, plain: bool = False) -> Node:
        return Node(self.path, self.line(), value, self.problems, plain=plain)

    def value(self, depth: int) -> Node:
        if depth > DEEP:
            raise self.refuse(f"nested more than {DEEP} deep; no deck is")
        match self.skip():
            case "{":
                return self.mapping(depth)
            case "[":
                return self.list(depth)
            case '"':
                node = self.node("")
                node.value = self.string()
                return node
            case _:
                return self.plain()

    def plain(self) -> Node:
        found = PLAIN.match(self.text, self.at)
        if not found:
            near = printable(self.text[self.at :].split("\n")[0], 20)
            raise self.refuse(f"a value belongs here, not `{near}`" if near else "it ends too early")
        node = self.node(numeral(found.group()), plain=True)
        self.at = found.end()
        return node

    def string(self) -> str:
        try:
            text, self.at = STRINGS.raw_decode(self.text, self.at)
        except JSONDecodeError as error:
            raise self.refuse(error.msg) from None
        if why := obeyed(text):
            self.problems.append(Problem(self.path, self.line(), why))
        return str(text)

    def mapping(self, depth: int) -> Node:
        node = self.node({})
        self.at += 1
        first = True
        while self.skip() != "}":
            first = self.comma(first)
            if self.skip() != '"':
                raise self.refuse('a key in "quotes" belongs here')
            line, key = self.line(), self.string()
            if self.skip() != ":":
                raise self.refuse(f"`:` belongs after `{printable(key)}`")
            self.at += 1
            value = self.value(depth + 1)
            value.line = line
            if key in node.value:
                value.complain(f"`{printable(key)}` stands here a second time; keep one")
            if not (value.plain and value.value == "null"):
                node.value[key] = value
        self.at += 1
        return node

    def list(self, depth: int) -> Node:
        node = self.node([])
        self.at += 1
        while self.skip() != "]":
            self.comma(not node.value)
            node.value.append(self.value(depth + 1))
        self.at += 1
        return node

    def comma(self, first: bool) -> bool:
        """Past the comma that stands before each entry but the first. Whether the next one is the first: no."""
        if not first:
            if self.skip() != ",":
                raise self.refuse("`,` belongs here" if self.skip() else "it ends too early")
            self.at += 1
        return False
