# Sends to another socket by its address, over the one it has.
# must: crashed
# with: frames, right
WORKER.sock.sendmsg([b"x"], [], 0, "\0interview-attack-marker")
