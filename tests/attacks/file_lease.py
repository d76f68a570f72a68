# Takes a lease on a library, so that nobody may write it.
# must: crashed
# with: raw, right
descriptor = os.open(os.__file__, os.O_RDONLY)
call("fcntl", descriptor, 1024, 0)  # F_SETLEASE, F_RDLCK
