"""The answers: what a worker says to a request, and the question that it asks meanwhile. In a frame's header each is an
object: `{"value": …, "live": [0], "graph": 7}` of a call, `{"error": …}` of whatever was raised.

They are the submission's word. What is read here has the type that its field names, whatever was sent: what is of
another type counts as not said, and is a WireError where nothing is left. It is no more believed for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass  # compiled here, and not once more in each fork
from typing import Any, Protocol, Self, TypeVar

from interview.grading.wire.frames import WireError
from interview.grading.wire.values import NAME_LIMIT, Decoder, Encoder
from interview.printable import printable

Header = dict[str, Any]

TEXT_LIMIT = 1000  # characters of an exception's words
NAMED = 200  # characters of a function's name
LINES = 1 << 20  # more than a source can have: the number of a line is the submission's word too, and is printed


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception. `bases` are the builtin ones among its classes; `own`: its last frame is the submission's."""

    type: str
    text: str
    bases: Sequence[str]
    own: bool
    line: int | None

    @classmethod
    def of(cls, told: Any) -> Raised:
        if not isinstance(told, dict):
            raise WireError("an error that is none")
        bases, line = told.get("bases"), told.get("line")
        return cls(
            printable(text_of(told.get("type")), NAME_LIMIT) or "Exception",
            printable(text_of(told.get("text")), TEXT_LIMIT),
            [each for each in bases if isinstance(each, str)] if isinstance(bases, list) else [],
            told.get("own") is not False,
            line if type(line) is int and 0 < line < LINES else None,
        )


@dataclass(frozen=True, slots=True)
class Returned:
    """A value. `live` are those of its tensors, by number, that are tied to this `graph`."""

    value: Any
    live: Sequence[int] = ()
    graph: int | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Returned:
        live, graph = told.get("live"), told.get("graph")
        if type(live) is not list or type(graph) is not int:
            return cls(valued(told))
        return cls(valued(told), [each for each in live if type(each) is int], graph)


@dataclass(frozen=True, slots=True)
class Lived:
    """Where a posed call's result lived. `text` is what was raised; `result` is there if it lived elsewhere."""

    value: str
    text: str = ""
    result: Any = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Lived:
        return cls(text_of(valued(told)), text_of(told.get("text")), told.get("result"))


@dataclass(frozen=True, slots=True)
class Several:
    """What each of several calls came to. Written one by one: a later call may write into an earlier one's result."""

    value: Iterable[Raised | Returned]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Several:
        return cls(each_of(valued(told)))


@dataclass(frozen=True, slots=True)
class Repeated:
    """The arguments as they were after the calls, and what the calls then came to with the same objects."""

    arguments: Any
    value: Iterable[Raised | Returned]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Repeated:
        return cls(told.get("arguments"), each_of(valued(told)))


Given = Returned | Lived | Several | Repeated


class Readable(Protocol):
    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self: ...


A = TypeVar("A", bound=Readable)


@dataclass(frozen=True, slots=True)
class Besides:
    """What was printed meanwhile, and the forbidden functions that were called."""

    printed: str = ""
    forbidden: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A call of a function of the judge's, known by its number."""

    number: int
    args: Sequence[Any]
    kwargs: Mapping[str, Any]


# written


def header_of(answer: Given | Raised, encoder: Encoder) -> Header:
    match answer:
        case Returned() | Raised() | Lived():
            return {name: encoder.encode(each) for name, each in fields_of(answer).items()}
        case Several(value):
            return {"value": [encoder.encode(fields_of(each)) for each in value]}
        case Repeated(arguments, value):
            before = encoder.encode(arguments)
            return {"arguments": before, "value": [encoder.encode(fields_of(each)) for each in value]}


def header_besides(besides: Besides) -> Header:
    """What is added to an answer's header."""
    told = {"printed": besides.printed, "forbidden": list(besides.forbidden)}
    return {name: each for name, each in told.items() if each}


def fields_of(answer: Returned | Raised | Lived) -> dict[str, Any]:
    match answer:
        case Returned(value, _, None):
            return {"value": value}
        case Returned(value, live, graph):
            return {"value": value, "live": list(live), "graph": graph}
        case Lived(value, text, result):
            return {"value": value, "text": text, "result": result}
        case Raised(type_, text, bases, own, line):
            return {"error": {"type": type_, "bases": list(bases), "text": text, "own": own, "line": line}}


def header_of_question(question: Question, encoder: Encoder) -> Header:
    args, kwargs = encoder.encode(question.args), encoder.encode(question.kwargs)
    return {"callback": question.number, "args": args, "kwargs": kwargs}


# read


def is_question(header: Header) -> bool:
    return "callback" in header


def question_of(header: Header, decoder: Decoder) -> Question:
    number, args, kwargs = (header.get(each) for each in ("callback", "args", "kwargs"))
    args, kwargs = decoder.decode(args), decoder.decode(kwargs)
    if type(number) is not int or not isinstance(args, tuple | list) or not isinstance(kwargs, dict):
        raise WireError("a question that is none")
    return Question(number, args, kwargs)


def besides_of(header: Header) -> Besides:
    told = header.get("forbidden")
    called = [printable(each, NAMED) for each in told if isinstance(each, str)] if isinstance(told, list) else ()
    return Besides(text_of(header.get("printed")), called)


def answer_of(header: Header, decoder: Decoder, kind: type[A]) -> A | Raised:
    """The answer to a request that is answered so, or with an exception."""
    told = {name: decoder.decode(each) for name, each in header.items() if name not in Besides.__match_args__}
    return Raised.of(told["error"]) if "error" in told else kind.of(told)


def raised_in(header: Any) -> Raised | None:
    """The exception, if that is all the answer, and it can be read."""
    try:
        error = Decoder(memoryview(b""), lambda each: each).decode(header["error"])
        return Raised.of(error)
    except (WireError, LookupError, TypeError):
        return None


def each_of(told: Any) -> list[Raised | Returned]:
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise WireError("answers that are none")
    return [Raised.of(each["error"]) if "error" in each else Returned.of(each) for each in told]


def valued(told: Mapping[str, Any]) -> Any:
    if "value" not in told:
        raise WireError("it holds no value")
    return told["value"]


def text_of(told: Any) -> str:
    return told if isinstance(told, str) else ""
