# A thread that works between calls and writes to the socket.
# must: failed|crashed|timeout
# with: frames
import threading
def flood():
    for _ in range(2000):
        try:
            send(frame({"value": True, "forbidden": []}))
        except OSError:
            return
        time.sleep(0.001)
threading.Thread(target=flood, daemon=True).start()
