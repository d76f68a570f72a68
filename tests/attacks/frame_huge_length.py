# Announces 4 GiB twice.
# must: crashed
# with: frames
send(struct.pack("!II", 0xFFFFFFFF, 0xFFFFFFFF))
time.sleep(60)
