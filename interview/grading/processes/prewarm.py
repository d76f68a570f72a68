"""The prewarming: what the worker pool goes through once, so that no worker has to.

A function's first runs are its dearest: the interpreter specialises its code, torch looks up operators and types, the
linker binds symbols. A fork pays for each again, and for every page that changes: a sixth of a verdict.
"""

from __future__ import annotations

import socket

import torch

from interview.grading.answering.from_scratch import FromScratch
from interview.grading.sandbox.worker import Worker
from interview.grading.wire import frames
from interview.grading.wire.requests import Call, header_of
from interview.grading.wire.values import Encoder, Handle

ROUNDS = 12  # the interpreter specialises a function at its eighth call
SOURCE = """
import torch

def f(x, p=0.5, training=True):
    return torch.where(torch.rand_like(x) < p, 0, x / (1 - p))
"""


def warm() -> None:
    """Answer some calls of a function of our own, as a worker would.

    Small ones: after one operation that torch computes in parallel no child could compute. None goes backward: autograd
    does not survive a fork.
    """
    x = torch.ones(4, 5)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = Worker(theirs, 0)
        worker.scratch = FromScratch(("torch.nowhere.*",))
        exec(SOURCE, vars(worker.module))  # noqa: S102
        for _ in range(ROUNDS):
            for each in (x, x.double(), x.half(), x.clone().requires_grad_()):
                encoder = Encoder(lambda value: Handle(0, type(value).__name__))
                call = Call([None, "f"], (each, 0.3, True), {}, seed=5, other=6)
                frames.send(ours, header_of(call, encoder, []), encoder.payload)
                frames.send(theirs, *worker.answer(*frames.receive(theirs)))
                frames.receive(ours)
