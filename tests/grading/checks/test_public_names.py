"""The library of checks, as authors of packs meet it: its public names, and what they say of themselves."""

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

pytest.importorskip("torch")

from interview.content.katas.kata_file import load_kata
from interview.content.katas.library import FOLDER, GENERIC, by_id, families, library
from interview.grading import checks
from interview.grading.checks.callers import Caller
from interview.proof.decks.reading import check_languages
from interview.proof.katas.library import read_library
from interview.proof.katas.submissions import wrong_answers
from interview.proof.katas.suites import placeholders

KATAS = Path(__file__).parents[3] / "katas"
MODULES = sorted(each.name for each in pkgutil.walk_packages(checks.__path__, f"{checks.__name__}."))


@pytest.mark.parametrize("name", MODULES)
def test_public_names_are_there_and_documented(name: str) -> None:
    """Each module says what may be built on; each function, class and public method of it has a docstring."""
    module = importlib.import_module(name)
    assert module.__all__ == list(dict.fromkeys(module.__all__)), "a name stands twice"
    for each in module.__all__:
        value = getattr(module, each)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert inspect.getdoc(value), each
        if inspect.isclass(value) and value.__module__ == name:
            own = [key for key, made in vars(value).items() if inspect.isfunction(made) and not key.startswith("_")]
            callers = vars(Caller) if hasattr(value, "by_default") else {}  # what its methods are is said there
            assert [key for key in own if not inspect.getdoc(getattr(value, key)) and key not in callers] == []


@pytest.mark.parametrize("suite", sorted(KATAS.glob("*/hidden.py")), ids=lambda each: each.parent.name)
def test_our_suites_build_on_public_names_only(suite: Path) -> None:
    """What our suites need, a stranger's may use as well."""
    for node in ast.walk(ast.parse(suite.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{checks.__name__}."):
            public = importlib.import_module(node.module or "").__all__
            assert {each.name for each in node.names} <= set(public)


LIBRARIES = [GENERIC, *families()]


def test_every_sentence_of_the_library_can_be_filled() -> None:
    """What the library raises has a sentence, and each placeholder of it is measured wherever it is raised."""
    raised = read_library().raised
    nouns = {"one", "many"}
    texts = {name: node for each in LIBRARIES for name, node in by_id(library(each), "mistakes").items()}
    for name, node in texts.items():
        for lang in ("en", "zh"):
            holes = set(placeholders(node.value[lang].value)) - nouns
            given = raised.get(name, frozenset())
            assert given is not None, f"{name}: write its numbers out, so that they can be read"
            assert holes <= given, name
    assert set(raised) == set(texts)


def test_every_sentence_of_the_library_is_proved() -> None:
    """A kata of ours makes each shared mistake, and lint shows that it is told."""
    katas = [load_kata(each.parent) for each in sorted(KATAS.glob("*/kata.yaml"))]
    made = {each.mistake for kata in katas for each in wrong_answers(kata)}
    assert {name for each in LIBRARIES for name in by_id(library(each), "mistakes")} <= made


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_library_speaks_both_languages(name: str) -> None:
    """Numbers, code and formulas of its titles, rules and sentences are the same in both."""
    assert not list(check_languages(library(name)))


@pytest.mark.parametrize("name", families())
def test_a_family_has_a_rule_for_each_of_its_checks(name: str) -> None:
    """Each check of the data is one of the code, with a docstring; each mistake is caught by one of them."""
    checks_ = set(by_id(library(name), "checks"))
    assert all(read_library().rules.get(each) for each in checks_)
    for mistake in by_id(library(name), "mistakes").values():
        assert {each.value for each in mistake.value["caught_by"].value} <= checks_
    assert (FOLDER / name / "__init__.py").exists()
