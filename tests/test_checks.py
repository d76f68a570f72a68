"""The library of checks, as authors of packs meet it: its public names, and what they say of themselves."""

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

pytest.importorskip("torch")

from interview.grading import checks

KATAS = Path(__file__).parent.parent / "katas"
MODULES = sorted(each.name for each in pkgutil.walk_packages(checks.__path__, f"{checks.__name__}."))


@pytest.mark.parametrize("name", MODULES)
def test_public_names_are_there_and_documented(name: str) -> None:
    """Each module says what may be built on; each function and class of it has a docstring of its own."""
    module = importlib.import_module(name)
    assert module.__all__ == list(dict.fromkeys(module.__all__)), "a name stands twice"
    for each in module.__all__:
        value = getattr(module, each)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert inspect.getdoc(value), each


@pytest.mark.parametrize("suite", sorted(KATAS.glob("*/hidden.py")), ids=lambda each: each.parent.name)
def test_our_suites_build_on_public_names_only(suite: Path) -> None:
    """What our suites need, a stranger's may use as well."""
    for node in ast.walk(ast.parse(suite.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{checks.__name__}."):
            public = importlib.import_module(node.module or "").__all__
            assert {each.name for each in node.names} <= set(public)
