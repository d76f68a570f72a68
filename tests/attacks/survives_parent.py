# Asks to outlive its parent.
# must: crashed
# with: raw, right
call("prctl", 1, 0, 0, 0, 0)
