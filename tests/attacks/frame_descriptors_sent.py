# Sends descriptors to the judge along with each byte.
# must: failed|crashed
# with: frames
import socket
for _ in range(50):
    null = os.open("/dev/null", os.O_RDONLY)
    os.close(null)
honest = WORKER.answer
def answer(header, payload):
    text = b'{"value": null, "forbidden": []}'
    data = struct.pack("!II", len(text), 0) + text
    for n in range(len(data)):
        WORKER.sock.sendmsg([data[n:n + 1]], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("4i", 0, 1, 2, WORKER.sock.fileno()))])
    from interview.grading.wire import frames
    return answer(*frames.receive(WORKER.sock, deadline=time.monotonic() + 1e6))
WORKER.answer = answer
