# Connects to a port of this machine.
# must: crashed
# with: right
import socket
socket.create_connection(("127.0.0.1", 9), timeout=1)
