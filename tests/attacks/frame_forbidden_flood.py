# Says that it called eighty thousand forbidden functions, each of its own name.
# must: failed|crashed|timeout
# with: frames
# seconds: 3
import itertools
names = ["".join(each) for each in itertools.product("abcdefghijklmnopqrst", repeat=4)][:80000]
instead({"value": None, "forbidden": names})
