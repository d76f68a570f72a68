# Shuts the socket down and stays alive.
# must: crashed
# with: frames
# seconds: 2
import socket
WORKER.sock.shutdown(socket.SHUT_RDWR)
time.sleep(60)
