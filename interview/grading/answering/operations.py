"""The answers to a judge's requests: calls of one submission's functions, and what is seen of them afterwards.

What a call did besides returning is not said but shown: the arguments as they are now, the same call once more, the
generator's next numbers. A worker answers so over a socket, behind its locks, and a replica of a known mistake in the
judge's own memory.
"""

from __future__ import annotations

import dis
import random
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import torch

from interview.grading.answering import fake_device, from_scratch
from interview.grading.wire.answers import (
    Besides,
    Given,
    Header,
    Lived,
    Question,
    Raised,
    Repeated,
    Returned,
    Several,
    header_besides,
    header_of,
    header_of_question,
)
from interview.grading.wire.requests import (
    After,
    Arguments,
    Backward,
    Build,
    Call,
    Calls,
    Fill,
    Get,
    Has,
    Load,
    Numbers,
    Request,
    Set,
    request_of,
)
from interview.grading.wire.values import Callback, Decoder, Encoder, Handle, tensors

NAME = "submission"
GRAPHS_KEPT = 32  # calls whose autograd graph stays alive until the judge lets go of it
TEXT_LIMIT = 2000
RAISED = (Exception, SystemExit, KeyboardInterrupt, GeneratorExit)  # what a submission may raise and be told of

# Taken before a submission can reach them, so that an honest file that shadows a name does not break its own judging.
default_generator, rand = torch.default_generator, torch.rand


Chunks = list[bytes | memoryview]


