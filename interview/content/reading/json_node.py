"""The JSON node: a JSON text as the same nodes that a YAML file becomes, each with its line."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any

from interview.content.reading.field import LONG, NUMBER, TOO_LONG, Node
from interview.content.reading.problem import Problem, UnsoundError, obeyed, printable
from interview.text import Text

DEEP = 20
STRINGS = JSONDecoder()
SPACE = re.compile(r"[ \t\n]*")
PLAIN = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null")


TOO_EARLY = Text("it ends too early", "没有写完")
ODD_STRING = {  # by how the decoder's own words begin
    "Unterminated": Text("a text is not closed with a quote", "文字缺少右引号"),
    "Invalid control": Text(
        "a text holds the end of a line or a tab; write \\n, \\t", "文字里有换行或制表符；请写 \\n、\\t"
    ),
}
ODD_ESCAPE = Text("a text holds a `\\` that begins no escape; write it twice", "文字里的 `\\` 不构成转义；请写两个")


def parse_json_node(text: str, path: Path, *, line: int = 1, verbatim: bool = False) -> Node:
    """The one value of the text, whose first line is `line` of the file. A key that is null is left out, and a number
    is as YAML has it; `verbatim`, both are as they were written."""
    reader = Reader(text, path, line, verbatim=verbatim)
    node = reader.value(0)
    reader.end()
    return node


def numeral(text: str) -> str:
    """A number as the nodes want it: `1e-09` as `1.0e-09`."""
    return text if NUMBER.fullmatch(text) else re.sub(r"^(-?\d+)(?=[eE])", r"\1.0", text)


def stream_json(text: str, path: Path, key: str) -> Generator[Node, None, Node]:
    """The entries of the list that the text's mapping has under `key`, each read when it is asked for: no more than one
    need be there. Returns the one value of the text, with that list left empty.
    """
    reader = Reader(text, path, 1, verbatim=False)
    if reader.skip() != "{":
        return parse_json_node(text, path)
    root = reader.node({})
    for line, name in reader.fields():
        if name == key and name not in root.value and reader.skip() == "[":
            value = reader.node([])
            for _ in reader.places():
                yield reader.value(2)
        else:
            value = reader.value(1)
        reader.pair(root, line, name, value)
    reader.end()
    return root


class Reader:
    def __init__(self, text: str, path: Path, line: int, *, verbatim: bool) -> None:
        self.verbatim = verbatim
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

    def refuse(self, what: Text) -> UnsoundError:
        return UnsoundError([Problem(self.path, self.line(), f"not JSON: {what.en}", f"不是 JSON：{what.zh}")])

    def skip(self) -> str:
        """The next character that is not space."""
        here = self.text[self.at : self.at + 1]
        if here not in " \t\n" or not (found := SPACE.match(self.text, self.at)):
            return here
        self.at = found.end()
        return self.text[self.at : self.at + 1]

    def end(self) -> None:
        self.skip()
        if self.at < len(self.text):
            raise self.refuse(Text("there is more after its end", "结束之后还有内容"))

    def node(self, value: Any, *, plain: bool = False) -> Node:
        return Node(self.path, self.line(), value, self.problems, plain=plain)

    def value(self, depth: int) -> Node:
        if depth > DEEP:
            raise self.refuse(
                Text(f"nested more than {DEEP} deep; nothing here is", f"嵌套超过 {DEEP} 层；这里用不到这么深")
            )
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
            raise self.refuse(
                Text(f"a value belongs here, not `{near}`", f"这里要写值，不能是 `{near}`") if near else TOO_EARLY
            )
        node = self.node(found.group() if self.verbatim else numeral(found.group()), plain=True)
        self.at = found.end()
        return node

    def string(self) -> str:
        try:
            text, self.at = STRINGS.raw_decode(self.text, self.at)
        except JSONDecodeError as error:
            odd = (said for begin, said in ODD_STRING.items() if error.msg.startswith(begin))
            raise self.refuse(next(odd, ODD_ESCAPE)) from None
        if why := obeyed(text):
            self.problems.append(Problem(self.path, self.line(), *why))
        if len(text) > LONG:
            self.problems.append(Problem(self.path, self.line(), TOO_LONG.en, TOO_LONG.zh))
        return str(text)

    def mapping(self, depth: int) -> Node:
        node = self.node({})
        for line, key in self.fields():
            self.pair(node, line, key, self.value(depth + 1))
        return node

    def pair(self, above: Node, line: int, key: str, value: Node) -> None:
        value.line = line
        if key in above.value:
            said = printable(key)
            value.complain(f"`{said}` stands here a second time; keep one", f"`{said}` 在这里出现了第二次；请只留一个")
        if self.verbatim or not (value.plain and value.value == "null"):
            above.value[key] = value

    def fields(self) -> Iterator[tuple[int, str]]:
        """Each key of a mapping with its line; whoever takes one reads its value."""
        self.at += 1
        first = True
        while self.skip() != "}":
            first = self.comma(first)
            if self.skip() != '"':
                raise self.refuse(Text('a key in "quotes" belongs here', '这里要写带 "引号" 的键'))
            line, key = self.line(), self.string()
            if self.skip() != ":":
                raise self.refuse(Text(f"`:` belongs after `{printable(key)}`", f"`{printable(key)}` 后面要有 `:`"))
            self.at += 1
            yield line, key
        self.at += 1

    def list(self, depth: int) -> Node:
        node = self.node([])
        for _ in self.places():
            node.value.append(self.value(depth + 1))
        return node

    def places(self) -> Iterator[None]:
        """The place of each entry of a list; whoever takes one reads what is there."""
        self.at += 1
        first = True
        while self.skip() != "]":
            first = self.comma(first)
            yield
        self.at += 1

    def comma(self, first: bool) -> bool:
        """Past the comma that stands before each entry but the first. Whether the next one is the first: no."""
        if not first:
            if self.skip() != ",":
                raise self.refuse(Text("`,` belongs here", "这里缺少 `,`") if self.skip() else TOO_EARLY)
            self.at += 1
        return False
