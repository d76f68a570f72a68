"""A card being asked: model, update, view."""
