"""The YAML node: a file as nodes that remember their line.

Built from the parser's events rather than by `yaml.compose`: that one recurses in C, where sixty thousand `[` end the
process, and keeps the last of two equal keys without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from interview.content.reading.field import LONG, TOO_LONG, Node
from interview.content.reading.problem import Problem, obeyed, printable
from interview.content.reading.source import HUGE, read_source

DEEP, MANY, TOLD = 20, 250_000, 200  # levels, values, complaints about a file
DIRECTIVE = re.compile(r"^%TAG\b", re.MULTILINE)
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_node(path: Path, most: int = HUGE) -> Node:
    """The file's one document. Its complaints so far are in `problems`; `settle()` raises them."""
    return parse_node(read_source(path, most), path)


def parse_node(text: str, path: Path) -> Node:
    root = Node(path, 1, None, [])
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            root.problems.append(
                Problem(
                    path,
                    number,
                    'a tab; indent with spaces (inside "quotes" write \\t)',
                    '有制表符；请用空格缩进（"引号" 里写 \\t）',
                )
            )
            if len(root.problems) > TOLD:
                break
    if not text.strip():
        root.complain(
            "the file is empty; a deck begins with `deck: NAME`, a kata with `kata: NAME`",
            "文件是空的；题库以 `deck: NAME` 开头，手写题以 `kata: NAME` 开头",
        )
    for found in DIRECTIVE.finditer(text):  # the parser compares each with all before it
        at = text.count("\n", 0, found.start()) + 1
        root.problems.append(Problem(path, at, "`%TAG`: tags are not read here", "`%TAG`：这里不读标签"))
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
                    alias = printable(str(event.anchor))
                    self.note(event, f"`*{alias}`: aliases are not read; write it out", f"`*{alias}`：不读别名；请写全")
                case yaml.DocumentStartEvent() if self.root is not None:
                    self.note(
                        event,
                        "a second document (`---`); one file holds one deck or kata",
                        "又开始了一个文档（`---`）；一个文件只放一个题库或一道手写题",
                    )
                    return None
            if len(self.open) > DEEP:
                self.note(
                    event,
                    f"nested more than {DEEP} deep; no deck or kata is",
                    f"嵌套超过 {DEEP} 层；题库和手写题不会这么深",
                )
                return None
            if self.values > MANY:
                self.note(
                    event, f"more than {MANY} values; split it into several files", f"超过 {MANY} 个值；请拆成几个文件"
                )
                return None
            if len(self.problems) > TOLD:
                return None
        return self.root

    def node(self, event: Any, value: Any, *, plain: bool = False) -> Node:
        if event.tag is not None:
            tag = printable(event.tag)
            self.note(
                event,
                f"the tag {tag}; tags are not read here, write the plain value",
                f"标签 {tag}：这里不读，请直接写值",
            )
        if event.anchor is not None:
            anchor = printable(event.anchor)
            self.note(
                event,
                f"the anchor `&{anchor}`; quote the text that begins with `&`",
                f"锚点 `&{anchor}`；以 `&` 开头的文字请加引号",
            )
        if event.__class__ is yaml.ScalarEvent and event.style == '"' and (why := obeyed(value)):
            self.note(event, *why)  # written as an escape: of the file's own characters none is one
        self.values += 1
        if len(value) > LONG:
            self.note(event, TOO_LONG.en, TOO_LONG.zh)
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
            key.complain(
                "a list or mapping as a key; quote text that begins with [ or {",
                "键是列表或一组键值；以 [ 或 { 开头的文字请加引号",
            )
        elif key.value in above.value:
            first = above.value[key.value].line
            said = printable(key.value)
            key.complain(
                f"`{said}` stands here a second time (first in line {first}); keep one",
                f"`{said}` 在这里出现了第二次（第一次在第 {first} 行）；请只留一个",
            )
        else:
            node.line = key.line
            above.value[key.value] = node

    def note(self, event: Any, en: str, zh: str) -> None:
        self.problems.append(Problem(self.path, line_of(event), en, zh))


def line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1


# What the parser says, by a part of it; of what is not here a Chinese complaint tells the line alone.
SAID = {
    "mapping values are not allowed": "这里不能再有 `键: 值`",
    "sequence entries are not allowed": "这里不能有 `- `",
    "could not find expected ':'": "键后面缺少 `: `",
    "did not find expected key": "这里应该是键",
    "did not find expected '-'": "这里应该是 `- `",
    "did not find expected ',' or": "缺少 `,` 或右括号",
    "cannot start any token": "这个字符不能放在开头",
    "unexpected end of stream": "引号没有收尾",
    "unknown escape": "不认识的转义",
    "document start": "一个文档结束后又有内容",
}


def syntax_problem(error: yaml.YAMLError, path: Path) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = printable(re.sub(r"\s+", " ", str(getattr(error, "problem", None) or "cannot be read")))
    what_zh = next((zh for part, zh in SAID.items() if part in what), "从这里读不下去")
    return Problem(
        path,
        mark.line + 1 if mark else 1,
        f"not YAML: {what}; check the indentation, and quote text that holds `: ` or begins with one of *&!%@`[{{",
        f"不是 YAML：{what_zh}；请检查缩进，含 `: ` 或以 *&!%@`[{{ 之一开头的文字要加引号",
    )
