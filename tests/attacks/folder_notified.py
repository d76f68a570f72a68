# Asks to be told of every change in a folder.
# must: crashed
# with: raw, right
descriptor = os.open(os.path.dirname(os.__file__), os.O_RDONLY)
call("fcntl", descriptor, 1026, 1)  # F_NOTIFY, DN_ACCESS
