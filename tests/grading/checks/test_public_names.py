"""The library of checks, as authors of packs meet it: its public names, and what they say of themselves."""

import ast
import importlib.util
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


IMPORTED = {  # by the file of a kata, and whether it may
    "hidden": ("from interview.grading.checks.expect import expect", True),
    "whole": ("from interview.grading import checks", True),
    "others": ("import math, torch", True),
    "verdict": ("import interview.grading.verdict", False),
    "below": ("from interview.grading import verdict", False),
    "late": ("def f():\n    from interview.grading.solution.remote import Solution", False),
    "never": ("if False:\n    from interview.errors import InterviewError", False),
}


def test_the_contract_of_a_katas_files_holds(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What the gate asks of each kata, `-` in its name or not: of ours its files import the checks alone."""
    spec = importlib.util.spec_from_file_location("katas", KATAS.parent / ".ci" / "katas.py")
    assert spec
    assert spec.loader
    gate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gate)
    for kept in (True, False):
        folder = tmp_path / f"my-{kept}"
        folder.mkdir()
        for name, (line, may) in IMPORTED.items():
            if may is kept:
                (folder / f"{name}.py").write_text(f"{line}\n")
        assert gate.main([folder], (gate.IMPORTS,)) == (0 if kept else 1)
    said = capfd.readouterr().out
    named = {name for name in IMPORTED if f"my-False/{name}.py -> interview." in said}
    assert named == {name for name, (_, may) in IMPORTED.items() if not may}


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
