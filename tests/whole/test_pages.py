"""What the pages for contributors and the code refer to is there: files, anchors, commands, options, modules, names."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import typer

from interview.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = [path for path in (ROOT / "README.md", *sorted((ROOT / ".github").glob("*.md"))) if path.exists()]
pytestmark = pytest.mark.skipif(not (ROOT / ".github").exists(), reason="the wheel is tested away from the pages")
CODE = ("interview", "katas", "questions", "tests", ".ci")
KINDS = (".py", ".yaml", ".md", ".json", ".lock")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
PLACEHOLDER = re.compile(r"[A-Z]{2,}|[*…{}<>]")
EXAMPLES = {"rmsnorm"}  # the kata that CONTRIBUTING.md lets its reader write
OURS = ("interview/", "katas/", "questions/", "tests/", ".ci/", ".github/")


@cache
def files() -> dict[Path, str]:
    """All that is written by hand, but this file: it names what is not there on purpose."""
    found = [each for name in CODE for each in (ROOT / name).rglob("*") if each.suffix in KINDS or name == ".ci"]
    found += [ROOT / "pyproject.toml", *PAGES]
    kept = (
        each
        for each in found
        if each.is_file() and "__pycache__" not in each.parts and each != Path(__file__).resolve()
    )
    return {path: path.read_text("utf-8", errors="replace") for path in kept}


@cache
def words() -> frozenset[str]:
    """Every word of the code, without the pages."""
    return frozenset(word for path, text in files().items() if path not in PAGES for word in re.findall(r"\w+", text))


def spans(text: str) -> list[str]:
    return SPAN.findall(FENCED.sub("", text))


def said(text: str) -> list[str]:
    """Every command line of ours that a page shows: in backticks, or in a block."""
    blocks = [line.strip().removeprefix("$ ") for _, block in FENCED.findall(text) for line in block.splitlines()]
    lines = [each.partition("#")[0].strip() for each in (*spans(text), *blocks)]
    lines = [re.sub(r"^(\w+=\S+ )*(\S*/bin/)?", "", part) for each in lines for part in each.split(" && ")]
    return [each for each in lines if re.match(r"interview( |$)", each)]


def anchors(path: Path) -> set[str]:
    """As GitHub makes them of the headings."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", path.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Each to a file of ours, and to a heading that it has."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"https?:", target):
            continue
        name, _, anchor = target.partition("#")
        path = page.parent / name if name else page
        assert path.exists(), target
        assert not anchor or anchor in anchors(path), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    """Paths in backticks, as they are below the repository; a placeholder stands for any, `*` too."""
    for span in spans(page.read_text("utf-8")):
        for word in span.split():
            if word.startswith(OURS) and not PLACEHOLDER.search(word) and not EXAMPLES & set(Path(word).parts):
                assert (ROOT / word).exists(), f"{word} in `{span}`"


def test_pages_that_anything_names_are_there() -> None:
    """A docstring, a comment, a page: whoever cites `X.md` cites a page of this repository."""
    known = {path.name for path in files() if path.suffix == ".md"}
    cited = {
        (path, name)
        for path, text in files().items()
        for name in re.findall(r"(?<![\w*.}/-])[a-z]+\.md\b|\b[A-Z]+\.md\b", text)
    }
    assert {(str(path.relative_to(ROOT)), name) for path, name in cited if name not in known} == set()


def test_tests_that_anything_names_are_there() -> None:
    """`tests/whole/test_x.py` in a docstring or a page is one of the tests; some are named."""
    cited = [
        (path, name)
        for path, text in files().items()
        for name in re.findall(r"\btests/(?:[a-z_]+/)*[a-z_]+\.py\b", text)
    ]
    assert len({name for _, name in cited}) > 5
    assert [(str(path.relative_to(ROOT)), name) for path, name in cited if not (ROOT / name).exists()] == []


def test_tests_that_the_gate_picks_are_there() -> None:
    """A name that was changed would end the gate at its last step, after all the others."""
    gate = (ROOT / ".ci" / "run").read_text("utf-8")
    picked = re.findall(r"(tests/[\w/]*test_)(?:\{([\w,]+)\}|(\w+))\.py(?:::(test_\w+))?", gate)
    files_of = {
        f"{head}{name}.py": function for head, many, one, function in picked for name in (many or one).split(",")
    }
    for name, function in files_of.items():
        assert (ROOT / name).exists(), name
        assert not function or f"def {function}(" in (ROOT / name).read_text("utf-8"), function
    ours = re.findall(r"^ours=\((.+)\)$", gate, re.MULTILINE)
    trust = (ROOT / "tests" / "proof" / "test_trust.py").read_text("utf-8")
    assert [each for each in ours[0].split() if f"def test_{each}(" not in trust] == []
    assert len(files_of) >= 4


def command(name: str) -> object:
    return main.Commands().get_command(typer.Context(typer.main.get_command(main.app)), name)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_commands_that_a_page_shows_exist(page: Path) -> None:
    """With each of their options, and those of `interview` itself before the command."""
    own = {option for each in typer.main.get_command(main.app).params for option in each.opts} | {"--help"}
    for line in said(page.read_text("utf-8")):
        words = [each.strip("[],.:;|()'\"") for each in line.split()[1:]]
        name = next((each for each in words if re.fullmatch("[a-z]+", each) and each not in ("en", "zh")), None)
        if name is None:
            assert all(each in own for each in words if each.startswith("-")), line
            continue
        assert name in main.COMMANDS, line
        known = {option for each in command(name).params for option in each.opts} | own  # type: ignore[attr-defined]
        for option in (each.partition("=")[0] for each in words if re.match(r"--?[a-z]", each)):
            assert option in known, f"{option} in `{line}`"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_modules_that_a_page_names_exist(page: Path) -> None:
    """`interview.grading.checks.oracle`, or a name that stands in such a module."""
    for name in re.findall(r"\binterview(?:\.\w+)+", " ".join(spans(page.read_text("utf-8")))):
        if name.endswith((".pth", ".py")):
            continue
        place = ROOT / name.replace(".", "/")
        if place.with_suffix(".py").exists() or place.is_dir():
            continue
        module, _, member = name.rpartition(".")
        source = (ROOT / module.replace(".", "/")).with_suffix(".py")
        assert source.exists(), name
        made = {getattr(each, "name", None) or getattr(getattr(each, "targets", [None])[0], "id", None)
                for each in ast.parse(source.read_text("utf-8")).body}  # fmt: skip
        assert member in made, name


@pytest.mark.parametrize("page", [each for each in PAGES if each.name != "README.md"], ids=lambda path: path.name)
def test_names_in_backticks_stand_in_the_code(page: Path) -> None:
    """Checks, mistakes, functions, keys of YAML, settings: a name that was changed or dropped is not spoken of."""
    text = page.read_text("utf-8")
    blocks = [block for language, block in FENCED.findall(text) if language in ("yaml", "python")]
    gone = {
        word
        for span in (*spans(text), *blocks)
        for word in re.findall(r"(?<![\w./-])[A-Za-z_]\w{2,}(?![\w/-])", span)
        if word not in words() and word not in EXAMPLES
    }
    assert gone == set()


def test_every_page_is_found_from_the_first() -> None:
    """From the README by links alone."""
    seen, rest = set(), [ROOT / "README.md"]
    while rest:
        page = rest.pop()
        if page in seen:
            continue
        seen.add(page)
        names = re.findall(r"\]\(([^)#\s]+\.md)", page.read_text("utf-8"))
        rest += [(page.parent / name).resolve() for name in names]
    assert seen == set(PAGES)
