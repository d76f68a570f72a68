# A source of two megabytes.
# must: crashed
# source: "# " + "x" * 2_000_000

