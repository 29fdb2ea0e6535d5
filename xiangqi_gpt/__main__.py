"""``python -m xiangqi_gpt``: the same as the command ``xiangqi-gpt``."""

import sys

from xiangqi_gpt.cli import main

if __name__ == "__main__":
    sys.exit(main())
