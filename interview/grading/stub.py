"""The stub as syntax: parameter names for the report, and whether a file is still the stub that was handed out."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from itertools import zip_longest

LAYOUT = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)


def parameters(stub: str) -> dict[str, list[str]]:
    """Parameter names of each function, class (its `__init__`) and method: `dropout`, `Dropout`, `Dropout.forward`.

    None of a stub that is no Python.
    """
    found: dict[str, list[str]] = {}
    try:
        body = ast.parse(stub).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # a pack's stub; lint says what is wrong with it
        return found
    for node in body:
        match node:
            case ast.FunctionDef():
                found[node.name] = names(node)
            case ast.ClassDef():
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef):
                        own = names(inner)[1:]
                        found[node.name if inner.name == "__init__" else f"{node.name}.{inner.name}"] = own
            case _:
                pass
    return found


def names(function: ast.FunctionDef) -> list[str]:
    return [each.arg for each in (*function.args.posonlyargs, *function.args.args)]


def is_untouched(source: str, stub: str) -> bool:
    """Does the file say what the stub says? Comments, layout and docstrings do not count.

    Told by its tokens, up to the first that differs: to parse a stranger's file costs us what it asks for, and nested
    deep enough it ends the process.
    """
    try:
        return all(mine == theirs for mine, theirs in zip_longest(meaning(source), meaning(stub)))
    except (SyntaxError, tokenize.TokenError):
        return False


def meaning(source: str) -> Iterator[tuple[int, str]]:
    """Its tokens, without those that say nothing."""
    first = True  # of its statement
    text = ""  # a statement's first token, a string: nothing if the statement ends with it
    for kind, written, *_ in tokenize.generate_tokens(io.StringIO(source).readline):
        if kind in (tokenize.COMMENT, tokenize.NL):
            continue
        if text and kind != tokenize.NEWLINE:
            yield tokenize.STRING, text
        if first and kind == tokenize.STRING:
            text, first = written, False
            continue
        if not (text and kind == tokenize.NEWLINE):
            yield kind, "" if kind in LAYOUT else written
        text, first = "", kind in LAYOUT
