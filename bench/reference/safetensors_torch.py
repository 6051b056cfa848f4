"""Reads safetensors files for the scripts beside it."""

import json
import struct

import torch

TYPES = {
    "F32": torch.float32, "F16": torch.float16, "F64": torch.float64,
    "I32": torch.int32, "I64": torch.int64, "U8": torch.uint8,
}


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        part = data[begin:end]
        tensors[name] = (
            torch.frombuffer(part, dtype=TYPES[entry["dtype"]])
            if part else torch.empty(0, dtype=TYPES[entry["dtype"]])
        ).reshape(entry["shape"])
    return tensors
