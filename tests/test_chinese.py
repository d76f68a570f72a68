"""In Chinese all that a person reads is Chinese: help, and what is wrong with a command line."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest
import typer

from interview.cli import chinese, main

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
    said = said.replace(os.strerror(errno.ENOENT), "")  # the system speaks English
    assert said
    assert [each for each in said.splitlines() if not is_chinese(each)] == []
