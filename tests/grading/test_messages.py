"""The messages: what is sent is what comes, however its bytes are cut, and whatever stands in a text."""

from __future__ import annotations

import os
import socket
import threading
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview.grading.judge.events import TEXT_LIMIT, plain
from interview.grading.messages import events, findings, orders, requests
from interview.grading.messages.channel import CHUNK, Channel
from interview.grading.messages.codec import KINDS, Inbox, Message, decode, encode
from interview.grading.messages.events import At, Broken, CheckDone, Gone
from interview.grading.messages.findings import Evidence, Passed, Recognised, Refuted
from interview.grading.messages.requests import Cancel, Judge, Submitted
from interview.text import Text

KIND_NAMES = sorted(KINDS)


def value_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if inner[-1] is Ellipsis:
            return st.lists(value_of(inner[0]), max_size=3).map(tuple)
        return st.tuples(*map(value_of, inner))
    if get_args(hint):  # a union
        return st.one_of(*map(value_of, get_args(hint)))
    plain = {str: st.text(), int: st.integers(), bool: st.booleans(), float: st.floats(allow_nan=False)}
    if hint is type(None):
        return st.none()
    return plain[hint] if hint in plain else of_kind(hint)


def of_kind(kind: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, *(value_of(hints[name]) for name in kind.__match_args__))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", KIND_NAMES)
@settings(max_examples=5)
@given(data=st.data())
def test_what_is_sent_is_what_comes(name: str, data: st.DataObject) -> None:
    """Every kind of message and of what stands in one, with any values that its fields may have; and it is a line."""
    sent = data.draw(of_kind(KINDS[name]))
    line = encode(sent)
    assert decode(line) == sent
    assert line.count(b"\n") == 1


def test_each_message_is_known_by_its_name() -> None:
    """A type of this room that the codec does not know could be sent and not be read."""
    rooms = (requests, findings, events, orders)
    every = [each for room in rooms for each in vars(room).values()]
    types = {each for each in every if isinstance(each, type) and hasattr(each, "__compared__")}
    assert types == set(KINDS.values())
    assert len(set(KINDS.values())) == len(KINDS)


@pytest.mark.parametrize(
    "line",
    [
        '{"Nothing": []}',
        '{"Passed": [], "Cancel": []}',
        '{"Passed": [1]}',
        '{"Text": ["en"]}',
        "{}",
        '{"Judged": [',
        "",
    ],
)
def test_a_line_that_is_no_message_is_none(line: str) -> None:
    """An unknown name, two of them, a field too many or too few, half a line: nothing is made of it."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        decode(line)


@given(cuts=st.lists(st.integers(1, 400), max_size=8))
def test_a_line_may_come_in_any_pieces(cuts: list[int]) -> None:
    """However the pipe cuts them, messages come whole and in their order."""
    sent: list[Message] = [Broken(Text("a\nb", "a\nb")), Cancel(), Gone(At("f(x)", "rate"), "错"), Cancel()]
    stream, inbox = b"".join(map(encode, sent)), Inbox()
    came = []
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(stream)], strict=True):
        inbox.put(stream[start:end])
        while (message := inbox.take()) is not None:
            came.append(message)
    assert came == sent


def test_a_message_is_struck_out_of_turn() -> None:
    """What takes a request back is seen while it is still under way, and only once it has come whole."""
    inbox = Inbox()
    inbox.put(encode(Broken(Text("first", "first"))) + encode(Cancel())[:-1])
    assert not inbox.strike(Cancel())
    inbox.put(b"\n")
    assert inbox.strike(Cancel())
    assert not inbox.strike(Cancel())
    assert inbox.take() == Broken(Text("first", "first"))
    assert inbox.take() is None


def test_descriptors_come_with_their_message() -> None:
    """A request longer than what is read at once arrives whole, and the descriptor that was sent with it too."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sent = Broken(Text("x" * 4 * CHUNK, "x"))
        child = os.fork()
        if not child:
            reading, writing = os.pipe()
            os.write(writing, b"!")
            Channel(ours).send(sent, [reading])
            os._exit(0)
        ours.close()
        channel = Channel(theirs)
        assert channel.receive() == sent
        (descriptor,) = channel.descriptors
        assert os.read(descriptor, 9) == b"!"
        os.close(descriptor)
        assert channel.receive() is None
        os.waitpid(child, 0)


def test_who_has_been_heard_may_be_left_alone() -> None:
    """The other end reads a message and closes: that is no fault of the sender's, who sent it whole."""
    for _ in range(100):
        ours, theirs = socket.socketpair()
        hearing = threading.Thread(target=lambda sock=theirs: (Channel(sock).receive(), sock.close()))
        hearing.start()
        with ours:
            Channel(ours).send(Cancel())
        hearing.join()


def test_a_submission_puts_no_message_into_a_text() -> None:
    """A text that reads like an event stays a text, and comes to a terminal as one."""
    forged = encode(CheckDone("rate", "", Passed())).decode()
    evidence = Evidence(Text(forged, forged), facts=(("said", forged),))
    event = CheckDone("rate", forged, Recognised("x", evidence), forged)
    came = decode(encode(plain(event)))
    assert isinstance(came, CheckDone)
    assert isinstance(came.finding, Recognised)
    assert came.call.startswith('{"CheckDone"')


@pytest.mark.parametrize("odd", [object(), [object()], b"bytes", {"a": 1}, 1j])
def test_what_a_suite_measured_is_told_whatever_it_is(odd: object) -> None:
    """A fact that is no number and no text is told as one: never a judge that breaks over it."""
    event = CheckDone("rate", "", Refuted(Text("", ""), Evidence(facts=(("odd", odd),))))  # type: ignore[arg-type]
    came = decode(encode(plain(event)))
    assert isinstance(came, CheckDone)


def test_a_text_of_any_length_is_cut() -> None:
    """What a submission got into an event is no longer than a person would read."""
    came = plain(Broken(Text("x" * 10 * TEXT_LIMIT, "x")))
    assert len(came.said.en) <= TEXT_LIMIT + 1


def test_a_source_crosses_as_it_is() -> None:
    """Also one that no encoding holds: lone surrogates stand in files that Python reads."""
    made = dict.fromkeys(Submitted.__match_args__, ())  # type: ignore[attr-defined]
    submitted = Submitted(**made | {"source": "'\ud800'\r\n\x00\u2028"})
    assert decode(encode(Judge(submitted))) == Judge(submitted)
