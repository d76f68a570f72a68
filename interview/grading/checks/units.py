"""Units: what a coin belongs to, and how an input is laid out so that its coins form a sheet of rows and columns."""

from __future__ import annotations

import torch

from interview.dataclass import dataclass
from interview.grading.checks.expect import Words

__all__ = ["CHANNEL", "ELEMENT", "SAMPLE", "Unit"]


@dataclass(frozen=True, slots=True)
class Unit:
    """`axes`: the axes of x along which coins differ; None where every element has its own.

    `flat`: the coins lie along one axis only. `most`: coins asked for in one call, for an answer may build a matrix of
    them all. `rank`: of the x that is laid out; the last of its other axes has two elements, the rest have one.
    """

    many: Words
    axes: tuple[int, ...] | None
    flat: bool = False
    most: int = 1 << 20
    rank: int = 4

    def shape(self, rows: int, columns: int) -> tuple[int, ...]:
        """Of an x with a sheet of coins, each for one or two elements."""
        if self.axes is None:
            return rows, columns
        sizes = dict(zip(self.axes, (rows * columns,) if self.flat else (rows, columns), strict=True))
        return tuple(sizes.get(axis, 2 if axis == self.inner else 1) for axis in range(self.rank))

    @property
    def inner(self) -> int:
        """The axis of x along which a unit has two elements."""
        return max(axis for axis in range(self.rank) if axis not in (self.axes or ()))

    def coins(self, alive: torch.Tensor) -> torch.Tensor:
        """Of a mask of x's elements, that of its units: as the first element of each tells."""
        if self.axes is None:
            return alive
        for axis in range(alive.dim() - 1, -1, -1):
            if axis not in self.axes:
                alive = alive.select(axis, 0)
        return alive

    def whole(self, alive: torch.Tensor) -> bool:
        """Are the elements of each unit alike?"""
        return self.axes is None or bool((alive == self.over(self.coins(alive), alive)).all())

    def over(self, coins: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
        """A mask of units for the elements of a tensor."""
        if self.axes is None:
            return coins
        shape = [size if axis in self.axes else 1 for axis, size in enumerate(like.shape)]
        return coins.reshape(shape).expand(like.shape)


ELEMENT = Unit(Words("elements", "元素"), None)
CHANNEL = Unit(Words("maps", "特征图"), (0, 1))
SAMPLE = Unit(Words("samples", "样本"), (0,), flat=True, most=4000)
