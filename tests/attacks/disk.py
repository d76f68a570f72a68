# Fills the disk, at most a MiB of it.
# must: crashed
# with: right
open("/tmp/interview-attack-marker/fill", "wb").write(b"x" * (1 << 20))
