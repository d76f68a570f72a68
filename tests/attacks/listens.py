# Listens on a port.
# must: crashed
# with: right
import socket
socket.create_server(("127.0.0.1", 0))
