"""Arrays of a safetensors file used where they lie: mapped into memory, only pages that are touched are read."""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["STORED_TYPE", "arrays_in_place"]

STORED_TYPE: Mapping[type[np.generic], str] = {
    np.int64: "I64",
    np.int32: "I32",
    np.int16: "I16",
    np.int8: "I8",
    np.uint64: "U64",
    np.uint32: "U32",
    np.uint16: "U16",
    np.uint8: "U8",
}
"""What the header of a file calls a dtype."""


def arrays_in_place(
    view: mmap.mmap, layout: Mapping[str, tuple[type[np.generic], tuple[int, ...]]]
) -> dict[str, NDArray[Any]]:
    """The arrays of a mapped file: the header's length in 8 bytes, the header in JSON, the data.

    Args:
        view: the file, whose header the safetensors library has checked.
        layout: name -> dtype and axes after the first.

    Raises:
        ValueError, KeyError, TypeError: its arrays are not those of ``layout``.
    """
    data_at = 8 + int.from_bytes(view[:8], "little")
    header = json.loads(view[8:data_at])
    arrays = {}
    for name, (dtype, axes) in layout.items():
        stored = header[name]
        shape = stored["shape"]
        if stored["dtype"] != STORED_TYPE[dtype] or tuple(shape[1:]) != axes:
            raise ValueError(f"{name}: {stored['dtype']}{shape}")
        arrays[name] = np.ndarray(shape, dtype, buffer=view, offset=data_at + stored["data_offsets"][0])
    return arrays
