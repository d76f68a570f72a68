"""The solution: the trusted side of the wire, which hidden suites call as if it were the submission.

    y = solution.dropout(x, p=0.3)                # a fresh plain tensor
    solution.changed                              # which of the tensors sent it has written into
    for y in solution.dropout.each([(x, 0.3), (x, 0.8)]): …    # several calls in one journey
    (y * g).sum().backward(); x.grad              # the submission's own gradient, through the wire
    layer = solution.Dropout(0.5)                 # an object kept by handle
    layer.eval(); layer(x); layer.weight          # its methods and values
    with solution.seeded(7): …                    # the same randomness for each call inside

Arguments are sent as bytes and results rebuilt from bytes, so whatever the submission does, the judge's tensors stay
as they are. An exception of the submission is raised here as `SubmissionError`, which is also the builtin exception
of the same name where that is harmless: `pytest.raises(ValueError)` works.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

from interview.dataclass import dataclass
from interview.grading.kernel.limits import RECENT
from interview.grading.solution.diary import Diary
from interview.grading.solution.errors import ForbiddenCall, Lie, SubmissionError, submission_error
from interview.grading.solution.format import show_call
from interview.grading.solution.gradients import Graph, tie
from interview.grading.solution.journey import Journey
from interview.grading.solution.line import Chunks, Line
from interview.grading.wire import frames
from interview.grading.wire.answers import (
    A,
    Header,
    Lived,
    Raised,
    Returned,
    Several,
    answer_of,
    besides_of,
    question_of,
)
from interview.grading.wire.requests import Backward, Build, Call, Calls, Fill, Get, Has, Request, Set, header_of
from interview.grading.wire.values import Callback, Decoder, Encoder, Handle
from interview.printable import printable

FORBIDDEN_KEPT = 20  # names of forbidden functions that a verdict lists


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call's result lived when its tensors posed as living on another device; `text` is what was raised."""

    name: str
    text: str


