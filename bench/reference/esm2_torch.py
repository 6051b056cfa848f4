"""ESM2 as plain PyTorch modules: the yardstick of bench/esm2.R.

    esm2_torch.py FOLDER SEQUENCES THREADS TOKENS REPEATS OUT

Embeds the sequences (one a line) with the weights of FOLDER in padded,
length-sorted batches of at most TOKENS tokens, REPEATS times. Writes the mean
embeddings as float32 to OUT and prints elapsed and processor seconds of each
repeat. Layers as in facebookresearch/esm (MIT licence), written anew: token
dropout scaling, pre-layer-norm blocks, rotary attention, exact GELU.
"""

import json
import math
import sys
import time

import torch
from torch import nn

from safetensors_torch import read_safetensors


def rotate_half(x):
    first, second = x.chunk(2, dim=-1)
    return torch.cat((-second, first), dim=-1)


class Rotary(nn.Module):
    def __init__(self, width):
        super().__init__()
        exponents = torch.arange(0, width, 2).float() / width
        self.register_buffer("frequencies", 1.0 / 10000 ** exponents)
        self.length = 0

    def forward(self, q, k):
        if self.length != q.size(-2):
            self.length = q.size(-2)
            angles = torch.outer(torch.arange(self.length).float(),
                                 self.frequencies)
            angles = torch.cat((angles, angles), dim=-1)
            self.cosine, self.sine = angles.cos()[None], angles.sin()[None]
        return (q * self.cosine + rotate_half(q) * self.sine,
                k * self.cosine + rotate_half(k) * self.sine)


class Layer(nn.Module):
    def __init__(self, width, inner, heads, epsilon):
        super().__init__()
        self.heads, self.head_width = heads, width // heads
        self.attention_norm = nn.LayerNorm(width, eps=epsilon)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.rotary = Rotary(self.head_width)
        self.norm = nn.LayerNorm(width, eps=epsilon)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)

    def heads_first(self, x):
        n, length, _ = x.shape
        return (x.view(n, length, self.heads, self.head_width).transpose(1, 2)
                .reshape(n * self.heads, length, self.head_width))

    def attend(self, x, padding):
        n, length, width = x.shape
        q = self.heads_first(self.query(x) * self.head_width ** -0.5)
        k = self.heads_first(self.key(x))
        v = self.heads_first(self.value(x))
        q, k = self.rotary(q, k)
        scores = torch.bmm(q, k.transpose(1, 2))
        if padding is not None:
            scores = scores.view(n, self.heads, length, length)
            scores = scores.masked_fill(padding[:, None, None], -math.inf)
            scores = scores.view(n * self.heads, length, length)
        context = torch.bmm(torch.softmax(scores, dim=-1), v)
        context = context.view(n, self.heads, length, self.head_width)
        return self.out(context.transpose(1, 2).reshape(n, length, width))

    def forward(self, x, padding):
        x = x + self.attend(self.attention_norm(x), padding)
        h = nn.functional.gelu(self.up(self.norm(x)))
        return x + self.down(h)


class Esm2(nn.Module):
    NAMES = {
        "attention_norm": "attention.LayerNorm",
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm": "LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
    }

    def __init__(self, config, weights):
        super().__init__()
        width, epsilon = config["hidden_size"], config["layer_norm_eps"]
        self.tokens = nn.Embedding(config["vocab_size"], width, padding_idx=1)
        self.layers = nn.ModuleList(
            Layer(width, config["intermediate_size"],
                  config["num_attention_heads"], epsilon)
            for _ in range(config["num_hidden_layers"]))
        self.after = nn.LayerNorm(width, eps=epsilon)
        self.take("tokens", weights, "esm.embeddings.word_embeddings", False)
        self.take("after", weights, "esm.encoder.emb_layer_norm_after")
        for i in range(config["num_hidden_layers"]):
            for ours, theirs in self.NAMES.items():
                self.take(f"layers.{i}.{ours}", weights,
                          f"esm.encoder.layer.{i}.{theirs}")

    def take(self, module, weights, name, bias=True):
        module = self.get_submodule(module)
        module.weight.data = weights[f"{name}.weight"]
        if bias:
            module.bias.data = weights[f"{name}.bias"]

    def forward(self, tokens):
        padding = tokens.eq(1)
        x = self.tokens(tokens) * (1 - 0.15 * 0.8)
        x = x * (1 - padding[..., None].type_as(x))
        mask = padding if padding.any() else None
        for layer in self.layers:
            x = layer(x, mask)
        return self.after(x)


def batches(sequences, budget):
    order = sorted(range(len(sequences)), key=lambda i: -len(sequences[i]))
    batch = []
    for i in order:
        longest = len(sequences[batch[0]]) if batch else 0
        if batch and (longest + 2) * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(i)
    yield batch


def embed(model, vocabulary, sequences, budget, out):
    for batch in batches(sequences, budget):
        longest = max(len(sequences[i]) for i in batch)
        tokens = torch.full((len(batch), longest + 2), 1)
        for row, i in enumerate(batch):
            ids = [0] + [vocabulary[c] for c in sequences[i]] + [2]
            tokens[row, :len(ids)] = torch.tensor(ids)
        hidden = model(tokens)
        for row, i in enumerate(batch):
            out[i] = hidden[row, 1:len(sequences[i]) + 1].mean(0)


def main(folder, sequences, threads, budget, repeats, out):
    torch.set_num_threads(int(threads))
    with open(f"{folder}/config.json") as file:
        config = json.load(file)
    with open(f"{folder}/vocab.txt") as file:
        vocabulary = {token: i for i, token in enumerate(file.read().split())}
    with open(sequences) as file:
        sequences = file.read().split()
    model = Esm2(config, read_safetensors(f"{folder}/model.safetensors")).eval()
    result = torch.empty(len(sequences), config["hidden_size"])
    for _ in range(int(repeats)):
        elapsed, used = time.perf_counter(), time.process_time()
        with torch.no_grad():
            embed(model, vocabulary, sequences, int(budget), result)
        print(time.perf_counter() - elapsed, time.process_time() - used)
    with open(out, "wb") as file:
        file.write(bytes(result.contiguous().view(-1).numpy().data))


main(*sys.argv[1:])
