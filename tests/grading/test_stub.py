"""Is a file still the stub that was handed out?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from judging import dropout

from interview.cli.world import shipped
from interview.content.katas.kata_file import load_kata
from interview.grading.stub import is_untouched, parameters
from interview.practice.kata.workspace import sheet
from interview.proof.katas.submissions import parsed

STUB = dropout().stub


def test_every_kata_as_handed_out() -> None:
    """The sheet of each shipped kata, in both languages, with comments and blank lines of the person's, says what its
    stub says; with a line more it does not."""
    katas = sorted(each.parent for each in shipped().glob("katas/*/kata.yaml"))
    assert len(katas) > 10
    for kata in map(load_kata, katas):
        for lang in ("en", "zh"):
            handed = sheet(kata, lang)
            assert is_untouched(handed, kata.stub), kata.id
            assert is_untouched("# tomorrow\n\n" + handed.replace("\n    ", "\n        ") + "\n\n# or later", kata.stub)
            assert not is_untouched(handed + "x = 1\n", kata.stub), kata.id


@pytest.mark.parametrize("stub", ["def f(:", "(" * 5_000, "-" * 50_000 + "1", "\0", "x = " + "1+" * 50_000 + "1"])
def test_a_stub_that_is_no_python_has_no_names(stub: str) -> None:
    """A pack's, and no fault of the judge's: names are for what is shown."""
    assert parameters(stub) == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("raise", "x = 1\n    raise"),
        lambda text: text + "x = 1\n",
        lambda text: text.replace("p: float = 0.5", "p: float = 0.6"),
        lambda text: text.replace("    raise NotImplementedError\n", ""),
        lambda text: text + "'a string' + f()\n",
        lambda text: text.rstrip().removesuffix("NotImplementedError"),
        lambda text: "",
        lambda text: text + "(",
        lambda text: text + "'''",
        lambda text: text + "  x\n y\n",
    ],
)
def test_a_change_is_a_change(change: object) -> None:
    """More, less, other values, or no Python any more."""
    assert not is_untouched(change(STUB), STUB)  # type: ignore[operator]


@pytest.mark.parametrize(
    "bomb",
    ["(" * 19000, "x = " + "-" * 19000 + "1", "x = " + "1+" * 9000 + "1", "x = a" + ".a" * 9000, "x = " + "9" * 19000,
     "x = " + "not " * 4500 + "1", "if 0: pass\n" + "elif 0: pass\n" * 1400, "x = f'" + "{" * 19000, "'" * 19000,
     "x = " + "lambda:" * 2500 + "1", "\\\n" * 9000, "x = '''" + "a\n" * 9000, "#" * 19000, "\x0c" * 19000],
)  # fmt: skip
def test_no_file_is_too_much_to_look_at(bomb: str) -> None:
    """What breaks a parser, alone and behind the stub: no answer, and nothing raised."""
    assert not is_untouched(bomb, STUB)
    assert is_untouched(f"{STUB}\n{bomb}", STUB) == (bomb[0] in "#\x0c")


def test_a_tree_too_deep_to_be_compared_is_no_fault() -> None:
    """Thousands of `elif` are parsed without nesting; the tree of them is nested."""
    source = "if 1:\n    pass\n" + "elif 1:\n    pass\n" * 2_000
    assert parsed(source) is None
    assert parsed("x = (1)") == parsed("x = 1  # one")


@pytest.mark.parametrize("path", sorted((shipped() / "katas").glob("*/stub.py")), ids=lambda path: path.parent.name)
def test_stubs_say_types_and_shapes(path: Path) -> None:
    """Every parameter and every result has a type, for a language server; and a docstring, of the function or its
    class, names each parameter that is a tensor, which is where its shape stands."""
    tree = ast.parse(path.read_text("utf-8"))
    owners = {inner: node for node in tree.body if isinstance(node, ast.ClassDef) for inner in node.body}
    for node in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
        told = f"{ast.get_docstring(node)} {ast.get_docstring(owners[node]) if node in owners else ''}"
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        for each in (each for each in arguments if each.arg != "self"):
            assert each.annotation is not None, f"{node.name}: {each.arg}"
            if "Tensor" in ast.unparse(each.annotation):
                assert re.search(rf"\b{each.arg}\b", told), f"{node.name}: {each.arg}"
        assert node.returns is not None or node.name == "__init__", node.name
