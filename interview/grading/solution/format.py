"""The format: a call and its values in a few words, safe to print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from interview.grading.wire.values import Opaque
from interview.printable import printable


def show_call(name: str, parameters: list[str], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """`dropout(x, p=0.3, training=True)    x: (64, 48) float32`."""
    named = [(parameters[n] if n < len(parameters) else None, each) for n, each in enumerate(args)]
    named += list(kwargs.items())
    shown, shapes = [], []
    for position, (given, each) in enumerate(named):
        label = given
        if isinstance(each, torch.Tensor):
            label = given or f"x{position}"
            shown.append(label if position < len(args) else f"{label}={label}")
            shapes.append(f"{label}: {shape_of(each)}")
        else:
            text = show_value(each)
            shown.append(text if label is None or (position == 0 and position < len(args)) else f"{label}={text}")
    return f"{name}({', '.join(shown)})" + (f"    {'  '.join(shapes)}" if shapes else "")


def shape_of(value: torch.Tensor) -> str:
    """`(64, 48) float32`."""
    kind = str(value.dtype).removeprefix("torch.")
    return f"{tuple(value.shape)} {kind}"


def show_value(value: Any, limit: int = 60) -> str:
    """A value in a few words, safe to print."""
    match value:
        case torch.Tensor() if value.numel() <= 8:
            flat = ", ".join(
                f"{each:.6g}" if isinstance(each, float) else str(each) for each in value.flatten().tolist()
            )
            return f"tensor([{flat}])" if value.dim() else f"tensor({flat})"
        case torch.Tensor():
            return f"tensor {shape_of(value)}"
        case Opaque():
            return f"<{printable(value.type, 60)}>"
        case float():
            return f"{value:.6g}"
        case list() | tuple() | dict():
            text = ""
            for piece in pieces(value):
                text += piece
                if len(text) > limit:
                    break
            text = printable(text, limit + 1)
        case _:
            text = printable(repr(value), limit)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def pieces(value: Any) -> Iterator[str]:
    """A container's text bit by bit, so that no more of it is written than is shown: a tensor in it may be huge."""
    match value:
        case dict():
            yield "{"
            for n, (key, each) in enumerate(value.items()):
                yield ", " if n else ""
                yield from pieces(key)
                yield ": "
                yield from pieces(each)
            yield "}"
        case list() | tuple():
            opening, closing = "[]" if isinstance(value, list) else "()"
            yield opening
            for n, each in enumerate(value):
                yield ", " if n else ""
                yield from pieces(each)
            yield ("," if isinstance(value, tuple) and len(value) == 1 else "") + closing
        case torch.Tensor() | Opaque():
            yield show_value(value)
        case _:
            yield repr(value)
