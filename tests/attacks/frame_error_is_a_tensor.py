# An error whose type is an enormous list.
# must: crashed
# with: frames
instead({"error": {"d": [["type", [[1, 2, 3]] * 50000], ["text", None]]}, "forbidden": []}, load=True)
