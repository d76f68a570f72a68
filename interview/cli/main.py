"""The command line's edge: finds the command, imports only its module, turns what escapes into an exit code."""

from __future__ import annotations

import functools
import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from interview.cli.output import Outlet, complain, outlets
from interview.cli.tools.commands import COMMANDS, MODULES
from interview.cli.world import LANGUAGES, World, pick_language
from interview.content.reading.problem import did_you_mean
from interview.errors import ContentError, InterviewError

# What goes by the person's settings; of these, what cannot do without.
STRICT = frozenset(("today", "quiz", "card", "path", "list", "plan", "stats"))
SCHEDULED = STRICT | {"kata", "undo", "export"}


def by_rules(command: Callable[..., object], *, strict: bool) -> Callable[..., object]:
    """The command with the person's rules for the schedule; what their file says in vain is told."""

    @functools.wraps(command)
    def run(**given: Any) -> object:
        from interview.cli.settings import NOTHING_SET, load_settings

        world: World = given["ctx"].obj
        try:
            settings = load_settings(world.home())
        except ContentError as error:
            if strict:
                raise
            complain(error.say(world.lang))
            settings = NOTHING_SET
        for problem in settings.unknown:
            complain(problem.say(world.lang))
        given["ctx"].obj = replace(world, chosen=settings)
        return command(**given)

    return run


class Spoken:
    """Whose `--help` is in the person's language."""

    def get_help(self, ctx: Any) -> str:
        if ctx.obj and ctx.obj.lang == "zh":
            from interview.cli.chinese import help_of

            return help_of(self, ctx)
        return str(super().get_help(ctx))  # type: ignore[misc]


class Command(Spoken, TyperCommand):
    pass


class Commands(Spoken, TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        module = importlib.import_module(MODULES[cmd_name])
        command = by_rules(module.command, strict=cmd_name in STRICT) if cmd_name in SCHEDULED else module.command
        app.command(cmd_name, cls=Command, help=module.__doc__)(command)
        return typer.main.get_command(app)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The static table, so that `--help` imports no command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = did_you_mean(args[0], COMMANDS) or "; `interview --help` lists them"
            ctx.fail(f"no command named `{args[0]}`{near}")
        return super().resolve_command(ctx, args)


# typer carries click inside since 0.26 and depends on it before: its public names lead to whichever is in use.
ClickException: Any = next(each for each in typer.BadParameter.__mro__ if each.__name__ == "ClickException")


app = typer.Typer(
    cls=Commands,
    invoke_without_command=True,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(wanted: bool) -> None:
    if wanted:
        from interview import __version__

        print(f"interview {__version__}")
        raise typer.Exit


@app.callback()
def interview(
    ctx: typer.Context,
    lang: Annotated[str | None, typer.Option(help="en or zh; otherwise INTERVIEW_LANG, then the locale.")] = None,
    no_color: Annotated[bool, typer.Option("--no-color", help="Plain text; NO_COLOR does the same.")] = False,
    version: Annotated[  # noqa: ARG001  (the callback does its work)
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Prepare for machine-learning interviews: questions that come back in time, katas that are graded hard.

    Begin with `interview quiz dropout` or `interview kata dropout`.
    """
    ctx.obj = World.here(lang=lang, color=not no_color)
    ctx.obj.tell_misnamed()
    if ctx.invoked_subcommand is None:
        command = Commands().get_command(ctx, "today")
        assert command is not None
        with command.make_context("today", [], parent=ctx) as inner:
            command.invoke(inner)


def run() -> NoReturn:
    """The console script. Exit codes as in COMMANDS.md."""
    signal.signal(signal.SIGTERM, terminated)
    try:
        code = main(sys.argv[1:])
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))  # all is said and saved; only threads are waited for
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def terminated(number: int, _: object) -> NoReturn:
    """The end, by way of every `finally`."""
    raise SystemExit(128 + number)


def main(args: list[str]) -> int:
    """Run one command; its exit code."""
    with outlets() as streams:
        lang = spoken(args)
        code = settle(lambda: execute(args, lang), streams, lang)
        unsaid = settle(lambda: flush(streams), streams, lang)  # a full disk is noticed only now
        return unsaid or code


def spoken(args: list[str]) -> str:
    """The language for `--help` and for what is wrong, whether or not the command line can be read otherwise."""
    asked = None
    for word, after in zip(args, [*args[1:], ""], strict=False):
        if word == "--":
            break
        named = after if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        asked = named if named in LANGUAGES else asked
    return pick_language(asked)


def flush(streams: Iterable[Outlet]) -> None:
    for each in streams:
        each.flush()


def execute(args: list[str], lang: str) -> object:
    """What typer's own `main` does, which takes any pipe that breaks for standard output."""
    command = typer.main.get_command(app)
    command._main_shell_completion({}, "interview")  # the scripts that shells load, and PowerShell
    with command.make_context("interview", args, obj=World(lang, color=False)) as context:
        return command.invoke(context)


def settle(act: Callable[[], object], streams: Iterable[Outlet], lang: str) -> int:
    """The exit code of `act`. What the system refuses is 5, unless the command knew more about it and said so."""
    try:
        code = act()
    except InterviewError as error:
        complain(error.say(lang))
        return error.code
    except typer.Exit as done:
        return done.exit_code
    except ClickException as error:
        complain(misused(error, lang))
        return int(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except (OSError, UnicodeError, MemoryError) as error:
        return refused(error, streams, lang)
    except Exception:  # a bug of ours: the traceback is for us, the sentence for the person
        from interview.cli.crash import log_crash

        complain(log_crash(lang))
        return 3
    return code if isinstance(code, int) else 0


def misused(error: Any, lang: str) -> str:
    """What is wrong with the command line, and how it is used."""
    context = getattr(error, "ctx", None)
    if lang == "zh":
        from interview.cli.chinese import fault, usage_of

        return fault(error.format_message()) + (f"\n{usage_of(context)}" if context else "")
    return str(error.format_message()) + (f"\n{context.get_usage()}" if context else "")


def refused(error: OSError | UnicodeError | MemoryError, streams: Iterable[Outlet], lang: str) -> int:
    """The reader of our output left (`interview list | head -1`), or the system said no."""
    unwritable = [each for each in streams if getattr(error, "filename", None) == each.called]
    for each in unwritable:
        each.silence()
    if unwritable and isinstance(error, BrokenPipeError):
        return 0
    from interview.cli.crash import refusal

    complain(refusal(error, lang))
    return 5
