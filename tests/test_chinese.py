"""In Chinese all that a person reads is Chinese: help, and what is wrong with a command line."""

from __future__ import annotations

import re

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
