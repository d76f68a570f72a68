"""The dataclass decorator as in `dataclasses`, with frozen values that cost an import a tenth of what they do there.

That one writes six methods of each class as text and compiles them: for the sixty classes before the first card that is
a third of all imports. Here five are the same functions for all classes, and `__init__` is compiled when it is first
called; most never are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(**options: bool) -> Callable[[type], Any]:
        return frozen if options == {"frozen": True, "slots": True} else dataclasses.dataclass(**options)


def frozen(kind: type) -> Any:
    kind.__doc__ = kind.__doc__ or kind.__name__  # else a signature is made for it
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(kind)
    names = [each.name for each in fields(made) if each.compare]
    made.__compared__ = staticmethod(attrgetter(*names) if names else lambda _: ())
    for name in METHODS:
        if name not in vars(kind):
            setattr(made, name, vars(Frozen)[name])
    return made


def initialiser(kind: type) -> Callable[..., None]:
    """As `dataclasses` writes it, for fields that may have a default or a factory."""
    known: dict[str, Any] = {"put": object.__setattr__, "MISSING": MISSING}
    head, body = ["self"], ["pass"]
    for each in fields(kind):
        name, value = each.name, each.name
        if each.default_factory is not MISSING:
            known[f"make_{name}"] = each.default_factory
            head.append(f"{name}=MISSING")
            value = f"make_{name}() if {name} is MISSING else {name}"
        elif each.default is not MISSING:
            known[f"default_{name}"] = each.default
            head.append(f"{name}=default_{name}")
        else:
            head.append(name)
        body.append(f"put(self, {name!r}, {value})")
    exec(f"def __init__({', '.join(head)}):\n  " + "\n  ".join(body), known)  # noqa: S102
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    return made


class Frozen:
    """The methods that all have in common."""

    __compared__: Callable[[object], object]
    __match_args__: tuple[str, ...]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kind: Any = type(self)
        kind.__init__ = initialiser(kind)
        kind.__init__(self, *args, **kwargs)

    def __repr__(self) -> str:
        told = ", ".join(f"{each}={getattr(self, each)!r}" for each in self.__match_args__)
        return f"{type(self).__qualname__}({told})"

    def __eq__(self, other: object) -> bool:
        return self.__compared__(self) == self.__compared__(other) if type(self) is type(other) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.__compared__(self))

    def __setattr__(self, name: str, _: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple(getattr(self, each) for each in self.__match_args__)


METHODS = ("__init__", "__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__", "__reduce__")
