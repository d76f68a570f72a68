# Announces a payload, sends half of it and hangs up.
# must: crashed
# with: frames
send(struct.pack("!II", 2, 1000) + b"{}" + b"x" * 500)
os._exit(0)
