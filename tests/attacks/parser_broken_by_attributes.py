# An attribute chain a hundred thousand long.
# must: crashed
# source: "x = a" + ".a" * 100000

