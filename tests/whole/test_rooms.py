"""Rooms: a folder is the answer to one question."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import interview

PACKAGE = Path(interview.__file__).parent
MOST = 12  # modules that a reader takes in at a glance
ROOMS = sorted({each.parent for each in PACKAGE.rglob("*.py")})


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(PACKAGE.parent)))
def test_no_room_is_crowded(room: Path) -> None:
    """No more than a dozen modules: what is more is two things, and each has a name."""
    modules = [each.name for each in room.glob("*.py") if each.name != "__init__.py"]
    assert len(modules) <= MOST, sorted(modules)


OF_A_COMMAND = re.compile(r"interview/cli/(ahead|content|drill|katas|person)/")  # its help begins with what it does
NO_NOUN = ("What", "How", "Where", "Which", "When", "Why", "Who", "Does", "Is", "Are", "This", "It")
MODULES = [
    each
    for each in sorted(PACKAGE.rglob("*.py"))
    if each.name != "__init__.py" and "new-kata" not in each.parts and not OF_A_COMMAND.search(each.as_posix())
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_says_first_what_it_is(path: Path) -> None:
    """Its docstring opens with the noun: `The worker pool: …`, not `What …`."""
    said = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert said
    assert said.split()[0] not in NO_NOUN


MEANT = {  # a word that once meant several things, and where it is the name of a function
    "say": {"interview/text.py", "interview/errors.py", "interview/content/reading/problem.py",
            "interview/grading/judge/events.py", "interview/grading/processes/spawned.py"},
    "packs_of": {"interview/proof/scope.py"},
}  # fmt: skip


@pytest.mark.parametrize("name", MEANT)
def test_a_word_means_one_thing(name: str) -> None:
    """A text, an error and a problem say themselves; judge and zygote say an event. A command prints."""
    found = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == name
    }
    assert found == MEANT[name]