class Answering:
    """One submission, its objects, and the operations on them."""

    def __init__(self) -> None:
        self.objects: dict[int, Any] = {}
        self.graphs: dict[int, tuple[list[torch.Tensor], list[torch.Tensor]]] = {}
        self.made: list[Call] = []  # those of the last journey
        self.compiled: dict[str, types.CodeType] = {}
        self.next = 0
        self.module = types.ModuleType(NAME)
        self.scratch = from_scratch.FromScratch(())

    def answer(self, header: Header, payload: memoryview) -> tuple[Header, Chunks]:
        encoder = Encoder(self.keep)
        self.scratch.called.clear()
        try:
            decoder = Decoder(payload, self.revive)
            request, freed = request_of(header, decoder)
            for each in freed:
                self.graphs.pop(each, None)
            answer = header_of(self.perform(request), encoder)
        except RAISED as error:
            encoder = Encoder(self.keep)
            answer = header_of(describe(error), encoder)
        return answer | header_besides(Besides(self.printed(), self.scratch.called)), encoder.payload

    # what the judge may ask

    def perform(self, request: Request) -> Given:
        match request:
            case Call():
                self.made = [request]
                return self.posed(request) if request.posed else self.call(request)
            case Calls(target, calls, grad):
                self.made = [Call(target, *each, grad) for each in calls]
                return Several(self.again_each())
            case Arguments():
                return self.do_arguments()
            case After():
                return Repeated(self.do_arguments().value, self.again_each())
            case Numbers(count):
                return self.do_numbers(count=count)
            case Backward(graph, grads):
                return self.do_backward(graph=graph, grads=grads)
            case Get(target):
                return Returned(self.find(target))
            case Has(target):
                return self.do_has(target=target)
            case Set(target, value):
                return self.do_set(target=target, value=value)
            case Fill(target, values):
                return self.do_fill(target=target, values=values)
            case Build(source, name):
                return self.do_build(source=source, name=name)
            case Load():
                return self.do_load(request)

    def do_load(self, load: Load) -> Returned:
        """Become a submission: a worker's to do."""
        raise NotImplementedError

    def do_build(self, *, source: str, name: str) -> Returned:
        """Run source that the hidden suite sent: small models, lists of batches. Known to the judge by its handle."""
        module = types.ModuleType(name)
        vars(module).update(submission=self.module, again=self.again, unwatched=self.scratch.paused)
        sys.modules[name] = module
        if source not in self.compiled:  # each check sends its helper anew
            self.compiled[source] = compile(source, f"<{name}>", "exec")
        exec(self.compiled[source], vars(module))  # noqa: S102
        return Returned(Handle(self.remember(module), "module"))

    def again_each(self) -> Iterator[Returned | Raised]:
        """The calls of the last journey, each made when its answer is asked for. At first they are those themselves;
        later they are made once more, with the very same objects: what is in them now shows."""
        for each in self.made:
            try:
                answer: Returned | Raised = self.call(each)
            except RAISED as error:
                answer = describe(error)
            yield answer

    def do_arguments(self) -> Returned:
        """The arguments of the last journey's calls, as they are now."""
        return Returned([[list(each.args), dict(each.kwargs)] for each in self.made])

    def do_numbers(self, *, count: int) -> Returned:
        """What the next to draw from the global generator draws."""
        return Returned(rand(count, dtype=torch.float32, device="cpu"))

    def call(self, call: Call) -> Returned:
        args, kwargs = call.args, call.kwargs
        function = self.find(call.target)
        leaves = [each for each in tensors((args, kwargs)) if each.requires_grad]
        self.reset(seed=call.seed, other=call.other, grad=call.grad)
        with self.scratch:
            value = function(*args, **kwargs)
        live = [(n, each) for n, each in enumerate(tensors(value)) if each.requires_grad]
        if not live:
            return Returned(value)
        graph = self.remember_graph([each for _, each in live], leaves)
        return Returned(value, [n for n, _ in live], graph)

    def posed(self, call: Call) -> Lived:
        """What becomes of tensors that pose as living elsewhere. An answer that raises without the pose too, raises."""
        args, kwargs, function = call.args, call.kwargs, self.find(call.target)
        pose = fake_device.Pose()
        self.reset(seed=call.seed, other=call.other, grad=call.grad)
        try:
            with pose.struck(function, args, kwargs):
                value = function(*args, **kwargs)
        except fake_device.Mixed as error:
            answer = Lived("mixed", str(error))
        except Exception as error:
            own = isinstance(error, fake_device.OnlyHere) or is_its_own(error)
            answer = Lived("refused" if own else "unknown", short(error))
            with self.scratch:
                function(*args, **kwargs)
        else:
            there = all(pose.has(each) for each in tensors(value))
            answer = Lived("elsewhere", result=value) if there else Lived("here")
        if answer.value == "elsewhere" or not is_scripted(self.module):
            return answer
        if not fake_device.works_on_meta(function, args, kwargs):  # what torch runs by itself no pose reaches
            return Lived("unknown", "TorchScript")
        self.reset(seed=call.seed, other=call.other, grad=call.grad)
        return Lived("elsewhere", result=function(*args, **kwargs))

    def do_backward(self, *, graph: int, grads: list[Any]) -> Returned:
        """Backward from a call's outputs. Parameters collect their gradients; those of the arguments are returned."""
        outputs, leaves = self.graphs[graph]
        for leaf in leaves:
            leaf.grad = None
        with torch.enable_grad(), self.scratch:
            terms = [(each * grad).sum() for each, grad in zip(outputs, grads, strict=True)]
            total = terms[0] if len(terms) == 1 else torch.stack([each.double() for each in terms]).sum()
            total.backward()
        return Returned([leaf.grad for leaf in leaves])

    def do_has(self, *, target: Any) -> Returned:
        try:
            self.find(target)
        except AttributeError:
            return Returned(False)
        return Returned(True)

    def do_set(self, *, target: Any, value: Any) -> Returned:
        """Set an attribute; a parameter or buffer is filled in place."""
        *path, name = target
        owner = self.find(path)
        current = getattr(owner, name, None)
        if isinstance(current, torch.Tensor) and isinstance(value, torch.Tensor):
            with torch.no_grad():
                current.copy_(value)
        else:
            setattr(owner, name, value)
        return Returned(None)

    def do_fill(self, *, target: Any, values: dict[str, Any]) -> Returned:
        """Set one after the other, up to the first that is not there."""
        for name, value in values.items():
            if not self.do_has(target=[*target, name]).value:
                return Returned(name)
            self.do_set(target=[*target, name], value=value)
        return Returned(None)

    # its own housekeeping

    def reset(self, *, seed: int, other: int, grad: bool) -> None:
        """The same start for each call: generators, grad mode, default dtype. A fork inherits them all."""
        default_generator.manual_seed(seed)
        random.seed(other)
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            numpy.random.seed(other & 0xFFFFFFFF)
        torch._C._set_grad_enabled(grad)
        if torch.get_default_dtype() is not torch.float32:
            torch.set_default_dtype(torch.float32)

    def printed(self) -> str:
        """What this request's code printed, the last of it."""
        return ""

    def find(self, path: list[Any]) -> Any:
        """`[object or None for the submission, name, name, …]`; a name of a dictionary or list is a key."""
        first, *names = path
        value = self.module if first is None else first
        for name in names:
            value = value[name] if isinstance(value, dict | list) else getattr(value, name)
        return value

    def remember(self, value: Any) -> int:
        self.next += 1
        self.objects[self.next] = value
        return self.next

    def remember_graph(self, outputs: list[torch.Tensor], leaves: list[torch.Tensor]) -> int:
        self.next += 1
        self.graphs[self.next] = (outputs, leaves)
        while len(self.graphs) > GRAPHS_KEPT:
            self.graphs.pop(next(iter(self.graphs)))
        return self.next

    def keep(self, value: Any) -> Any:
        """What cannot cross stays here; the judge gets a number for it."""
        return Handle(self.remember(value), type(value).__name__)

    def revive(self, reference: Any) -> Any:
        if isinstance(reference, Callback):
            return lambda *args, **kwargs: self.ask(reference.number, args, kwargs)
        return self.objects[reference.number]

    def again(self, call: Callable[[torch.Tensor], Any], x: torch.Tensor, times: int) -> Iterator[Any]:
        """For helpers: what so many calls return, each with a copy of x. Only the first is watched for forbidden
        functions: to watch a small call costs as much as to make it.
        """
        first, *others = x.expand(times, *x.shape).clone()
        yield call(first)
        with self.scratch.paused():
            for each in others:
                yield call(each)

    def ask(self, number: int, args: Any, kwargs: Any) -> Any:
        """A function of the judge's: ask, and wait for the answer."""
        encoder = Encoder(self.keep)
        question = header_of_question(Question(number, args, kwargs), encoder)
        header, payload = self.asked(question, encoder.payload)
        return Decoder(payload, self.revive).decode(header)

    def asked(self, question: Header, chunks: Chunks) -> tuple[Any, memoryview]:
        """The judge's answer to a question."""
        raise NotImplementedError


