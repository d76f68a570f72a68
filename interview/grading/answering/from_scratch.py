"""From scratch: the ready-made functions of a kata raise with a sentence, however they were reached.

A rule for honest people. A `TorchFunctionMode` sees the function itself being called: through an alias, a module,
`torch.ops`, `torch._C` or a name looked up as a string. Classes stay what they are for `isinstance`; of those named
here only the construction is refused, where a function mode would not see their work (optimizers).
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from types import ModuleType
from typing import Any

import torch
from torch.overrides import TorchFunctionMode, resolve_name


class Forbidden(RuntimeError):
    """The submission called a function that solves the kata for it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is ready-made: this kata asks for it from scratch")
        self.name = name


class FromScratch(TorchFunctionMode):
    """Refuses the functions named by `patterns` (as `torch.nn.functional.*dropout*`) and remembers them in `called`."""

    def __init__(self, patterns: Iterable[str]) -> None:
        super().__init__()
        self.patterns = tuple(patterns)
        self.called: list[str] = []
        self.known: dict[Any, str | None] = {}

    def __enter__(self) -> FromScratch:
        if self.patterns:  # else nothing is to be seen, and each operation costs half of what it does
            super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *error: object) -> None:
        if self.patterns:
            super().__exit__(*error)  # type: ignore[no-untyped-call]

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While it is entered: nothing is seen. For a call that is made over and over, once it has been seen."""
        self.__exit__(None, None, None)
        try:
            yield
        finally:
            self.__enter__()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        try:
            name = self.known[func]
        except (KeyError, TypeError):
            name = self.known[func] = self.matched(func)
        if name is not None:
            self.refuse(name)
        return func(*args, **(kwargs or {}))

    def matched(self, func: Any) -> str | None:
        return next((name for name in names(func) if any(fnmatchcase(name, each) for each in self.patterns)), None)

    def refuse(self, name: str) -> None:
        if name not in self.called:
            self.called.append(name)
        raise Forbidden(name)


def names(func: Any) -> list[str]:
    """Every dotted name a pattern may know the function by.

    An operator `aten.native_dropout.default` is known as `torch.native_dropout`, in-place `dropout_` as `dropout`.
    """
    try:
        full = resolve_name(func)
    except Exception:
        full = None
    own = getattr(func, "__name__", None) or str(func)
    candidates = [full or f"torch.{own}"]
    if candidates[0].startswith("aten."):
        candidates = [f"torch.{candidates[0].split('.')[1]}", f"torch.nn.functional.{candidates[0].split('.')[1]}"]
    return candidates + [each.rstrip("_") for each in candidates if each.endswith("_")]


def guard_classes(patterns: Iterable[str], mode: FromScratch) -> None:
    """Refuse the construction of optimizers, their base class too; a function mode does not see their steps."""
    for pattern in patterns:
        if not pattern.startswith("torch.optim"):
            continue
        module: ModuleType = importlib.import_module("torch.optim")
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, torch.optim.Optimizer):
                guard(value, f"torch.optim.{name}", mode)
        for name in ("adamw", "adam", "sgd"):
            inner = importlib.import_module(f"torch.optim.{name}")
            setattr(inner, name, refused(f"torch.optim.{name}.{name}", mode))


def guard(kind: type, name: str, mode: FromScratch) -> None:
    kind.__init__ = refused(name, mode)  # type: ignore[misc]


def refused(name: str, mode: FromScratch) -> Any:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        mode.refuse(name)

    return refuse