class Solution:
    """The submission, as seen by a hidden suite."""

    def __init__(
        self, line: Line, *, seed: int, names: dict[str, list[str]], shared: dict[str, Handle] | None = None
    ) -> None:
        self._line = line
        self._seed = seed
        self._names = names
        self._shared = {} if shared is None else shared
        self._calls = 0
        self._fixed: tuple[int, int] | None = None
        self._freed: list[int] = []
        self._last: tuple[str, tuple[Any, ...], dict[str, Any]] | str = ""
        self._journey = Journey([], "", [], True)  # until a call is made
        self._journeys = 0
        self.diary: Diary | None = None  # where the calls are to be told
        self.forbidden: list[str] = []
        self._called: Sequence[str] = ()  # of them, those that the last answer tells of
        self.printed = ""  # by the calls of this suite's check, the last of it
        self.places: list[Place] = []  # what `device_of` was answered: nothing but `elsewhere` is a pass, see the judge

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Remote(self, [None, name], name)

    def shown(self, name: str, *args: Any, **kwargs: Any) -> str:
        """A call as it is shown, whether or not it was made."""
        return show_call(name, self._names.get(name, []), args, kwargs)

    @property
    def call(self) -> str:
        """The last call made, as it is shown."""
        if isinstance(self._last, str):
            return self._last
        name, args, kwargs = self._last
        return show_call(name, self._names.get(name, []), args, kwargs)

    @call.setter
    def call(self, text: str) -> None:
        """A suite that works through a helper says in the submission's own terms what it called."""
        self._last = text

    @property
    def made(self) -> tuple[int, int]:
        """Which call was the last: its journey, from 1, and which of the journey's."""
        return self._journeys, self._journey.at

    # seeds

    def _seeds(self) -> tuple[int, int]:
        if self._fixed is not None:
            return self._fixed
        self._calls += 1
        digest = hashlib.sha256(f"{self._seed}:{self._calls}".encode()).digest()
        return int.from_bytes(digest[:8]) >> 1, int.from_bytes(digest[8:12])

    @contextmanager
    def seeded(self, seed: int, other: int | None = None) -> Iterator[None]:
        """Each call inside starts with torch's global generator at `seed`; `other` is for `random` and numpy."""
        before, self._fixed = self._fixed, (seed, seed & 0xFFFFFFFF if other is None else other)
        try:
            yield
        finally:
            self._fixed = before

    # what a suite may ask beyond calling

    def build(self, source: str, name: str = "helper") -> Remote:
        """A module of the suite's own, made in the worker from source: small models, lists of batches.

        Its code sees the submission as `submission`. `again(call, x, times)` yields what many small calls return;
        `with unwatched():` no forbidden function is noticed. The source is not secret, and what a helper returns is
        the worker's word.
        """
        built: Remote = self._request(name, Build(source, name), Returned).value
        return built

    def shared(self, source: str, name: str = "helper") -> Remote:
        """`build`, once a run: the checks of one submission share the module, so it keeps nothing."""
        if source not in self._shared:
            self._shared[source] = self.build(source, name)._handle()
        return Remote(self, [self._shared[source]], name)

    def arguments(self) -> list[Any]:
        """The positional arguments of the last call as they are after it."""
        return self._journey.arguments(self)

    @property
    def changed(self) -> list[int]:
        """Which tensors among the last call's arguments it wrote into.

        Seen in two ways: they are fetched and compared with those that were sent; and the call is made once more with
        the same objects, at the same seed. If it then returns something else, and with fresh arguments what it
        returned at first, it found other values in them (all of them are named: which one is not seen).
        """
        return self._journey.written(self)

    @property
    def reseeded(self) -> bool:
        """Has the last call left torch's global generator where its seed never leads? Its next numbers tell."""
        return self._journey.position(self) is None

    @property
    def drew(self) -> bool:
        """Did the last call leave torch's generator further on? If not, the next one repeats its numbers."""
        return self._journey.position(self) != 0

    def device_of(self, target: str | Remote, *args: Any, **kwargs: Any) -> str:
        """Call with tensors that pose as living on another device: `elsewhere` (right), `here` (the result stayed on
        the CPU), `mixed` (a CPU tensor met one from there), `refused` (the submission itself raised, and not on the
        CPU), `differs` (the same seed gave something else there), `unknown` (the pose did not hold: no evidence).

        Arguments pose, and parameters and buffers of modules. Whatever a check makes of the answers, it is no pass
        where one is not `elsewhere`.
        """
        path, shown = (target._path, target._shown) if isinstance(target, Remote) else ([None, target], target)
        answer = self._asked(shown, self._set_out(path, shown, args, kwargs, posed=True), Lived)
        name = answer.value
        self._note(answer.result if name == "elsewhere" else name)
        if name == "elsewhere" and not self._journey.as_here(self, answer.result):
            name = "differs"
        self.places.append(Place(printable(name, 20), printable(answer.text, 200)))
        return name

    # the wire

    def _set_out(
        self, target: list[Any], shown: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, posed: bool = False
    ) -> Call:
        """The request for a single call, which is a journey of its own."""
        journey = self._embark(target, shown, [(args, kwargs)])
        ((_, _, seed, other),) = journey.calls
        return Call(target, args, kwargs, seed, other, journey.grad, posed)

    def _embark(self, target: list[Any], shown: str, given: Sequence[tuple[tuple[Any, ...], dict[str, Any]]]
                ) -> Journey:  # fmt: skip
        self._last = shown, *given[0]
        self._journeys += 1
        calls = [(*each, *self._seeds()) for each in given]
        self._journey = Journey(target, shown, calls, torch.is_grad_enabled())
        return self._journey

    def _call(self, target: list[Any], shown: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        answer = self._asked(shown, self._set_out(target, shown, args, kwargs), Returned)
        return self._came_back(self._journey, answer)

    def _asked(self, shown: str, request: Request, kind: type[A]) -> A:
        """The answer to a call; what it raises instead has come back too."""
        try:
            return self._request(shown, request, kind)
        except SubmissionError as error:
            self._note(error)
            raise

    def _note(self, came: Any) -> None:
        if self.diary is not None:
            self.diary.note(self.call, came)

    def _several(self, target: list[Any], shown: str, calls: Sequence[tuple[Any, ...]],
                 catch: tuple[type[Exception], ...]) -> Iterator[Any]:  # fmt: skip
        if not calls:
            return
        journey = self._embark(target, shown, [split(each) for each in calls])
        answer = self._asked(shown, Calls(target, journey.calls, journey.grad), Several)
        answers, forbidden = journey.listed(answer.value), self._called
        for n, ((args, kwargs, *_), each) in enumerate(zip(journey.calls, answers, strict=True)):
            self._last, journey.at = (shown, args, kwargs), n
            if isinstance(each, Returned):
                yield self._came_back(journey, each)
                continue
            error = submission_error(each, forbidden=forbidden)
            self._note(error)
            if isinstance(error, ForbiddenCall) or not isinstance(error, catch):
                raise error
            journey.came.append(SubmissionError)
            yield error

    def _came_back(self, journey: Journey, answer: Returned) -> Any:
        """A call's result, tied to its graph."""
        journey.came.append(answer.value)
        self._note(answer.value)
        if answer.graph is None:
            return answer.value
        return tie(answer.value, answer.live, journey.calls[journey.at][:2], Graph(self, answer.graph))

    def _request(self, shown: str, request: Request, kind: type[A]) -> A:
        """What is asked, and its answer, of this kind."""
        freed, self._freed = self._freed, []
        callbacks: dict[int, Callable[..., Any]] = {}

        def keep(value: Any) -> Any:
            if isinstance(value, Remote):
                return value._handle()
            if callable(value):
                callbacks[len(callbacks)] = value
                return Callback(len(callbacks) - 1)
            raise TypeError(f"a {type(value).__name__} cannot be sent to a submission")

        encoder = Encoder(keep)
        header = header_of(request, encoder, freed)
        answer, payload = self._line.exchange(
            header, encoder.payload, lambda question, chunk: self._reply(question, chunk, callbacks, shown)
        )
        return self._read(answer, payload, shown, kind)

    def _reply(self, question: Header, payload: memoryview, callbacks: dict[int, Callable[..., Any]],
               shown: str) -> tuple[Any, Chunks]:  # fmt: skip
        decoder = Decoder(payload, lambda handle: self._revive(handle, shown), gives=True)
        try:
            asked = question_of(question, decoder)
            value = callbacks[asked.number](*asked.args, **asked.kwargs)
        except (frames.WireError, LookupError, TypeError, ValueError) as error:
            raise Lie(type(error).__name__, "it asked a question that cannot be answered", None) from None
        encoder = Encoder(lambda _: None)
        return encoder.encode(value), encoder.payload

    def _backward(self, graph: int, grads: list[Any]) -> Any:
        return self._request("backward", Backward(graph, grads), Returned).value

    def _free(self, graph: int) -> None:
        """Tell the worker at the next request that this graph may go."""
        self._freed.append(graph)

    def _read(self, header: Header, payload: memoryview, shown: str, kind: type[A]) -> A:
        decoder = Decoder(payload, lambda handle: self._revive(handle, shown), gives=True)
        besides = besides_of(header)
        if besides.printed:
            self.printed = (self.printed + besides.printed)[-RECENT:]
        self._called = besides.forbidden
        self.forbidden += [each for each in self._called[:FORBIDDEN_KEPT] if each not in self.forbidden]
        del self.forbidden[FORBIDDEN_KEPT:]
        try:
            answer = answer_of(header, decoder, kind)
        except (frames.WireError, RuntimeError, ValueError, OverflowError) as error:
            raise Lie("TypeError", f"the answer cannot be read: {printable(str(error), 200)}", None) from None
        if isinstance(answer, Raised):
            raise submission_error(answer, forbidden=self._called)
        return answer

    def _revive(self, reference: Any, shown: str) -> Any:
        if isinstance(reference, Handle):
            return Remote(self, [reference], shown, kind=reference.type)
        raise frames.WireError("a callback cannot come back")


class Keywords(dict[str, Any]):
    """Keyword arguments of one of several calls."""


def split(call: tuple[Any, ...]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Positional and keyword arguments."""
    *args, last = call or (None,)
    return (tuple(args), dict(last)) if isinstance(last, Keywords) else (tuple(call), {})


class Remote:
    """Something of the submission's: a function, an object, an attribute. Attributes that are plain values cross."""

    # By __getitem__ alone it would be a sequence without an end, and the judge would collect it.
    __iter__ = None
    __contains__ = None

    def __init__(self, solution: Solution, path: list[Any], shown: str, kind: str = "") -> None:
        self._solution, self._path, self._shown, self._kind = solution, path, shown, kind

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._solution._call(self._path, self._shown, args, kwargs)

    def each(self, calls: Sequence[tuple[Any, ...]], *, catch: tuple[type[Exception], ...] = ()) -> Iterator[Any]:
        """Small calls that belong together, in one journey: most of what one costs is the way there and back.

        For each tuple of arguments (positional ones, and `Keywords` at the end), in turn, what the call returned;
        meanwhile `call` and `changed` of the solution are that call's, unless another is made; `reseeded` and `drew`
        are the last one's. An exception of a kind in `catch` is returned, any other raised.
        All of them have the time of one call.
        """
        return self._solution._several(self._path, self._shown, calls, catch)

    def __getattr__(self, name: str) -> Any:
        """A method or an inner object as a Remote, to be called; a plain value through `value`."""
        if name.startswith("__"):
            raise AttributeError(name)
        return Remote(self._solution, [*self._path, name], f"{self._shown}.{name}")

    def __getitem__(self, key: int | str) -> Remote:
        return Remote(self._solution, [*self._path, key], f"{self._shown}[{key!r}]")

    def __repr__(self) -> str:
        return f"<{self._kind or self._shown} of the submission>"

    def value(self) -> Any:
        """What stands there, fetched: `layer.weight.value()`. An object that cannot cross comes as a Remote."""
        return self._solution._request(self._shown, Get(self._path), Returned).value

    def exists(self) -> bool:
        return bool(self._solution._request(self._shown, Has(self._path), Returned).value)

    def set(self, value: Any) -> None:
        """Assign: a parameter or buffer is filled in place, anything else replaced."""
        self._solution._request(self._shown, Set(self._path, value), Returned)

    def fill(self, values: dict[str, Any]) -> str | None:
        """Assign several, in one journey: the name of the first that is not there, before which it stops."""
        lacking = self._solution._request(self._shown, Fill(self._path, values), Returned).value
        return lacking if isinstance(lacking, str) and lacking in values else None

    def _handle(self) -> Handle:
        if len(self._path) == 1 and isinstance(self._path[0], Handle):
            return self._path[0]
        fetched = self.value()
        if isinstance(fetched, Remote) and isinstance(fetched._path[0], Handle):
            return fetched._path[0]
        raise TypeError(f"{self._shown} is a plain value: send its value()")
