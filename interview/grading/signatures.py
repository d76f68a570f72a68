"""The stub as syntax: parameter names for the report, and whether a file is still the stub that was handed out."""

from __future__ import annotations

import ast


def parameters(stub: str) -> dict[str, list[str]]:
    """Parameter names of each function, class (its `__init__`) and method: `dropout`, `Dropout`, `Dropout.forward`."""
    found: dict[str, list[str]] = {}
    for node in ast.parse(stub).body:
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
    """Does the file say what the stub says? Comments, blank lines and docstrings do not count; a parse error does."""
    try:
        return meaning(source) == meaning(stub)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def meaning(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)
