"""In Chinese all that a person reads is Chinese: help, and what is wrong with a command line."""

from __future__ import annotations

import ast
import ctypes
import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from decks import EVERY_KIND, write_deck

import interview
from interview.cli import chinese, main
from interview.cli.crash import refusal
from interview.errors import SYSTEM, InterviewError, JudgeError
from interview.grading.kernel.refusal import Refused, refused, why
from interview.grading.messages.codec import greeting, probed
from interview.grading.messages.events import Probed
from interview.grading.sandbox import namespaces
from interview.grading.sandbox.lockdown import LockdownFailed, layer
from interview.proof.decks import snippets
from interview.proof.doctor import examine
from interview.text import Text

COMMANDS = list(main.COMMANDS)
NAMED = re.compile(
    r"`[^`]*`|'[^']*'|--?[\w-]+|/\S*|[\w./-]*[/_.][\w./-]*|[A-Z][A-Z_/|]+"
)  # quoted, options, paths, names
ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]+){2,}")  # three words in a row


def is_chinese(line: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", line)) and not ENGLISH.search(NAMED.sub("", line))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_its_chinese(name: str) -> None:
    """No help text stands in one language only."""
    command = main.Commands().get_command(None, name)
    assert name in chinese.ABOUT
    assert name in chinese.COMMANDS
    missing = [each.help for each in command.params if each.help and each.help not in chinese.HELP]
    assert missing == []


def test_the_options_before_a_command_have_their_chinese() -> None:
    """As those of the commands."""
    assert all(each.help in chinese.HELP for each in typer.main.get_command(main.app).params)


@pytest.mark.parametrize("args", [["--help"], *([name, "--help"] for name in COMMANDS)], ids=" ".join)
@pytest.mark.parametrize("by", ["--lang", "INTERVIEW_LANG", "LC_ALL"])
def test_help_is_chinese(
    args: list[str], by: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever asks for Chinese; and no line of it is wider than the screen."""
    if by != "--lang":
        monkeypatch.setenv(by, "zh_CN.UTF-8" if by == "LC_ALL" else "zh")
    assert main.main([*(["--lang", "zh"] if by == "--lang" else []), *args]) == 0
    said = capsys.readouterr().out
    assert said.startswith("用法：interview")
    assert not [line for line in said.splitlines() if ENGLISH.search(NAMED.sub("", line))]
    assert all(chinese.cell_len(line) <= 80 for line in said.splitlines())


WRONG = """
nosuch | qiz | --nosuch | --lang fr | --lang | quiz --nosuch | quiz --tg x | quiz nosuch | quiz dropuot
quiz dropout/nosuch | quiz -n x | quiz -n 0 | quiz -n | quiz -m x | quiz -m nan | quiz -m 0 | quiz --level 9
quiz --seed x | quiz --json=3 | quiz --tag nosuch dropout | quiz dropout | quiz dropout --answers nosuch
kata nosuch | kata dropuot | kata dropout x | kata dropout 3 | kata dropout 9 --hint | kata dropout --watch
kata dropout --seed 3 | kata dropout --check --seed x | kata dropout --check | kata dropout --check --file .
kata dropout --check --watch --json | kata dropout --check --watch | kata dropout --file nosuch/x.py | undo -n 0
undo x y | undo -n | plan --date x | plan --date 2020-01-01 | plan -m 0 | plan --date 9999-12-31
plan --date 2027-01-01 --clear | stats nosuch | export a.json | export a --to foo | export . --to json
export - --to anki | export a.json --to json --deck nosuch | import nosuch | import wrong.txt | backup .
backup there.txt | restore nosuch | restore there.txt | lint nosuch | lint . | lint there.txt | lint --runs 0
grade | grade dropout | grade nosuch . | grade dropout nosuch | grade dropout . --pattern x*y
grade dropout . --pattern / | grade dropout . --jobs 0 | card | card nosuch | card dropout/nosuch | today -m nan
today -m x | today extra | quiz --seed -1 | quiz --seed 99999999999999999999 | quiz -x | quiz -nq | lint --runs 9999
kata --hint x --nosuch | --no-color=3 | kata dropout --lang fr | export x --to csv --nosuch | plan -m 9999 | quiz ""
list --leechs | undo -n 1.5 | grade dropout . --jobs x | card dropout/nosuch --forget --wake | import | restore
"""
WRONG_LINES = [each.strip() for line in WRONG.strip().splitlines() for each in line.split("|") if each.strip()]


@pytest.mark.parametrize("line", WRONG_LINES)
def test_what_is_wrong_with_a_command_line_is_said_in_chinese(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line of the complaint, but for names, paths and what the system said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTERVIEW_LANG", "zh")
    monkeypatch.setenv("INTERVIEW_NOW", "2026-11-23T12:00:00+00:00")
    (tmp_path / "there.txt").write_text("x")
    (tmp_path / "wrong.txt").write_text("x")
    assert main.main(line.split()) in (2, 5)
    said = capsys.readouterr().err.removeprefix("interview: ").replace(str(tmp_path), "").strip()
    assert said
    assert [each for each in said.splitlines() if not is_chinese(each)] == []


def test_what_the_system_refuses_is_said_in_chinese(tmp_path: Path) -> None:
    """By its number; what it says otherwise stays as it is, rather than nothing."""
    with pytest.raises(OSError, match="Is a directory") as found:
        tmp_path.read_text()
    assert refusal(found.value, "zh") == f"系统拒绝了：{tmp_path}: 这是文件夹"
    assert refusal(OSError(errno.EL2HLT, os.strerror(errno.EL2HLT)), "zh").endswith(os.strerror(errno.EL2HLT))
    assert all(is_chinese(each) for each in SYSTEM.values())


def test_lint_speaks_chinese_and_its_json_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line that a person reads; the objects are a contract, and the same in both languages."""
    write_deck(tmp_path, EVERY_KIND.replace("kind: choice", "kind: chioce").replace("rev: 1", "rev: x"))
    assert main.main(["--lang", "zh", "lint", str(tmp_path), "--trust"]) == 1
    lines = capsys.readouterr().out.replace(str(tmp_path), "").splitlines()
    assert len(lines) > 5
    assert [each for each in lines if not is_chinese(each)] == []
    told = {}
    for lang in ("en", "zh"):
        assert main.main(["--lang", lang, "lint", str(tmp_path), "--trust", "--json"]) == 1
        told[lang] = json.loads(capsys.readouterr().out)["problems"]
    assert told["zh"] == told["en"]
    assert len(told["en"]) == len(lines) - 1


def test_a_layer_that_fails_is_told_in_both_languages(tmp_path: Path) -> None:
    """By a verdict, by doctor and by lint: the layer's name, and what the system or we ourselves say of it."""
    with pytest.raises(LockdownFailed) as failed, layer("files"):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    unlocked = failed.value.unlocked
    assert (unlocked.layer, unlocked.why.zh) == ("files", "没有权限")
    assert unlocked.said.en == "files: [Errno 13] Permission denied"
    (need,) = examine(tmp_path, (), lambda: probed("2.0", greeting(unlocked))).needs
    assert need.zh == "沙箱有一层启用失败，无法判题：files：没有权限"
    said = snippets.decode(snippets.encode(snippets.Fault(unlocked.said)))
    assert said == snippets.Fault(unlocked.said)
    with pytest.raises(Refused) as refusal:
        raise namespaces.Unavailable("not tried on vax", "没有在 vax 上试过")
    assert why(refusal.value).zh == "没有在 vax 上试过"


@pytest.mark.parametrize("number", sorted(SYSTEM))
def test_what_the_system_refuses_is_told_in_both_languages(number: int) -> None:
    """With our sentence before it, where we have one."""
    told = why(OSError(number, os.strerror(number), "/proc"))
    assert told.zh == f"{SYSTEM[number]}（/proc）"
    ctypes.set_errno(number)
    ours = why(refused("capset failed", "capset 失败"))
    assert ours == Text(f"capset failed: {os.strerror(number)}", f"capset 失败：{SYSTEM[number]}")


def test_windows_is_refused_in_both_languages() -> None:
    """Before anything is imported that knows the language."""
    source = "import sys; sys.platform = 'win32'; from interview.__main__ import run; run()"
    ended = subprocess.run(
        [sys.executable, "-c", source], check=False, capture_output=True, text=True, encoding="utf-8"
    )
    assert ended.returncode == 1
    en, zh = ended.stderr.splitlines()
    assert "WSL" in en
    assert CHINESE.search(zh)


def test_doctor_says_in_chinese_why_there_is_no_judge(tmp_path: Path) -> None:
    """What ends the judge is told in the language of what is told about it."""

    def probe() -> Probed:
        raise JudgeError("a fork was refused", "创建进程被拒绝")

    (need,) = examine(tmp_path, (), probe).needs
    assert need.say("zh") == "判题进程无法启动：创建进程被拒绝"
    assert need.say("en") == "the judge cannot be started: a fork was refused"


# Where the two languages of a sentence stand among the arguments of what takes one. That there are two, mypy says.
PAIRS = {"Text": 0, "Words": 0, "Problem": 2, "complain": 0, "damaged": 1, "refuse": -2, "note": 1, "Refused": 0,
         "refused": 0, "Unavailable": 0}  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PROSE = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")  # two words in a row: no name, and no code


def pairs() -> dict[str, int]:
    def below(kind: type[InterviewError]) -> Iterator[type[InterviewError]]:
        yield kind
        for each in kind.__subclasses__():
            yield from below(each)

    return PAIRS | {each.__name__: 0 for each in below(InterviewError)}


def literal(node: ast.AST) -> str:
    """What the source itself says there, without what is filled in and without what is quoted as code."""
    rest, said = [node], []
    while rest:
        each = rest.pop()
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            said.append(each.value)
        if not isinstance(each, (ast.FormattedValue, ast.Call)):
            rest.extend(reversed(list(ast.iter_child_nodes(each))))
    return re.sub(r"`[^`]*`", "", "".join(said))


def one_language(source: str) -> Iterator[str]:
    """Each sentence that stands twice in one language, or in the other's place."""
    named = pairs()
    if "from rich.text import Text" in source:
        del named["Text"]
    for call in ast.walk(ast.parse(source)):
        name = getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
        given = call.args[named[name] :][:2] if name in named else []
        if len(given) < 2 or any(isinstance(each, ast.Starred) for each in call.args):
            continue
        en, zh = map(literal, given)
        if CHINESE.search(en) or (PROSE.search(zh) and not CHINESE.search(zh)) or (PROSE.search(en) and zh == en):
            yield f"{call.lineno}: {en!r}, {zh!r}"
        elif PROSE.search(en) and zh and not CHINESE.search(zh):
            yield f"{call.lineno}: {en!r} is not said in Chinese"


@pytest.mark.parametrize("path", sorted(Path(interview.__file__).parent.rglob("*.py")), ids=lambda path: path.stem)
def test_no_sentence_stands_in_one_language_alone(path: Path) -> None:
    """In every complaint, and every text of two languages, the second is Chinese and the first is not."""
    assert list(one_language(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('UsageError("no such deck", "没有这个题库")', 0),
        ('UsageError("no such deck", "no such deck")', 1),
        ('UsageError(f"no such deck {x}", f"no such deck {x}")', 1),
        ('StoreError("没有这个题库", "no such deck")', 1),
        ('JudgeError("it ended" if x else "it broke down", "结束了" if x else "broke down")', 0),
        ('Damaged("it is cut short", "cut", what)', 1),
        ('Text("a card", "卡片")', 0),
        ('Text(f"{a}-{b}", f"{a}-{b}")', 0),
        ('Text("`reads well` here", "`reads well`")', 0),
        ('node.complain("the file is empty", "file", at=node)', 1),
        ('Problem(path, 3, "the file is empty", "the file is empty")', 1),
        ("UsageError(*NO_TERMINAL)", 0),
        ("Text(value, value)", 0),
    ],
)
def test_a_sentence_in_one_language_is_found(source: str, found: int) -> None:
    """The rule above, on sentences of its own."""
    assert len(list(one_language(source))) == found


def languages(source: str) -> Iterator[int]:
    """The lines that ask which language it is, or keep the words of each apart, instead of having a Text say itself."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Compare(left=left, comparators=others):
                named = [each for each in (left, *others) if isinstance(each, ast.Constant)]
                if any(each.value in ("en", "zh") for each in named):
                    yield node.lineno
            case ast.Dict(keys=keys):
                if {"en", "zh"} <= {each.value for each in keys if isinstance(each, ast.Constant)}:
                    yield node.lineno


# A Text; typer's own sentences and help, whose English is not ours; the arguments `en` and `zh` of a check.
ASKS = {"text.py": 1, "main.py": 2, "base.py": 1}


def test_the_language_is_asked_for_in_one_place() -> None:
    """What has two languages is a Text, and says itself: no screen, command or error asks which one it is."""
    package = Path(interview.__file__).parent
    found = {path.name: len(list(languages(path.read_text("utf-8")))) for path in package.rglob("*.py")}
    assert {name: number for name, number in found.items() if number} == ASKS


def test_a_question_for_the_language_is_found() -> None:
    """The rule above, on lines of its own."""
    assert list(languages('x = "a" if lang == "zh" else "b"\ny = {"en": 1, "zh": 2}[lang]\nz = Text("a", "b")')) == [
        1,
        2,
    ]


def test_a_complaint_without_its_chinese_is_none() -> None:
    """The type wants both: mypy says where one is missing, and so does Python."""
    with pytest.raises(TypeError, match="zh"):
        InterviewError("in English only")  # type: ignore[call-arg]
