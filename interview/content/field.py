"""One value of a YAML file, and how its fields are read.

Reading a field never raises: a complaint is noted and a stand-in returned, so that one run finds all there is to mend;
`settle` raises them. Nothing is guessed from a word's look: `no` is text only when it is quoted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from interview.content.deck import Text
from interview.content.problem import Problem, UnsoundError, nearest, printable

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


class Node:
    """One value of a YAML file: text (`str`), a list of nodes, or a dict of them. A field's line is its key's."""

    __slots__ = ("line", "path", "plain", "problems", "value")

    def __init__(self, path: Path, line: int, value: Any, problems: list[Problem], *, plain: bool = False) -> None:
        self.path = path
        self.line = line
        self.value = value
        self.problems = problems
        self.plain = plain

    def complain(self, text: str, *, at: Node | None = None) -> None:
        self.problems.append(Problem(self.path, (at or self).line, text))

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
            self.complain(f"`{key}` is missing")
        return found

    def is_mapping(self, what: str) -> bool:
        if not isinstance(self.value, dict):
            self.complain(f"{what} is {self.looks()}; write its keys, one a line")
        return isinstance(self.value, dict)

    def unknown(self, *known: str) -> None:
        """Complain about every key that is not `known`, with the nearest that is; of a flood, about the first."""
        strange = [key for key in self.value if key not in known] if isinstance(self.value, dict) else []
        for key in strange[:FLOOD]:
            near = nearest(key, known)
            advice = f"did you mean `{near}`?" if near else f"known here: {', '.join(known)}"
            self.value[key].complain(f"unknown key `{printable(key)}`; {advice}")
        if len(strange) > FLOOD:
            self.complain(f"and {len(strange) - FLOOD} more unknown keys")

    def looks(self) -> str:
        match self.value:
            case dict():
                return "a mapping"
            case list():
                return "a list"
            case "":
                return "empty"
            case _:
                return f"`{printable(self.value)}`"

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        rest = [self]
        while rest:
            node = rest.pop()
            yield node
            below = node.value.values() if isinstance(node.value, dict) else node.value
            rest.extend(below if isinstance(node.value, (dict, list)) else ())

    # -- one value ------------------------------------------------------------------------------------------------

    def as_string(self, what: str) -> str:
        if not isinstance(self.value, str):
            self.complain(f"{what} is {self.looks()} where text belongs")
            return ""
        if not self.value.strip():
            self.complain(f"{what} is empty; write it, or leave the key out where it may be")
        elif self.plain and TRAP.fullmatch(self.value):
            self.complain(f'{what}: YAML does not read {self.value} as text; quote it: "{self.value}"')
        return self.value

    def as_id(self, what: str) -> str:
        said = self.as_string(what)
        if said.strip() and not ID.fullmatch(said):
            self.complain(f"{what} is `{printable(said)}`; an id is made of a-z, 0-9, `-` and `_`")
        elif len(said) > LONGEST_ID:
            self.complain(
                f"{what} is {len(said)} characters long; an id is a file's name too, so give at most {LONGEST_ID}"
            )
        return said

    def as_number(self, what: str) -> float:
        if isinstance(self.value, str) and self.plain and NUMBER.fullmatch(self.value):
            value = float(self.value)
            if math.isfinite(value):
                return value
        advice = "; YAML 1.1 reads 1e-3 as text and 12:30 as 750" if isinstance(self.value, str) else ""
        self.complain(f"{what} is {self.looks()} where a number belongs, written like 2, 0.5 or 1.0e-3{advice}")
        return 0.0

    def as_integer(self, what: str, *, least: int, most: int) -> int:
        if isinstance(self.value, str) and self.plain and len(self.value) < 20 and INTEGER.fullmatch(self.value):
            value = int(self.value)
            if least <= value <= most:
                return value
        self.complain(f"{what} is {self.looks()}; it is a whole number from {least} to {most}")
        return least

    def as_text(self, what: str) -> Text:
        """Both languages of `{en, zh}`; other keys are the caller's business."""
        if not isinstance(self.value, dict):
            self.complain(f"{what} is {self.looks()}; write it under `en:` and under `zh:`")
            return Text("", "")
        return Text(*(self.string(lang).strip() for lang in ("en", "zh")))

    def as_list(self, what: str) -> list[Node]:
        if not isinstance(self.value, list):
            self.complain(f"{what} is {self.looks()} where a list belongs: write [a, b], or one `- ` a line")
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
        def read(node: Node, what: str) -> Text:
            node.unknown("en", "zh")
            return node.as_text(what)

        return self._read(key, read, Text("", ""))

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
            node.complain(f"`{key}` is {node.looks()}; write true or false")
        return bool(node.value == "true")

    def items(self, key: str, *, required: bool = True, most: int = 200) -> list[Node]:
        node = self.need(key) if required else self.get(key)
        found = node.as_list(f"`{key}`") if node is not None else []
        if node is not None and required and isinstance(node.value, list) and not found:
            node.complain(f"`{key}` is empty; it needs at least one entry")
        if node is not None and len(found) > most:
            node.complain(f"`{key}` has {len(found)} entries; {most} are the most that are read")
        return found[:most]

    def strings(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        return tuple(each.as_string(f"an entry of `{key}`") for each in self.items(key, required=required))

    def _read(self, key: str, read: Callable[[Node, str], T], missing: T) -> T:
        node = self.need(key)
        return missing if node is None else read(node, f"`{key}`")


def once(entries: Iterable[Node], key: str, what: str) -> None:
    """Complain about an id that an earlier entry has."""
    lines: dict[str, int] = {}
    for entry in entries:
        node = entry.get(key)
        if node is None or not isinstance(node.value, str) or not node.value:
            continue
        if node.value in lines:
            node.complain(f"the {what} id `{node.value[:40]}` is used twice (first in line {lines[node.value]})")
        lines.setdefault(node.value, node.line)
