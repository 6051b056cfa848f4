"""Writes an ESM2 folder of random weights in the layout of Hugging Face.

    esm2_random.py FOLDER WIDTH LAYERS HEADS

Single precision, 33 tokens, tensors one after the other.
"""

import json
import os
import struct
import sys

import torch

TOKENS = ("<cls> <pad> <eos> <unk> L A G V S E R T I D P K Q N F Y M H W C X B "
          "U Z O . - <null_1> <mask>").split()


def shapes(width, layers):
    def dense(name, rows, columns):
        yield f"{name}.weight", (rows, columns)
        yield f"{name}.bias", (rows,)

    def norm(name):
        yield f"{name}.weight", (width,)
        yield f"{name}.bias", (width,)

    yield "esm.embeddings.word_embeddings.weight", (len(TOKENS), width)
    for i in range(layers):
        at = f"esm.encoder.layer.{i}"
        yield from norm(f"{at}.attention.LayerNorm")
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            yield from dense(f"{at}.attention.{part}", width, width)
        yield from norm(f"{at}.LayerNorm")
        yield from dense(f"{at}.intermediate.dense", 4 * width, width)
        yield from dense(f"{at}.output.dense", width, 4 * width)
    yield from norm("esm.encoder.emb_layer_norm_after")


def values(name, shape, width):
    x = torch.randn(shape) / width ** 0.5
    is_norm = "norm" in name.lower() and name.endswith("weight")
    return x + 1 if is_norm else x


def main(folder, width, layers, heads):
    torch.manual_seed(1)
    width, layers, heads = int(width), int(layers), int(heads)
    os.makedirs(folder, exist_ok=True)
    config = {
        "model_type": "esm", "hidden_size": width,
        "intermediate_size": 4 * width, "num_hidden_layers": layers,
        "num_attention_heads": heads, "vocab_size": len(TOKENS),
        "max_position_embeddings": 1026, "position_embedding_type": "rotary",
        "token_dropout": True, "emb_layer_norm_before": False,
        "layer_norm_eps": 1e-5, "hidden_act": "gelu",
    }
    with open(f"{folder}/config.json", "w") as file:
        json.dump(config, file)
    with open(f"{folder}/vocab.txt", "w") as file:
        file.write("\n".join(TOKENS) + "\n")
    header, end = {}, 0
    for name, shape in shapes(width, layers):
        begin = end
        end += 4 * torch.Size(shape).numel()
        header[name] = {"dtype": "F32", "shape": shape,
                        "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    with open(f"{folder}/model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in shapes(width, layers):
            file.write(values(name, shape, width).view(-1).numpy().data)


main(*sys.argv[1:])
