# Back into the tree of the machine, by a namespace, a root or a mount.
# must: crashed
# with: raw, right
refused = 0
for act in (
    lambda: call("unshare", 0x20000), lambda: call("mount", b"none", b"/", b"tmpfs", 0, 0), lambda: os.chroot("/"),
    lambda: os.open("/proc/1/root", os.O_RDONLY), lambda: os.open("/proc/self/ns/mnt", os.O_RDONLY),
    lambda: os.listdir("../../../.."),
):
    try:
        act()
    except OSError:
        refused += 1
if refused == 6:
    raise PermissionError("refused")
