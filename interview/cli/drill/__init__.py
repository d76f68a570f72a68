"""The drill's commands: what is due, the quiz, a card, the plan, the history in pictures."""
