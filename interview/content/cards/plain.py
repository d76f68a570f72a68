"""The plain form of a deck: values of JSON, and those as the text of a deck's file."""

from __future__ import annotations

import json
from typing import Any

from interview.content.reading.field import ID, INTEGER, NUMBER, TRAP, Node
from interview.content.reading.json_node import numeral


def plain(node: Node) -> Any:
    """The value as JSON has it: unquoted numbers and booleans are such, all else is text."""
    value = node.value
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if node.plain and value in ("true", "false"):
        return value == "true"
    if node.plain and INTEGER.fullmatch(value):
        return int(value)
    return float(value) if node.plain and NUMBER.fullmatch(value) else value


def write_yaml(value: Any, indent: int = 0) -> str:
    """Block style, one key a line; read again it is the same value."""
    pad = " " * indent
    if isinstance(value, dict):
        return "".join(f"{pad}{key}:{entry(each, indent)}" for key, each in value.items())
    lines = []
    for each in value:
        if isinstance(each, dict) and each:
            lines.append(f"{pad}- {write_yaml(each, indent + 2).lstrip(' ')}")
        else:
            lines.append(f"{pad}-{entry(each, indent)}")
    return "".join(lines)


def entry(value: Any, indent: int) -> str:
    """What stands after `key:` or `-`."""
    if isinstance(value, (dict, list)) and not value:
        return " {}\n" if isinstance(value, dict) else " []\n"
    if isinstance(value, list) and all(is_word(each) for each in value):
        return f" [{', '.join(value)}]\n"
    if isinstance(value, (dict, list)):
        return "\n" + write_yaml(value, indent + 2)
    return scalar(value, indent + 2)


def scalar(value: Any, indent: int) -> str:
    if isinstance(value, bool):
        return " true\n" if value else " false\n"
    if isinstance(value, (int, float)):
        return f" {numeral(repr(value))}\n"
    if is_word(value):
        return f" {value}\n"
    if "\n" in value and value.strip() and not value.startswith((" ", "\n")):
        block = literal(value, indent)
        if block:
            return block
    return f" {quoted(value)}\n"


def literal(value: str, indent: int) -> str | None:
    """A `|` block; None where it would not come back the same."""
    body = value.rstrip("\n")
    if "\t" in value or body != body.rstrip():
        return None
    mark = {0: "|-", 1: "|"}.get(len(value) - len(body), "|+")
    lines = (" " * indent + line if line.strip() else line.strip(" ") for line in value.removesuffix("\n").split("\n"))
    if any(not line.strip() and line for line in body.split("\n")):
        return None  # spaces on an empty line
    return f" {mark}\n" + "\n".join(lines) + "\n"


def is_word(value: Any) -> bool:
    return isinstance(value, str) and bool(ID.fullmatch(value)) and not TRAP.fullmatch(value)


def quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
