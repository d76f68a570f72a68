"""The options of a command, as its source declares them: read, not imported, for a shell waits for them at each Tab."""

from __future__ import annotations

import ast
from pathlib import Path

from interview.cli.tools.commands import MODULES
from interview.dataclass import dataclass

PACKAGE = Path(__file__).resolve().parents[2]
MAIN = "interview.cli.main"
ALWAYS = {"interview": ("--install-completion", "--show-completion"), "": ("--help", "-h")}  # typer's own


@dataclass(frozen=True, slots=True)
class Parameter:
    """`flags` of an option; none: an argument. `values` words follow a flag; `many`: it may come again. `complete` is
    the function in `completing` that knows its values."""

    name: str
    flags: tuple[str, ...]
    values: int
    many: bool
    complete: str | None


def declared(command: str | None) -> list[Parameter]:
    """Of a command; of the whole program, where None is typed yet."""
    module, function = (MODULES[command], "command") if command else (MAIN, "interview")
    source = PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py").read_text("utf-8")
    own = ALWAYS["interview"] if command is None else ()
    found = [Parameter("help", (*own, *ALWAYS[""]), 0, False, None)]
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            found += [each for arg in node.args.args if (each := parameter(arg))]
    return found


def parameter(arg: ast.arg) -> Parameter | None:
    """`name: Annotated[str, typer.Option("--name", help=…)]`."""
    match arg.annotation:
        case ast.Subscript(
            value=ast.Name(id="Annotated"),
            slice=ast.Tuple(elts=[kind, ast.Call(func=ast.Attribute(attr=("Option" | "Argument") as what)) as call]),
        ):
            pass
        case _:
            return None
    flags = tuple(
        each.value
        for each in call.args
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value.startswith("-")
    )
    if what == "Option" and not flags:
        flags = (f"--{arg.arg.replace('_', '-')}",)
    known = {each.arg: each.value for each in call.keywords}.get("autocompletion")
    complete = known.id if isinstance(known, ast.Name) else None
    type_ = ast.unparse(kind)
    values = 0 if type_ == "bool" else type_.split("]")[0].count(",") + 1 if type_.startswith("tuple[") else 1
    return Parameter(arg.arg, flags if what == "Option" else (), values, type_.startswith("list["), complete)
