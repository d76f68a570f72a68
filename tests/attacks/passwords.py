# Reads who lives here.
# must: crashed
raise RuntimeError(open("/etc/passwd").read())
