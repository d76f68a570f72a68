"""A person's answer to a kata: read, judged, kept, watched."""
