"""``python train.py …``: the same command as ``xiangqi-gpt train …``."""

import sys

from xiangqi_gpt.cli import main

if __name__ == "__main__":
    sys.exit(main(["train", *sys.argv[1:]]))
