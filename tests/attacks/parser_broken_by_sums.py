# A sum of a hundred thousand terms.
# must: crashed
# source: "x = " + "1+" * 100000 + "1"

