"""The channel: a socket between processes of ours, by which messages come and go, and descriptors with them."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from interview.grading.messages.codec import Inbox, Message, encode

CHUNK = 1 << 16  # bytes asked for at once
DESCRIPTORS = 8  # that may come with a message


class Channel:
    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.inbox = Inbox()
        self.descriptors: list[int] = []

    def send(self, message: Message, descriptors: Sequence[int] = ()) -> None:
        line = encode(message)
        sent = socket.send_fds(self.sock, [line], descriptors)
        if sent < len(line):  # the other end may have read it all, and gone
            self.sock.sendall(line[sent:])

    def receive(self) -> Message | None:
        """The next message, waited for; None when the other end has hung up."""
        while (message := self.inbox.take()) is None:
            if not self.read():
                return None
        return message

    def read(self) -> bool:
        """What has come, or comes first; False when the other end has hung up."""
        chunk, descriptors, _, _ = socket.recv_fds(self.sock, CHUNK, DESCRIPTORS)
        self.descriptors += descriptors
        self.inbox.put(chunk)
        return bool(chunk)

    def close(self) -> None:
        self.sock.close()
