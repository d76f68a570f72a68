# Puts the judge's socket in place of standard output, and prints an answer.
# must: failed|crashed|timeout
# with: frames, wrong
# seconds: 2
os.dup2(WORKER.sock.fileno(), 1)
def dropout(x, p=0.5, training=True):
    os.write(1, frame({"value": None, "forbidden": []}))
    return x
