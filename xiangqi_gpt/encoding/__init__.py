"""What a model sees of a game: move ids, tokens, views from the mover's side, board features."""
