# Reads the machine's name tags.
# must: crashed
raise RuntimeError(open("/etc/machine-id").read())
