"""What a person does with the content, and what comes of it."""
