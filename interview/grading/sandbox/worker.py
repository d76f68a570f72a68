"""The worker: the untrusted side, which loads the submission and answers calls. Nothing it says decides the verdict."""

from __future__ import annotations

import faulthandler
import linecache
import os
import signal
import socket
import sys
import types
from typing import Any

import torch

from interview.grading.answering import from_scratch
from interview.grading.answering.operations import NAME, Answering, Chunks
from interview.grading.answering.repl import Repl
from interview.grading.kernel import limits
from interview.grading.messages.codec import greeting
from interview.grading.messages.events import Said
from interview.grading.sandbox import lockdown
from interview.grading.wire import frames
from interview.grading.wire.answers import Header, Returned
from interview.grading.wire.repl import OP, entered, said_header
from interview.grading.wire.requests import Load
from interview.grading.wire.values import Decoder


def serve(sock: socket.socket, baseline: int) -> None:
    """Answer requests until the judge hangs up."""
    sock.settimeout(None)
    Worker(sock, baseline).run()


def eager(model: Any = None, **_: Any) -> Any:
    """`torch.compile` without its compiler, which wants processes and files: what is computed is the same."""
    return model if model is not None else lambda function: function


class Worker(Answering):
    def __init__(self, sock: socket.socket, baseline: int) -> None:
        super().__init__()
        self.sock = sock
        self.baseline = baseline  # bytes of address space that an idle worker maps
        self.output = sys.stdout

    def run(self) -> None:
        while True:
            try:
                header, payload = frames.receive(self.sock)
            except frames.Gone:
                return
            if header["op"] == OP:
                self.converse(Repl(self, entered(header, Decoder(payload, self.revive))))
                return
            answer, chunks = self.answer(header, payload)
            frames.send(self.sock, answer, chunks)

    def converse(self, repl: Repl) -> None:
        """From here on lines come, until the judge hangs up."""
        frames.send(self.sock, said_header(Said()), [])
        while True:
            try:
                header, _ = frames.receive(self.sock)
            except frames.Gone:
                return
            said = repl.type(header["line"], anew=header["anew"])
            frames.send(self.sock, said_header(said), [])

    def do_load(self, load: Load) -> Returned:
        """Run the submission's source as a module of its own. Its folder is never on the path."""
        source, file = load.source, load.file
        lockdown.limit(baseline=self.baseline, memory_mib=load.memory_mib, seconds=load.seconds)
        self.scratch = from_scratch.FromScratch(load.forbid)
        from_scratch.guard_classes(load.forbid, self.scratch)
        self.module = types.ModuleType(NAME)
        self.module.__file__ = file
        sys.argv = [file]
        if hasattr(faulthandler, "register"):  # asked by the zygote where it was when its time was over
            faulthandler.register(signal.SIGUSR1, file=1, all_threads=False)
        torch.compile = eager
        sys.modules[NAME] = self.module
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        self.reset(seed=0, other=0, grad=True)
        with self.scratch:
            exec(compile(source, file, "exec"), vars(self.module))  # noqa: S102  (this is what a worker is for)
        return Returned(sorted(name for name in vars(self.module) if not name.startswith("__")))

    def printed(self) -> str:
        """What this request's code printed, the last of it."""
        if not isinstance(self.output, lockdown.Capped):
            return ""
        text, self.output.recent = self.output.recent, ""
        return text

    def asked(self, question: Header, chunks: Chunks) -> tuple[Any, memoryview]:
        frames.send(self.sock, question, chunks)
        return frames.receive(self.sock)


def main(sock: socket.socket, ground: lockdown.Ground, *, output: int, parent: int, bell: socket.socket) -> None:
    """A forked worker's whole life: lock down, say what held, serve. Never returns."""
    code = 1
    try:
        try:
            baseline = limits.mapped()  # /proc is closed to it afterwards
            layers = lockdown.apply(ground, output=output, keep=(sock.fileno(),), parent=parent, bell=bell)
            bell.close()
        except lockdown.LockdownFailed as error:
            frames.send(sock, greeting(error.unlocked), [])
        else:
            frames.send(sock, greeting(layers), [])
            serve(sock, baseline)
            code = 0
    finally:
        os._exit(code)
