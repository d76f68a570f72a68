"""What happened, as plain values: the store keeps them, the drill folds them, the screens show them."""
