"""Beside the submission: many small calls in one journey, and runs from seeds that are waited for.

What comes back of a run is laid out in an order of its own, by the centers' coordinates: neither the order of the
centers nor the draw that led to their seeds shows in it.
"""

from __future__ import annotations

import sys
from typing import Any

import torch

Pair = tuple[torch.Tensor, torch.Tensor]
submission: Any


def source(seed: int | None) -> torch.Generator | None:
    """None: torch's global one."""
    return None if seed is None else torch.Generator().manual_seed(seed)


def run(x: torch.Tensor, k: int, iterations: int | None, seed: int) -> Any:
    """One call; iterations None for the default."""
    if iterations is None:
        return submission.kmeans(x.clone(), k, generator=source(seed))
    return placed(x, k, iterations, seed)


def placed(x: torch.Tensor, k: int, iterations: int, seed: int) -> Any:
    """One call, by position."""
    return submission.kmeans(x.clone(), k, iterations, source(seed))


def named(x: torch.Tensor, k: int, iterations: int, seed: int) -> Any:
    """The same, by name."""
    return submission.kmeans(x=x.clone(), k=k, iterations=iterations, generator=source(seed))


def several(calls: list[Any]) -> list[Any]:
    return [run(*each) for each in calls]


def seeds(x: torch.Tensor, k: int, times: int, seed: int | None = None) -> torch.Tensor:
    """The centers of so many calls without iterations, from one generator."""
    generator = source(seed)
    return torch.stack([submission.kmeans(x.clone(), k, 0, generator)[0] for _ in range(times)])


def laid(value: Any) -> Any:
    """(centers, labels) in the order of the centers; anything else as it is."""
    try:
        centers, labels = value
        rows = centers.nan_to_num(torch.inf).tolist()
        order = torch.tensor(sorted(range(len(rows)), key=rows.__getitem__), device=labels.device)
        return centers[order], order.argsort().to(labels.dtype)[labels]
    except (AttributeError, IndexError, RuntimeError, TypeError, ValueError):
        return value


def waited(x: torch.Tensor, wanted: torch.Tensor, iterations: list[int | None], tries: int, seed: int) -> list[Any]:
    """The outcome after each number of iterations, of the first generator that draws the seeds `wanted`, whatever their
    order; nothing where none of `tries` does."""
    rows, slack, k = sorted(wanted.tolist()), 1e-5 * float(x.abs().max()), len(wanted)
    for n in range(seed, seed + tries):
        drawn = sorted(submission.kmeans(x.clone(), k, 0, source(n))[0].tolist())
        if all(
            abs(a - b) <= slack for one, other in zip(drawn, rows, strict=True) for a, b in zip(one, other, strict=True)
        ):
            return [laid(run(x, k, each, n)) for each in iterations]
    return []


def emptied(x: torch.Tensor, good: list[list[float]], tries: int, finds: int, seed: int) -> Any:
    """Runs to the end from seeds among `good` (sorted first coordinates), or the text of what one of them raised."""
    found: list[Pair] = []
    k = len(good[0])
    for n in range(seed, seed + tries):
        start = submission.kmeans(x.clone(), k, 0, source(n))[0]
        if sorted(round(each, 3) for each in start[:, 0].tolist()) in good:
            try:
                found.append(laid(run(x, k, 50, n)))
            except Exception as error:
                for other in range(5):  # raises too, where it is not the empty cluster's doing
                    submission.kmeans(x[other::5].clone(), 1, 50, source(seed))
                return f"{type(error).__name__}: {error}"
            if len(found) == finds:
                break
    return [torch.stack([a for a, _ in found]), torch.stack([b for _, b in found])] if found else []


def work(x: torch.Tensor, k: int, iterations: list[int], seed: int) -> list[int]:
    """How many function calls Python makes on the way, for each number of iterations."""
    counts = []
    for each in iterations:
        count = 0

        def seen(*_: object) -> None:
            nonlocal count
            count += 1

        generator = source(seed)
        sys.setprofile(seen)
        try:
            submission.kmeans(x, k, each, generator)
        finally:
            sys.setprofile(None)
        counts.append(count)
    return counts
