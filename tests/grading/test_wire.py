"""The codec between judge and worker: what goes in comes out, and a hostile frame is refused, whatever it holds."""

from __future__ import annotations

import contextlib
import json
import math
import socket
import struct
import threading
import time
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from interview.grading.answering.operations import Answering  # noqa: E402
from interview.grading.wire import answers, frames, requests, values  # noqa: E402
from interview.grading.wire.frames import Gone, Late, WireError  # noqa: E402
from interview.grading.wire.values import Callback, Decoder, Encoder, Handle, Opaque  # noqa: E402

QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
REFUSALS = (WireError, Gone, Late)
FIELDS = ["value", "live", "graph", "error", "text", "result", "arguments", "printed", "forbidden", "type", "bases",
          "own", "line"]  # fmt: skip


# what is asked


ASKED = [
    requests.Load("def f(): ...", "f.py", ["torch.nn.*"], 512, 2.5),
    requests.Build("x = 1", "helper"),
    requests.Call([None, "f"], (1, (2.0, None)), {"p": 0.5}, 7, 8, grad=False, posed=True),
    requests.Calls([Handle(3, "Layer"), "forward"], [((1,), {}, 7, 8), ((), {"x": [2]}, 9, 10)]),
    requests.Arguments(), requests.After(), requests.Numbers(32), requests.Backward(4, [None, 1.0]),
    requests.Get([None, "f"]), requests.Has([None, "f", "weight"]), requests.Set([None, "f", "p"], 0.5),
    requests.Fill([None, "f"], {"p": 0.5}),
]  # fmt: skip


@pytest.mark.parametrize("freed", [[], [1, 2]])
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: type(asked).__name__)
def test_what_is_asked_is_what_is_heard(asked: Any, freed: list[int]) -> None:
    """Each request arrives as itself, with the graphs that may go; and the table knows each of them."""
    encoder = Encoder(lambda value: value)
    header = json.loads(frames.dumped(requests.header_of(asked, encoder, freed)))
    heard = requests.request_of(header, Decoder(memoryview(b"".join(encoder.payload)), lambda handle: handle))
    assert heard == (asked, freed)
    assert {type(each) for each in ASKED} == set(requests.KINDS.values())


class There(Answering):
    """The other side, with one function and one graph."""

    def __init__(self) -> None:
        super().__init__()
        self.made = [requests.Call([None, "f"], (1,), {}, 5, 6)]
        self.graphs[4] = [torch.ones(2, requires_grad=True)] * 2, []
        self.objects[3] = "a layer"

    def find(self, path: list[Any]) -> Any:
        return lambda *args, **kwargs: 5

    def do_load(self, load: requests.Load) -> answers.Returned:
        return answers.Returned([load.file])


@pytest.mark.parametrize("asked", [*ASKED, requests.Call([None, "f"], (), {}, 1, 2)])
def test_an_answer_is_of_the_kind_that_its_request_names(asked: Any) -> None:
    """Of every request, what the other side gives is what is expected of its header, and is read as that."""
    if isinstance(asked, requests.Backward):
        asked = requests.Backward(asked.graph, [1.0, 2.0])
    there, encoder = There(), Encoder(lambda value: value)
    header = json.loads(frames.dumped(requests.header_of(asked, encoder, [])))
    kind = requests.answered_by(header)
    answer, chunks = there.answer(header, memoryview(b"".join(encoder.payload)))
    payload = memoryview(b"".join(chunks))
    assert type(answers.answer_of(json.loads(frames.dumped(answer)), Decoder(payload, str), kind)) is kind
    assert type(there.perform(asked)) is kind


ANSWERED = [
    answers.Returned([1, "two"]), answers.Returned(None, [0, 2], 7), answers.Lived("mixed", "a CPU tensor"),
    answers.Lived("elsewhere", "", (1.5,)), answers.Raised("ValueError", "p", ["ValueError", "object"], False, 3),
    answers.Several([answers.Returned(1, [0], 2), answers.Raised("E", "", [], True, None)]),
    answers.Repeated([[1, {}]], [answers.Returned("x")]),
]  # fmt: skip


