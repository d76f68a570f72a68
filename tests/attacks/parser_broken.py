# Source nested deeper than the parser can go.
# must: crashed
# source: "x = " + "(" * 5000 + ")" * 5000

