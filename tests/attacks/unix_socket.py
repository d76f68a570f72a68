# Connects to a socket by its path, and to an abstract one.
# must: crashed
# with: right
import socket
sock = socket.socket(socket.AF_UNIX)
try:
    sock.connect("\0interview-attack-marker")
except ConnectionRefusedError:
    pass