@pytest.mark.parametrize("given", ANSWERED, ids=lambda given: type(given).__name__)
def test_what_is_answered_is_what_is_read(given: Any) -> None:
    """Each answer arrives as itself, and what was printed and called besides."""
    besides = answers.Besides("hello\n", ["torch.dropout"])
    encoder = Encoder(lambda value: value)
    header = json.loads(frames.dumped(answers.header_of(given, encoder) | answers.header_besides(besides)))
    assert answers.besides_of(header) == besides
    assert answers.answer_of(header, Decoder(memoryview(b""), str), type(given)) == given
    assert {type(each) for each in ANSWERED} == {*get_args(answers.Given), answers.Raised}


HEADERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "error", "type", "bases", "t", "d", "h", "o", "x"]), inner, max_size=3
        )
        | st.tuples(st.just("d"), st.lists(st.tuples(st.sampled_from(FIELDS), inner).map(list), max_size=5)).map(
            lambda pair: {pair[0]: pair[1]}
        )
    ),
    max_leaves=12,
)


@QUICK
@given(st.dictionaries(st.sampled_from([*FIELDS, "callback", "args", "kwargs"]), HEADERS, max_size=6))
def test_a_field_is_of_its_type_whatever_was_sent(header: dict[str, Any]) -> None:
    """A worker writes what it likes: each answer, question and side remark that is read has the types it declares."""
    besides = answers.besides_of(header)
    assert type(besides.printed) is str
    assert all(type(each) is str for each in besides.forbidden)
    for kind in get_args(answers.Given):
        with contextlib.suppress(WireError):
            are_typed(answers.answer_of(header, Decoder(memoryview(b""), lambda each: each), kind))
    with contextlib.suppress(WireError):
        asked = answers.question_of(header, Decoder(memoryview(b""), lambda each: each))
        assert type(asked.number) is int
        assert isinstance(asked.args, tuple | list)
        assert type(asked.kwargs) is dict
    raised = answers.raised_in(header)
    assert raised is None or are_typed(raised)


def are_typed(answer: Any) -> bool:
    match answer:
        case answers.Raised(kind, text, bases, own, line):
            assert [type(kind), type(text), type(own)] == [str, str, bool]
            assert all(type(each) is str for each in bases)
            assert line is None or (type(line) is int and 0 < line < answers.LINES)
        case answers.Returned(_, live, graph):
            assert graph is None or type(graph) is int
            assert all(type(each) is int for each in live)
        case answers.Lived(value, text, _):
            assert [type(value), type(text)] == [str, str]
        case answers.Several(several) | answers.Repeated(_, several):
            assert all(type(each) in (answers.Raised, answers.Returned) and are_typed(each) for each in several)
        case _:
            pytest.fail(f"{answer} is no answer")
    return True


# what crosses


@st.composite
def tensors(draw: st.DrawFn) -> Any:
    """Every dtype; 0-d, empty, and views: transposed, sliced, expanded, conjugated."""
    dtype = draw(st.sampled_from(sorted(values.DTYPES.values(), key=str)))
    shape = draw(st.lists(st.integers(0, 4), max_size=4))
    count = math.prod(shape)
    noise = draw(st.binary(min_size=16, max_size=16))
    flat = torch.frombuffer(bytearray(noise * max(1, count)), dtype=torch.uint8)
    if dtype is torch.bool:
        value = (flat[:count] % 2 == 0).reshape(shape)
    else:
        value = flat[: count * dtype.itemsize].clone().view(dtype).reshape(shape)
    match draw(st.sampled_from(["plain", "transposed", "sliced", "expanded", "conjugated", "requires_grad"])):
        case "transposed" if value.dim() > 1:
            return value.transpose(0, 1)
        case "sliced" if value.dim() > 0:
            return value[::2]
        case "expanded" if value.dim() > 0:
            return value[:1].expand(3, *value.shape[1:]) if value.shape[0] else value
        case "conjugated" if value.is_complex():
            return value.conj()
        case "requires_grad" if value.is_floating_point():
            return value.requires_grad_()
        case _:
            return value


