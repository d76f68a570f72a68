"""The worker's side of this kata's checks: the look-up as a function of its table, and modules that stand.

Its text follows that of `interview.grading.checks.worker_side`; the worker gives `submission` and `again`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

again: Callable[[Callable[[torch.Tensor], torch.Tensor], torch.Tensor, int], Iterator[torch.Tensor]]
submission: Any


def ids_of(weight: torch.Tensor) -> torch.Tensor:
    """Each row once."""
    return torch.arange(len(weight), device=weight.device)


def loud(x: torch.Tensor, p: float) -> Any:
    return submission.embedding_dropout(x, ids_of(x), p, True)


def quiet(x: torch.Tensor, p: float) -> Any:
    return submission.embedding_dropout(x, ids_of(x), p, False)


def spelled(x: torch.Tensor, p: float) -> Any:
    return submission.embedding_dropout(weight=x, ids=ids_of(x), p=p, training=True)


def plain(x: torch.Tensor, p: float) -> Any:
    return submission.embedding_dropout(x, ids_of(x), p)


def by_default(x: torch.Tensor) -> Any:
    return submission.embedding_dropout(x, ids_of(x))


def words(weight: torch.Tensor, ids: torch.Tensor, p: float, times: int) -> torch.Tensor:
    """The rows that so many calls give, stacked."""
    calls = again(lambda each: submission.embedding_dropout(each, ids.clone(), p, True), weight, times)
    return torch.stack(list(calls))


def modes(xs: Sequence[torch.Tensor], p: float) -> list[Any]:
    """What one module gives for each x in eval, then for each in training, then for each in eval again."""
    module = submission.LockedDropout(p)
    found = []
    for training in (False, True, False):
        module.train(training)
        found += [module(x.clone()) for x in xs]
    return found


def two(x: torch.Tensor, p: float, q: float) -> list[Any]:
    """What two modules give in turn: the first, the second, the first."""
    a, b = submission.LockedDropout(p), submission.LockedDropout(q)
    return [each(x.clone()) for each in (a, b, a)]
