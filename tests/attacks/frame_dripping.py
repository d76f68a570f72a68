# Drips one byte at a time.
# must: timeout
# with: frames
# seconds: 1
text = b" " * 100000
send(struct.pack("!II", len(text), 0))
while True:
    send(b" ")
    time.sleep(0.05)
