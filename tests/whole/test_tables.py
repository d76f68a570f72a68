"""Tables keyed by what there is a closed number of: each has an entry for all of it."""

from __future__ import annotations

import enum
import importlib
import pkgutil
import types
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal, Union, get_args, get_origin

import pytest

pytest.importorskip("torch")

import interview
from interview.grading.sandbox import lockdown
from interview.log.record import Rating
from interview.terminal.screens import words

MODULES = sorted(
    each.name
    for each in pkgutil.walk_packages(interview.__path__, "interview.")
    if not each.name.endswith("__main__") and "new-kata" not in each.name
)


def members(kind: Any) -> set[Any] | None:
    """All that a key may be; None where there is no end of them."""
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return set(kind)
    if get_origin(kind) is Literal:
        return set(get_args(kind))
    if get_origin(kind) in (Union, types.UnionType):
        parts = [members(each) for each in get_args(kind)]
        return None if None in parts else set().union(*filter(None, parts))
    return None


def wanted(name: str, table: Mapping[Any, Any], said: object, names: Mapping[str, Any]) -> set[Any] | None:
    """The keys that a table must have, by its type, or by its keys where they are members of one Enum."""
    hint = eval(said, dict(names)) if isinstance(said, str) and "Mapping[" in said else None
    if get_origin(hint) is ClassVar:
        (hint,) = get_args(hint)
    if hint is not None:
        return members(get_args(hint)[0])
    kinds = {type(each) for each in table}
    return members(kinds.pop()) if len(kinds) == 1 and len(table) > 1 else None


def incomplete(module: Any) -> Iterator[str]:
    classes = [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__]
    for space in (module, *classes):
        hints = vars(space).get("__annotations__", {})
        for name, table in vars(space).items():
            if isinstance(table, dict) and not name.startswith("_"):
                lacking = (wanted(name, table, hints.get(name), vars(module)) or set()) - table.keys()
                if lacking:
                    yield f"{name} has nothing for {', '.join(sorted(map(str, lacking)))}"


@pytest.mark.parametrize("name", MODULES)
def test_a_table_has_an_entry_for_all_of_its_kind(name: str) -> None:
    """mypy says where a key is none of them, and not where one is missing: that a screen would meet as a KeyError."""
    assert list(incomplete(importlib.import_module(name))) == []


def test_each_layer_has_its_words() -> None:
    """Those that no verdict goes without, and the further ones."""
    assert words.LAYERS.keys() == {*lockdown.LAYERS, *lockdown.FURTHER}


def test_a_table_that_lacks_one_is_found() -> None:
    """The rule above, on tables of its own: by their type, within a class, and by their keys alone."""
    module: Any = types.ModuleType("tables")
    exec(
        "from __future__ import annotations\n"
        "from collections.abc import Mapping\nfrom typing import ClassVar, Literal\n"
        "State = Literal['new', 'old']\n"
        "WORDS: Mapping[State, str] = {'new': ''}\n"
        "MORE: Mapping[State | Literal['odd'], str] = {'new': '', 'old': ''}\n"
        "WHOLE: Mapping[State, str] = {'new': '', 'old': ''}\n"
        "class Words:\n    state: ClassVar[Mapping[State, str]] = {'old': ''}\n",
        vars(module),
    )
    module.BARE = {Rating.AGAIN: "", Rating.GOOD: ""}
    module.Words.__module__ = "tables"
    assert sorted(incomplete(module)) == [
        "BARE has nothing for 2, 4",
        "MORE has nothing for odd",
        "WORDS has nothing for old",
        "state has nothing for new",
    ]
