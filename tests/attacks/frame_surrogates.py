# Lone surrogates wherever text is read.
# must: failed
# with: frames
instead({"error": {"d": [["type", "\ud800"], ["text", "\udfff\ud800"], ["line", 1], ["bases", ["\ud800"]]]}, "forbidden": ["\ud800"]})
