"""Matches between players: openings, results, ratings."""
