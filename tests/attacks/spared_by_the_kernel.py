# Wants to be the last one that the kernel ends for want of memory.
# must: crashed
# with: right
open("/proc/self/oom_score_adj", "w").write("-1000")
