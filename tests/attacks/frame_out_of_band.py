# Urgent bytes between its answers: a stream that is read in order stops at them.
# must: failed|crashed|timeout
# with: frames, wrong
# seconds: 2
import socket
honest = WORKER.answer
def answer(header, payload):
    try:
        WORKER.sock.send(b"!", socket.MSG_OOB)
    except OSError:
        pass
    return honest(header, payload)
WORKER.answer = answer
