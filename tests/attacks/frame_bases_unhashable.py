# An error whose bases cannot be looked up.
# must: crashed
# with: frames
instead({"error": {"d": [["type", [1]], ["text", 5], ["line", "x"], ["bases", [[], {"d": []}]]]}, "forbidden": []}, load=True)
