"""Move text: ICCS, UCI, WXF and Chinese, written one way and read every way.

Pure functions on a state row (:mod:`xiangqi_gpt.rules.position`); moves are kernel moves,
``from << 7 | to``.
"""
