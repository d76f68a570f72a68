"""The references that cards cite by key: `questions/references.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from interview.content.cards.deck import Reference
from interview.content.reading.field import Node
from interview.content.reading.node import load_node
from interview.text import Text


def load_references(path: Path) -> dict[str, Reference]:
    node = load_node(path)
    found = survey_references(node)
    node.settle()
    return dict(found)


def survey_references(node: Node) -> Mapping[str, Reference]:
    if not node.problems and node.is_mapping(Text("the list of references", "参考文献表")):
        return {key: parse_reference(key, entry) for key, entry in node.value.items()}
    return {}


def parse_reference(key: str, node: Node) -> Reference:
    if not node.is_mapping(Text(f"the reference `{key[:40]}`", f"参考文献 `{key[:40]}` ")):
        return Reference(key, "", "", 0, "", None)
    node.unknown("authors", "title", "year", "where", "url")
    return Reference(
        key=key,
        authors=node.string("authors"),
        title=node.string("title"),
        year=node.integer("year", least=1600, most=2100),
        where=node.string("where"),
        url=node.maybe_string("url"),
    )
