# A user namespace of its own, where it is root.
# must: crashed
# with: raw, right
call("unshare", 0x10000000)
