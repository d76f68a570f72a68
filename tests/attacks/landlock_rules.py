# Landlock rules without end: memory of the kernel's that no limit counts.
# must: crashed
# with: raw, right
import struct
rules = call("landlock_create_ruleset", struct.pack("QQ", 0, 1), 16, 0)
for port in range(1000):
    call("landlock_add_rule", rules, 2, struct.pack("QQ", 1, port), 0)
