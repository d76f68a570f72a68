# A handle on the socket's other end, and a signal through it.
# must: crashed
# with: frames, raw, right
import socket, struct
SO_PEERPIDFD = 77
peer = WORKER.sock.getsockopt(socket.SOL_SOCKET, SO_PEERPIDFD)
call("pidfd_send_signal", peer, 0, 0, 0)