def short(error: BaseException) -> str:
    told = describe(error)
    kind = "TypeError" if isinstance(error, fake_device.OnlyHere) else told.type
    return f"{kind}: {told.text}" if told.text else kind


def is_its_own(error: BaseException) -> bool:
    """Did the submission's own code raise it, and nothing that was called there?"""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None or trace.tb_frame.f_globals.get("__name__") != NAME:
        return False
    return not dis.opname[trace.tb_frame.f_code.co_code[trace.tb_lasti]].startswith("CALL")


def is_scripted(module: types.ModuleType) -> bool:
    compiled = (torch.jit.ScriptFunction, torch.jit.ScriptModule)
    return any(isinstance(each, compiled) for each in vars(module).values())


def describe(error: BaseException) -> Raised:
    """An exception as type names and text. Its own `__str__` runs here, on this side."""
    try:
        text = str(error.msg if isinstance(error, SyntaxError) else error)  # its own text repeats file and line
    except Exception:
        text = ""
    line, own, trace = None, True, error.__traceback__
    while trace is not None:
        own = trace.tb_frame.f_globals.get("__name__") == NAME
        if own:
            line = trace.tb_lineno
        own = own or trace.tb_frame.f_code.co_name == "_assert"  # torch._assert says what an `assert` says
        trace = trace.tb_next
    if isinstance(error, SyntaxError):
        line = error.lineno
    bases = [each.__name__ for each in type(error).__mro__ if each.__module__ == "builtins"]
    return Raised(type(error).__name__, text[:TEXT_LIMIT], bases, own, line)
