"""The field: one value of a YAML file, and how its parts are read.

Reading a field never raises: a complaint is noted and a stand-in returned, so that one run finds all there is to mend;
`settle` raises them. Nothing is guessed from a word's look: `no` is text only when it is quoted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from interview.content.reading.problem import Problem, UnsoundError, nearest, printable
from interview.text import Text

T = TypeVar("T")

# What YAML 1.1 or 1.2 readers take for something else than text.
TRAP = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null|~)"
    r"|[-+]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?|0[xob][\da-fA-F_]+|[-+]?\.(?:inf|nan)"
    r"|\d+(?::\d\d?)+(?:\.\d*)?|\d{4}-\d\d?-\d\d?.*"
)
INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d*)")
NUMBER = re.compile(r"[-+]?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][-+]\d+)?)?")
FLOOD = 20  # unknown keys of one mapping that are told one by one
ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
LONGEST_ID = 100  # characters
LONG = 20_000  # characters of a text
TOO_LONG = Text(
    f"a text of more than {LONG} characters; nobody reads that in a terminal",
    f"一段文字超过 {LONG} 个字符；没人会在终端里读完",
)
NO_ADVICE = Text("", "")


@cache
def named(key: str) -> Text:
    """A field of ours as the subject of a complaint: in Chinese what follows keeps its distance."""
    return Text(f"`{key}`", f"`{key}` ")


@cache
def entry_of(key: str) -> Text:
    return Text(f"an entry of `{key}`", f"`{key}` 里的一项")


class Node:
    """One value of a YAML file: text (`str`), a list of nodes, or a dict of them. A field's line is its key's.

    `what` is the subject of a complaint, in both languages; a Chinese verb follows it at once.
    """

    __slots__ = ("line", "path", "plain", "problems", "value")

    def __init__(self, path: Path, line: int, value: Any, problems: list[Problem], *, plain: bool = False) -> None:
        self.path = path
        self.line = line
        self.value = value
        self.problems = problems
        self.plain = plain

    def complain(self, en: str, zh: str, *, at: Node | None = None) -> None:
        self.problems.append(Problem(self.path, (at or self).line, en, zh))

    def settle(self) -> None:
        if self.problems:
            raise UnsoundError(self.problems)

    # -- what is there --------------------------------------------------------------------------------------------

    def get(self, key: str) -> Node | None:
        return self.value.get(key) if isinstance(self.value, dict) else None

    def has(self, key: str) -> bool:
        return self.get(key) is not None

    def need(self, key: str) -> Node | None:
        found = self.get(key)
        if found is None and isinstance(self.value, dict):
            self.complain(f"`{key}` is missing", f"缺少 `{key}`")
        return found

    def is_mapping(self, what: Text) -> bool:
        if not isinstance(self.value, dict):
            looks = self.looks()
            self.complain(
                f"{what.en} is {looks.en}; write its keys, one a line", f"{what.zh}是{looks.zh}；请写出它的键，每行一个"
            )
        return isinstance(self.value, dict)

    def unknown(self, *known: str) -> None:
        """Complain about every key that is not `known`, with the nearest that is; of a flood, about the first."""
        strange = [key for key in self.value if key not in known] if isinstance(self.value, dict) else []
        for key in strange[:FLOOD]:
            near = nearest(key, known)
            advice = f"did you mean `{near}`?" if near else f"known here: {', '.join(known)}"
            advice_zh = f"是不是 `{near}`？" if near else f"这里可用：{'、'.join(known)}"
            self.value[key].complain(
                f"unknown key `{printable(key)}`; {advice}", f"不认识的键 `{printable(key)}`；{advice_zh}"
            )
        if len(strange) > FLOOD:
            more = len(strange) - FLOOD
            self.complain(f"and {more} more unknown keys", f"还有 {more} 个不认识的键")

    def looks(self) -> Text:
        match self.value:
            case dict():
                return Text("a mapping", "一组键值")
            case list():
                return Text("a list", "列表")
            case "":
                return Text("empty", "空的")
            case _:
                said = printable(self.value) if self.plain else f'"{printable(self.value)}"'
                return Text(f"`{said}`", f" `{said}`")

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        rest = [self]
        while rest:
            node = rest.pop()
            yield node
            below = node.value.values() if isinstance(node.value, dict) else node.value
            rest.extend(below if isinstance(node.value, (dict, list)) else ())

    # -- one value ------------------------------------------------------------------------------------------------

    def as_string(self, what: Text) -> str:
        if not isinstance(self.value, str):
            looks = self.looks()
            self.complain(f"{what.en} is {looks.en} where text belongs", f"{what.zh}是{looks.zh}；这里要写文字")
            return ""
        if not self.value.strip():
            self.complain(
                f"{what.en} is empty; write it, or leave the key out where it may be",
                f"{what.zh}是空的；请写上，可以不写的就连键一起删掉",
            )
        elif self.plain and TRAP.fullmatch(self.value):
            self.complain(
                f'{what.en}: YAML does not read {self.value} as text; quote it: "{self.value}"',
                f'{what.zh}写的是 {self.value}，YAML 不把它当文字；请加引号："{self.value}"',
            )
        return self.value

    def as_id(self, what: Text) -> str:
        said = self.as_string(what)
        if said.strip() and not ID.fullmatch(said):
            self.complain(
                f"{what.en} is `{printable(said)}`; an id is made of a-z, 0-9, `-` and `_`",
                f"{what.zh}是 `{printable(said)}`；编号只能用 a-z、0-9、`-` 和 `_`",
            )
        elif len(said) > LONGEST_ID:
            self.complain(
                f"{what.en} is {len(said)} characters long; an id is a file's name too, so give at most {LONGEST_ID}",
                f"{what.zh}长 {len(said)} 个字符；编号也是文件名，最多 {LONGEST_ID} 个",
            )
        return said

    def as_number(self, what: Text) -> float:
        if isinstance(self.value, str) and self.plain and NUMBER.fullmatch(self.value):
            value = float(self.value)
            if math.isfinite(value):
                return value
        looks, word = self.looks(), isinstance(self.value, str)
        advice = "; YAML 1.1 reads 1e-3 as text and 12:30 as 750" if word else ""
        advice_zh = "；YAML 1.1 把 1e-3 读成文字，把 12:30 读成 750" if word else ""
        self.complain(
            f"{what.en} is {looks.en} where a number belongs, written like 2, 0.5 or 1.0e-3{advice}",
            f"{what.zh}是{looks.zh}；这里要写数字，如 2、0.5 或 1.0e-3{advice_zh}",
        )
        return 0.0

    def as_integer(self, what: Text, *, least: int, most: int) -> int:
        if isinstance(self.value, str) and self.plain and len(self.value) < 20 and INTEGER.fullmatch(self.value):
            value = int(self.value)
            if least <= value <= most:
                return value
        looks = self.looks()
        self.complain(
            f"{what.en} is {looks.en}; it is a whole number from {least} to {most}",
            f"{what.zh}是{looks.zh}；这里要写 {least} 到 {most} 的整数",
        )
        return least

    def as_text(self, what: Text) -> Text:
        """Both languages of `{en, zh}`; other keys are the caller's business."""
        if not isinstance(self.value, dict):
            looks = self.looks()
            self.complain(
                f"{what.en} is {looks.en}; write it under `en:` and under `zh:`",
                f"{what.zh}是{looks.zh}；请分别写在 `en:` 和 `zh:` 下面",
            )
            return Text("", "")
        return Text(*(self.string(lang).strip() for lang in ("en", "zh")))

    def as_words(self, what: Text) -> Text:
        """Both languages, or one that is said in either: a plain string."""
        if isinstance(self.value, str):
            said = self.as_string(what).strip()
            return Text(said, said)
        return self.as_text(what)

    def as_list(self, what: Text) -> list[Node]:
        if not isinstance(self.value, list):
            looks = self.looks()
            self.complain(
                f"{what.en} is {looks.en} where a list belongs: write [a, b], or one `- ` a line",
                f"{what.zh}是{looks.zh}；这里要写列表：[a, b]，或每行一个 `- `",
            )
            return []
        return self.value

    # -- one field ------------------------------------------------------------------------------------------------

    def string(self, key: str) -> str:
        return self._read(key, Node.as_string, "")

    def id(self, key: str) -> str:
        return self._read(key, Node.as_id, "")

    def number(self, key: str) -> float:
        return self._read(key, Node.as_number, 0.0)

    def integer(self, key: str, *, least: int = 1, most: int = 1_000_000) -> int:
        return self._read(key, lambda node, what: node.as_integer(what, least=least, most=most), least)

    def text(self, key: str) -> Text:
        def read(node: Node, what: Text) -> Text:
            node.unknown("en", "zh")
            return node.as_text(what)

        return self._read(key, read, Text("", ""))

    def words(self, key: str) -> Text:
        def read(node: Node, what: Text) -> Text:
            node.unknown("en", "zh")
            return node.as_words(what)

        return self._read(key, read, Text("", ""))

    def maybe_words(self, key: str) -> Text | None:
        return self.words(key) if self.has(key) else None

    def maybe_text(self, key: str) -> Text | None:
        return self.text(key) if self.has(key) else None

    def maybe_string(self, key: str) -> str | None:
        return self.string(key) if self.has(key) else None

    def flag(self, key: str, default: bool | None = False) -> bool:
        """`true` or `false`; with `default=None` the key must be there."""
        node = self.get(key) if default is not None else self.need(key)
        if node is None:
            return bool(default)
        if not (node.plain and node.value in ("true", "false")):
            looks = node.looks()
            node.complain(f"`{key}` is {looks.en}; write true or false", f"`{key}` 是{looks.zh}；请写 true 或 false")
        return bool(node.value == "true")

    def items(self, key: str, *, required: bool = True, most: int = 200, advice: Text = NO_ADVICE) -> list[Node]:
        node = self.need(key) if required else self.get(key)
        found = node.as_list(named(key)) if node is not None else []
        if node is not None and required and isinstance(node.value, list) and not found:
            node.complain(f"`{key}` is empty; it needs at least one entry", f"`{key}` 是空的；至少要有一项")
        if node is not None and len(found) > most:
            node.complain(
                f"`{key}` has {len(found)} entries; {most} are the most that are read{advice.en}",
                f"`{key}` 有 {len(found)} 项；最多读 {most} 项{advice.zh}",
            )
        return found[:most]

    def strings(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        return tuple(each.as_string(entry_of(key)) for each in self.items(key, required=required))

    def _read(self, key: str, read: Callable[[Node, Text], T], missing: T) -> T:
        node = self.need(key)
        return missing if node is None else read(node, named(key))


def once(entries: Iterable[Node], key: str, what: Text) -> None:
    """Complain about an id that an earlier entry has."""
    lines: dict[str, int] = {}
    for entry in entries:
        node = entry.get(key)
        if node is None or not isinstance(node.value, str) or not node.value:
            continue
        if node.value in lines:
            said, first = node.value[:40], lines[node.value]
            node.complain(
                f"{what.en}'s id `{said}` is used twice (first in line {first})",
                f"{what.zh}编号 `{said}` 用了两次（第一次在第 {first} 行）",
            )
        lines.setdefault(node.value, node.line)
