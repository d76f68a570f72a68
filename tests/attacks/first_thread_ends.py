# The thread that the judge knows ends; another one goes on answering.
# must: failed
# with: frames, wrong
import ctypes
import threading

EXIT = {"x86_64": 60, "aarch64": 93}[os.uname().machine]


def serve():
    from interview.grading.wire import frames

    time.sleep(0.2)
    send(frame({"value": ["dropout"]}))
    while True:
        header, payload = frames.receive(WORKER.sock, deadline=time.monotonic() + 1e6)
        frames.send(WORKER.sock, *WORKER.answer(header, payload), deadline=time.monotonic() + 1e6)


threading.Thread(target=serve, daemon=True).start()
ctypes.CDLL(None).syscall(EXIT, 0)
