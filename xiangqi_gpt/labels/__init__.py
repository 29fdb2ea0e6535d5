"""Engines at work for the corpus: games labelled with evaluations and best moves, and games made anew."""
