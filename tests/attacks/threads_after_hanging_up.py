# Hangs up, and makes threads while it is waited for to end by itself.
# must: crashed
# with: frames
import socket
import threading

threading.stack_size(32768)
WORKER.sock.shutdown(socket.SHUT_RDWR)
for _ in range(3000):
    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
time.sleep(60)