keys = st.text(max_size=5) | st.integers(-9, 9) | st.tuples(st.text(max_size=2), st.integers(0, 3))
leaves = (
    st.none() | st.booleans() | st.integers(-(1 << 80), 1 << 80) | st.floats() | st.complex_numbers()
    | st.text(max_size=20) | st.binary(max_size=9) | st.sampled_from(sorted(values.DTYPES.values(), key=str))
    | tensors() | st.builds(Opaque, st.sampled_from(["Thing", "set"]))
)  # fmt: skip
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=12,
)


def refuse(value: Any) -> Any:
    raise AssertionError(f"{value!r} should have crossed by itself")


def crossed(value: Any) -> Any:
    """The value after a real socket."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        encoder = Encoder(refuse)
        frames.send(ours, encoder.encode(value), encoder.payload, deadline=time.monotonic() + 5)
        header, payload = frames.receive(theirs, deadline=time.monotonic() + 5)
    return Decoder(payload, refuse).decode(header)


def same(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and same_tensor(a, b)
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b) or (math.isnan(a) and math.isnan(b))
    return bool(a == b)


def same_tensor(a: Any, b: Any) -> bool:
    strides = a.numel() == 0 or a.is_contiguous() or a.stride() == b.stride()
    plain = a.detach().resolve_conj()
    return (
        a.dtype is b.dtype and a.shape == b.shape and strides and a.requires_grad == b.requires_grad
        and type(b) is torch.Tensor
        and values.raw(plain.contiguous()) == values.raw(b.detach().contiguous())
    )  # fmt: skip


@QUICK
@given(anything)
def test_what_goes_in_comes_out(value: Any) -> None:
    """Numbers, text, containers, every dtype and every kind of view: equal bit by bit, of plain types."""
    assert same(value, crossed(value))


def test_an_object_is_kept_and_known_by_its_number() -> None:
    """What cannot cross stays, and the other side asks for it by a handle; so does a function, by a callback."""
    kept: list[object] = []

    def keep(value: object) -> Any:
        kept.append(value)
        return Callback(len(kept) - 1) if callable(value) else Handle(len(kept) - 1, type(value).__name__)

    header = Encoder(keep).encode([object(), len])
    back = Decoder(memoryview(b""), lambda reference: ("revived", reference)).decode(header)
    assert back == [("revived", Handle(0, "object")), ("revived", Callback(1))]


def test_a_subclass_crosses_as_what_it_is_made_of() -> None:
    """No class of the sender's arrives: a Tensor or list or int subclass becomes the plain one."""

    class Odd(int):
        def __add__(self, other: int) -> int:
            raise AssertionError

    value = [Odd(3), torch.ones(2).as_subclass(type("T", (torch.Tensor,), {}))]
    back = crossed(value)
    assert type(back[0]) is int
    assert type(back[1]) is torch.Tensor


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_tensors_of_one_frame_share_no_memory(order: tuple[int, ...]) -> None:
    """Even where one takes the payload for its own: a sender may name the same bytes again and again."""
    size = 2 * frames.SMALL
    nodes = [
        {"x": ["float32", [size // 4], 0, False]},
        {"x": ["uint8", [size], 0, False]},
        {"x": ["int16", [10], 0, False]},
    ]
    decoder = Decoder(memoryview(bytearray(size)), lambda _: None, gives=True)
    found = decoder.decode([nodes[each] for each in order])
    for n, value in enumerate(found):
        value.fill_(n + 1)
    assert [value.unique().tolist() for value in found] == [[1], [2], [3]]


def test_too_deep_and_too_large_are_refused_by_the_sender() -> None:
    """An honest side learns of a value that nobody could read before it sends it."""
    deep: Any = 1
    for _ in range(values.DEPTH_LIMIT + 2):
        deep = [deep]
    with pytest.raises(WireError):
        Encoder(refuse).encode(deep)
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(WireError):
        frames.send(ours, "x" * frames.HEADER_LIMIT, [], deadline=time.monotonic() + 1)


# hostile frames


tags = st.sampled_from(["b", "t", "d", "x", "y", "c", "h", "k", "o", "value"]) | st.text(max_size=2)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(tags, inner, max_size=3),
    max_leaves=20,
)
sizes = st.integers(-2, 5) | st.sampled_from([1 << 31, 1 << 39, 1 << 40, 1 << 63, 10**30]) | st.floats() | st.booleans()
tensor_nodes = st.tuples(
    st.sampled_from([*values.DTYPES, "float33", "object"]), st.lists(sizes, max_size=6), sizes, st.booleans(),
    st.none() | st.lists(sizes, max_size=6),
).map(lambda body: {"x": [each for each in body if each is not None]})  # fmt: skip


def decoded(node: Any, payload: bytes = bytes(64)) -> Any:
    return Decoder(memoryview(bytearray(payload)), lambda reference: reference).decode(node)


@QUICK
@given(json_values | st.lists(tensor_nodes, max_size=3))
def test_a_header_of_any_shape_is_read_or_refused(node: Any) -> None:
    """Only WireError comes out of the decoder, whatever JSON it is given."""
    with contextlib.suppress(WireError):
        decoded(node)


def framed(length: int, rest: bytes) -> bytes:
    return struct.pack("!II", length, len(rest)) + rest


@QUICK
@given(st.binary(max_size=60) | st.builds(framed, st.integers(0, (1 << 32) - 1), st.binary(max_size=50)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Noise, truncated frames and wrong lengths end in WireError or Gone, never in anything else."""
    assert outcome(data) in ("read", "WireError", "Gone")


@QUICK
@given(anything, st.data())
def test_a_broken_frame_is_read_or_refused(value: Any, data: st.DataObject) -> None:
    """A true frame with bytes changed or cut off."""
    encoder = Encoder(refuse)
    text = json.dumps(encoder.encode(value)).encode()
    payload = b"".join(encoder.payload)
    frame = bytearray(struct.pack("!II", len(text), len(payload)) + text + payload)
    for _ in range(data.draw(st.integers(0, 3))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(bytes(frame[: data.draw(st.integers(0, len(frame)))])) in ("read", "WireError", "Gone")


def outcome(data: bytes) -> str:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(data)
        ours.shutdown(socket.SHUT_WR)
        try:
            header, payload = frames.receive(theirs, deadline=time.monotonic() + 5)
            Decoder(payload, lambda reference: reference).decode(header)
        except REFUSALS as error:
            return type(error).__name__
    return "read"


FOUR_MIB = 4 << 20
HOSTILE = {
    "tensors that overlap": [{"x": ["uint8", [FOUR_MIB], 0, False]}] * 40,
    "strides of zero": {"x": ["float32", [1 << 20, 1 << 10], 0, False, [0, 0]]},
    "more elements than a number counts": {"x": ["uint8", [1 << 39, 1 << 39, 1 << 39], 0, False, [0, 0, 0]]},
    "empty, with enormous sizes": {"x": ["uint8", [0, 1 << 39, 1 << 39, 1 << 39], 0, False]},
    "strides past the frame": {"x": ["uint8", [2], 0, False, [1 << 39]]},
    "an offset past the frame": {"x": ["uint8", [8], FOUR_MIB, False]},
    "a negative offset": {"x": ["uint8", [8], -8, False]},
    "sixty-five dimensions": {"x": ["uint8", [1] * 65, 0, False]},
    "a boolean as a size": {"x": ["uint8", [True], 0, False]},
    "too many tensors": [{"x": ["uint8", [1], 0, False]}] * (values.TENSOR_LIMIT + 1),
    "too many entries": {"d": [[k * ((1 << 61) - 1), 0] for k in range(values.PAIR_LIMIT + 1)]},
    "keys that cannot be keys": {"d": [[[1], 2]]},
    "pairs that are none": {"d": [[1]]},
    "a complex of numbers too large": {"c": [10**400, 0]},
    "an unknown kind": {"z": 1},
    "an unknown dtype": {"y": "quint8"},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_frame_is_refused(name: str) -> None:
    """Each of these would cost the judge memory or time, or raise something that no caller expects."""
    start = time.monotonic()
    with pytest.raises(WireError):
        decoded(HOSTILE[name], bytes(FOUR_MIB))
    assert time.monotonic() - start < 5


def test_deep_headers_are_refused() -> None:
    """A million brackets are a header, but no value."""
    text = b"[" * 500_000 + b"]" * 500_000
    ours, theirs = socket.socketpair()

    def push() -> None:
        with ours:
            ours.sendall(struct.pack("!II", len(text), 0) + text)

    threading.Thread(target=push, daemon=True).start()
    with theirs, pytest.raises(WireError):
        frames.receive(theirs, deadline=time.monotonic() + 10)


def test_a_length_is_checked_before_memory_is_taken() -> None:
    """Eight bytes that announce 8 GiB are refused at once."""
    start = time.monotonic()
    assert outcome(b"\xff" * 8) == "WireError"
    assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    ("count", "piece"),
    [(0, 1), (3, 1), (3, 7), (9_000, 5_000), (9_000, 200_000), (70_000, 5_000), (70_000, 200_000)],
)
def test_a_frame_comes_in_any_pieces(count: int, piece: int) -> None:
    """However the bytes are cut, what is read is what was sent."""
    value = torch.arange(count, dtype=torch.float64)
    encoder = Encoder(refuse)
    text, payload = frames.dumped(encoder.encode(value)).encode(), b"".join(map(bytes, encoder.payload))
    frame = struct.pack("!II", len(text), len(payload)) + text + payload
    ours, theirs = socket.socketpair()

    def push() -> None:
        with ours:
            for start in range(0, len(frame), piece):
                ours.sendall(frame[start : start + piece])
                time.sleep(0.001)

    threading.Thread(target=push, daemon=True).start()
    with theirs:
        header, body = frames.receive(theirs, deadline=time.monotonic() + 10)
    assert same(value, Decoder(body, refuse, gives=True).decode(header))


def test_nothing_follows_a_frame() -> None:
    """The sides take turns: an answer to a question not yet asked is no answer."""
    frame = struct.pack("!II", 4, 0) + b"null"
    assert outcome(frame) == "read"
    assert outcome(frame + frame) == "WireError"
    assert outcome(struct.pack("!II", 6, 0) + b"null[]") == "WireError"


def test_one_deadline_covers_a_dripping_frame() -> None:
    """A byte now and then does not move the deadline."""
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def drip() -> None:
        ours.sendall(struct.pack("!II", 1000, 0))
        while not stop.wait(0.02):
            ours.sendall(b" ")

    thread = threading.Thread(target=drip)
    thread.start()
    start = time.monotonic()
    try:
        with pytest.raises(Late):
            frames.receive(theirs, deadline=start + 0.3)
        assert 0.25 < time.monotonic() - start < 3
    finally:
        stop.set()
        thread.join()
        ours.close()
        theirs.close()


def test_one_deadline_covers_a_reader_that_does_not_read() -> None:
    """Sending into a full socket is Late as well."""
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(Late):
        frames.send(ours, None, [bytes(32 << 20)], deadline=time.monotonic() + 0.2)


def test_names_are_made_printable_where_they_are_read() -> None:
    """Escapes in the name of a type reach nobody, and neither does a megabyte of it."""
    for node in ({"o": "\x1b[2J" + "A" * 9999}, {"h": [1, "\x1b[2J" + "A" * 9999]}):
        kind = decoded(node).type
        assert kind.isprintable()
        assert len(kind) <= values.NAME_LIMIT + 1
