"""The completion of a line: what may follow, told to the shell before typer is imported.

The scripts that shells load are typer's, and so is the protocol that they speak.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

from interview.cli.tools.commands import COMMANDS
from interview.cli.tools.declared import Parameter, declared
from interview.dataclass import dataclass

ASKED = "_INTERVIEW_COMPLETE"


@dataclass(frozen=True, slots=True)
class Half:
    """What stands on the line before the word that is being typed, as `typer.Context` has it."""

    params: dict[str, Any]
    args: list[str]


def complete_line() -> bool:
    """Has a shell asked? Then it is answered."""
    match os.environ.get(ASKED, ""):
        case "complete_bash":
            given = split(os.environ.get("COMP_WORDS", ""))
            at = os.environ.get("COMP_CWORD", "")
            at_word = int(at) if at.isdecimal() else len(given)
            word = given[at_word] if at_word < len(given) else ""
            print("\n".join(offered(given[1:at_word], word)))
        case "complete_zsh":
            found = offered(*words())
            listed = "\n".join(f'"{for_zsh(each)}"' for each in found)
            print(f"_arguments '*: :(({listed}))'" if found else "_files")
        case "complete_fish":
            found = offered(*words())
            if os.environ.get("_TYPER_COMPLETE_FISH_ACTION") == "is-args":
                sys.exit(0 if found else 1)
            print("\n".join(found))
        case _:
            return False
    return True


def words() -> tuple[list[str], str]:
    line = os.environ.get("_TYPER_COMPLETE_ARGS", "")
    given = split(line)[1:]
    return (given, "") if line.endswith(" ") or not given else (given[:-1], given[-1])


def for_zsh(value: str) -> str:
    """Within the double quotes within the single quotes that its script evaluates."""
    for mark, instead in (('"', '""'), ("'", "''"), ("$", "\\$"), ("`", "\\`"), (":", "\\\\:")):
        value = value.replace(mark, instead)
    return value


def split(line: str) -> list[str]:
    """The words of a line that may end within quotes."""
    import shlex

    reading = shlex.shlex(line, posix=True)
    reading.whitespace_split, reading.commenters = True, ""
    found = []
    try:
        for each in reading:
            found.append(each)  # noqa: PERF402  (what was read before the quote that is open)
    except ValueError:
        found.append(reading.token)
    return found


def offered(before: Sequence[str], word: str) -> list[str]:
    """What may stand in the place of `word`; nothing where any file may."""
    try:
        return within(None, list(before), word)
    except Exception:  # the person is in the middle of a line: whatever it is, the command itself will say it
        return []


def within(command: str | None, before: list[str], word: str) -> list[str]:
    """After the program's name, or after a command's."""
    parameters = declared(command)
    arguments = [each for each in parameters if not each.flags]
    half, plain = Half({}, []), False
    while before:
        given = before.pop(0)
        option = next((each for each in parameters if given.split("=")[0] in each.flags), None)
        if given == "--" and not plain:
            plain = True
        elif option is not None and not plain:
            missing = option.values - ("=" in given)
            if len(before) < missing:
                return values(option, half, word)
            taken = [before.pop(0) for _ in range(missing)]
            half.params[option.name] = [*half.params.get(option.name, []), *taken]
        elif command is None:
            return within(given, before, word) if given in COMMANDS else []
        else:
            half.args.append(given)
    if word.startswith("-") and not plain:
        open_ = [each for each in parameters if each.many or each.name not in half.params]
        return [flag for each in open_ for flag in each.flags if flag.startswith(word)]
    if command is None:
        return [name for name in COMMANDS if name.startswith(word)]
    if not arguments:
        return []
    here = arguments[min(len(half.args), len(arguments) - 1)]
    return values(here, half, word) if here.many or len(half.args) < len(arguments) else []


def values(parameter: Parameter, half: Half, word: str) -> list[str]:
    if parameter.complete is None:
        return []
    from interview.cli import completing  # which knows where content lies: no flag and no command asks that

    function = getattr(completing, parameter.complete)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return list(function(**{name: {"ctx": half, "incomplete": word}[name] for name in names}))
