"""The worker pool: the process that forks workers, and never sees a request.

A fork inherits all of its parent's memory, freed strings too. The zygote has read the sources and seeds of earlier
submissions, so a worker forked from it could copy a right answer; this process forks before the first one comes and
hears no more than `Fork` and `Finish`. Workers' leftovers are re-parented to it, and end with their worker.
"""

from __future__ import annotations

import contextlib
import os
import platform
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from interview.dataclass import dataclass
from interview.grading.answering import from_scratch
from interview.grading.deadlines import PATIENT
from interview.grading.kernel.ending import kill, reap_strays
from interview.grading.kernel.forking import end_with, fork
from interview.grading.kernel.refusal import why
from interview.grading.messages.channel import Channel
from interview.grading.messages.events import Ended
from interview.grading.messages.orders import Finish, Fork, Forked, Order
from interview.grading.processes.prewarm import warm
from interview.grading.sandbox import lockdown, namespaces, seccomp, worker
from interview.grading.sandbox.ground import become_subreaper
from interview.grading.sandbox.threads import Doorman, crowded

READY = 2  # workers, so that the next one is there while the last one is still being taken down


@dataclass(slots=True)
class Spare:
    """A worker that is locked down and waiting. `sock` is the judge's end; `output` takes what it prints, and behind
    the first `printed` bytes of it the stack it was asked for."""

    pid: int
    sock: socket.socket
    output: int
    printed: int | None = None


class WorkerPool:
    """The zygote's side. A spare worker is ordered ahead of its use, so that nobody waits for a fork."""

    def __init__(self, ground: lockdown.Ground) -> None:
        (control, theirs), (deliveries, delivering) = socket.socketpair(), socket.socketpair()
        self.control, self.deliveries = Channel(control), Channel(deliveries)
        parent = os.getpid()
        self.pid = fork()
        if not self.pid:
            self.control.close()
            self.deliveries.close()
            tend(Channel(theirs), Channel(delivering), ground, parent)
        theirs.close()
        delivering.close()
        ground.close()
        for _ in range(READY):
            self.control.send(Fork())

    def spare(self) -> Spare:
        """A worker that was ordered; the next one is ordered by `finish`."""
        forked = self.deliveries.receive()
        if forked is None:
            raise RuntimeError("no worker could be forked")
        assert isinstance(forked, Forked)
        sock, output = self.deliveries.descriptors[:2]
        del self.deliveries.descriptors[:2]
        return Spare(forked.pid, socket.socket(fileno=sock), output)

    def finish(self, spare: Spare, *, patient: bool) -> Ended:
        """End the worker and whatever it left behind, and say how it had ended by itself. `patient`: see Finish."""
        self.control.send(Finish(spare.pid, patient))
        ended = self.control.receive()
        self.control.send(Fork())
        return ended if isinstance(ended, Ended) else Ended()

    def let_go(self) -> None:
        """In a fork of the zygote that has no business here: the pool must see the zygote itself hang up."""
        self.control.close()
        self.deliveries.close()

    def close(self) -> None:
        self.control.sock.shutdown(socket.SHUT_RDWR)
        os.waitpid(self.pid, 0)


def tend(control: Channel, delivering: Channel, ground: lockdown.Ground, parent: int) -> None:
    """The pool's whole life. Never returns: it ends, with all of its children, when the zygote hangs up."""
    try:
        ground = joined(ground)
        leash(parent)
        from_scratch.names(len)  # torch builds its table of names at the first question: once here, not in each worker
        with contextlib.suppress(seccomp.SeccompUnsupported):
            seccomp.unconditional(platform.machine())
        workers: dict[int, Doorman] = {}
        warmed = False
        for order in orders(control, workers):
            match order:
                case Fork():
                    doorman = fork_worker(delivering, ground)
                    workers[doorman.pid] = doorman
                    if not warmed and len(workers) == READY:  # now there is time; no first verdict waits for it
                        warm()
                        warmed = True
                case Finish(pid, patient):
                    ended = how_ended(pid, patient=patient)
                    kill(pid)
                    control.send(ended or Ended())
                    workers.pop(pid).close()
                    os.waitpid(pid, 0)
                    reap_strays(workers)
    finally:
        reap_strays()
        sys.stderr.flush()
        os._exit(0)


def orders(control: Channel, workers: dict[int, Doorman]) -> Iterator[Order]:
    """The zygote's orders, until it hangs up; in between the workers' doormen are seen to."""
    done: set[int] = set()  # workers whose doorman has nothing more to hear
    while True:
        while (order := control.inbox.take()) is not None:
            assert isinstance(order, Order)
            yield order
        poll = select.poll()
        poll.register(control.sock, select.POLLIN)
        watched = {each.fileno(): each for pid, each in workers.items() if pid not in done}
        for descriptor in watched:
            poll.register(descriptor, select.POLLIN)
        for descriptor, event in poll.poll():
            if descriptor in watched and not watched[descriptor].attend(event):
                done.add(watched[descriptor].pid)
            elif descriptor == control.sock.fileno() and not control.read():
                return


def leash(parent: int) -> None:
    """Dies with the zygote, inherits orphans, and holds neither end of the grader's pipes."""
    become_subreaper()
    end_with(parent)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)


def joined(ground: lockdown.Ground) -> lockdown.Ground:
    """The ground after our children were moved into its namespaces; without them, where they cannot be."""
    try:
        namespaces.join(ground.namespaces)
    except OSError as error:
        return replace(ground, namespaces=(), lacking=why(error))
    return ground


def fork_worker(delivering: Channel, ground: lockdown.Ground) -> Doorman:
    ours, theirs = socket.socketpair()
    bell, ringing = socket.socketpair()
    output = os.memfd_create("output") if hasattr(os, "memfd_create") else temporary()
    parent = os.getpid()
    pid = fork()
    if not pid:
        ours.close()
        bell.close()
        worker.main(theirs, ground, output=output, parent=parent, bell=ringing)
    theirs.close()
    ringing.close()
    delivering.send(Forked(pid), [ours.fileno(), output])
    ours.close()
    os.close(output)
    return Doorman(pid, bell)


def how_ended(worker_pid: int, *, patient: bool) -> Ended | None:
    """The signal or exit code by which a worker ended; None when it still lives. `patient`: it is about to end.

    It is not reaped here: until then its number is nobody else's, and may be killed.
    """
    last = time.monotonic() + PATIENT.of()
    while (seen := os.waitid(os.P_PID, worker_pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is None:
        if not patient or crowded(worker_pid) or time.monotonic() > last:
            return None
        time.sleep(0.005)
    exited = seen.si_code == os.CLD_EXITED
    return Ended(code=seen.si_status) if exited else Ended(signal=signal_name(seen.si_status))


def signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def temporary() -> int:
    import tempfile

    with tempfile.TemporaryFile(buffering=0) as file:
        return os.dup(file.fileno())
