"""The default MuSL network as plain PyTorch modules: the yardstick of
bench/main-network.R.

    musl_torch.py DIR score FILE            scores of the handed pairs: both
                                            sides' in turn, as doubles, to FILE
    musl_torch.py DIR predict BATCH...      processor seconds of scoring them
    musl_torch.py DIR bfloat16 BATCH...     the same, all of it in bfloat16
    musl_torch.py DIR train BATCH...        processor seconds of a training step

DIR holds model.safetensors and inputs.safetensors of bench/core/network.cpp.
Parameters carry the names of the model file, so that loading them is strict.
All features come ready-made from memory. Histograms are channels-last. A
training step has 512 pairs; BATCH splits it and accumulates the gradients.
Each line printed is "what batch seconds pairs", the fastest of some repeats.
"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

from safetensors_torch import read_safetensors

HEADS, HEAD_WIDTH, NARROWEST = 4, 16, 8  # of the similarities of two genes
STEP, REPEATS = 512, 3


class Mlp(nn.Module):
    """Linear layers with [LayerNorm,] ReLU and dropout between them."""

    def __init__(self, widths, norm, dropout):
        super().__init__()
        self.hidden, self.norm = len(widths) - 2, norm
        self.dropout = nn.Dropout(dropout)
        for i in range(len(widths) - 1):
            setattr(self, f"linear{i}", nn.Linear(widths[i], widths[i + 1]))
            if norm and i < self.hidden:
                setattr(self, f"norm{i}", nn.LayerNorm(widths[i + 1]))

    def forward(self, x):
        for i in range(self.hidden):
            x = getattr(self, f"linear{i}")(x)
            if self.norm:
                x = getattr(self, f"norm{i}")(x)
            x = self.dropout(F.relu(x))
        return getattr(self, f"linear{self.hidden}")(x)


class Histogram(nn.Module):
    def __init__(self, channels, width, dropout):
        super().__init__()
        self.conv0 = nn.Conv2d(channels, 16, 3, padding=1)
        self.conv1 = nn.Conv2d(16, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.project = nn.Linear(64 * 16, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, batch):
        h = batch["histogram"].contiguous(memory_format=torch.channels_last)
        h = F.relu(self.conv0(h), inplace=True)
        h = F.relu(self.conv1(F.avg_pool2d(h, 2)), inplace=True)
        h = F.relu(self.conv2(F.avg_pool2d(h, 2)), inplace=True)
        h = F.avg_pool2d(h, h.size(2) // 4).flatten(1)
        return self.project(self.dropout(h))


class Descriptors(nn.Module):
    def __init__(self, columns, width, dropout):
        super().__init__()
        self.net = Mlp([columns, 128, width], True, dropout)

    def forward(self, batch):
        return self.net(batch["descriptors"])


class Sign(nn.Module):
    """Vectors of genes from their features and those of their neighbours."""

    def __init__(self, columns, hidden, dropout):
        super().__init__()
        self.first = nn.Linear(2 * columns, 2 * hidden)
        self.skip = nn.Linear(2 * columns, hidden, bias=False)
        self.norm = nn.LayerNorm(2 * hidden)
        self.last = nn.Linear(2 * hidden, hidden)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features, propagated):
        x = torch.cat((features, propagated), 1)
        h = self.dropout(F.relu(self.norm(self.first(x))))
        return self.last(h) + self.skip(x)


class Relations(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        self.spans, first = [], 0
        for columns in blocks:
            if columns >= NARROWEST:
                i = len(self.spans)
                for copy in ("own", "propagated"):
                    setattr(self, f"{copy}{i}",
                            nn.Linear(columns, HEADS * HEAD_WIDTH, bias=False))
                self.spans.append((first, columns))
            first += columns
        self.similarities = 2 * HEADS * len(self.spans)
        self.width = self.similarities * HEAD_WIDTH

    def forward(self, features, propagated):
        parts = []
        for i, (first, columns) in enumerate(self.spans):
            for copy, x in (("own", features), ("propagated", propagated)):
                y = getattr(self, f"{copy}{i}")(x.narrow(1, first, columns))
                parts.append(y / (y.square().sum(1, True) + 1e-6).sqrt())
        return torch.cat(parts, 1)

    def compare(self, a, b):
        return (a * b).view(-1, self.similarities, HEAD_WIDTH).sum(2) * HEADS


class Node(nn.Module):
    def __init__(self, columns, hidden, width, dropout):
        super().__init__()
        dropout = min(2.5 * dropout, 0.8)
        self.genes = Sign(columns, hidden, dropout)
        self.gene_norm = nn.LayerNorm(hidden)
        self.pair = nn.Linear(3 * hidden, width)
        self.pair_norm = nn.LayerNorm(width)
        self.output = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)
        self.own = hidden

    def combine(self, a, b):
        return self.pair(torch.cat((a + b, (a - b).abs(), a * b), 1))

    def finish(self, h):
        return self.output(self.dropout(F.relu(self.pair_norm(h))))


class Genes(Node):
    def vectors(self, features, propagated):
        return self.genes(features, propagated)

    def forward(self, batch):
        a, b = batch["genes_a"], batch["genes_b"]
        return self.finish(self.combine(self.gene_norm(a), self.gene_norm(b)))


class Graph(Node):
    def __init__(self, columns, hidden, width, dropout, blocks, topology):
        super().__init__(columns, hidden, width, dropout)
        self.relations = Relations(blocks)
        self.relate = Mlp([self.relations.similarities + topology, 32, width],
                          False, 0.0)

    def vectors(self, features, propagated):
        return torch.cat((self.genes(features, propagated),
                          self.relations(features, propagated)), 1)

    def forward(self, batch):
        a, b, seen = batch["graph_a"], batch["graph_b"], batch["seen"]
        n = self.own
        h = self.combine(self.gene_norm(a[:, :n]) * seen[:, :1],
                         self.gene_norm(b[:, :n]) * seen[:, 1:])
        alike = self.relations.compare(a[:, n:], b[:, n:])
        h = h + self.relate(torch.cat((alike, batch["topology"]), 1))
        return self.finish(h)


class Partners(nn.Module):
    PATHS = 2

    def __init__(self, columns, width, dropout):
        super().__init__()
        self.columns = columns
        self.direction = Mlp([columns + 2, 64, 64], False, dropout)
        self.head = Mlp([128 + self.PATHS, 128, width], True, dropout)

    def forward(self, batch):
        x, n = batch["partners"], self.columns
        a, b = batch["seen"][:, :1], batch["seen"][:, 1:]
        h_a = F.relu(self.direction(torch.cat((x[:, :n] * a, a, b), 1)))
        h_b = F.relu(self.direction(torch.cat((x[:, n:2 * n] * b, b, a), 1)))
        paths = x[:, 2 * n:] * a * b
        return self.head(torch.cat((h_a + h_b, h_a * h_b, paths), 1))


class Branch(nn.Module):
    def __init__(self, width, dropout):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.score = nn.Linear(width, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, z):
        return self.score(self.dropout(F.relu(self.norm(z)))).squeeze(1)


class Adapter(nn.Module):
    def __init__(self, width, fusion):
        super().__init__()
        self.linear = nn.Linear(width, fusion)
        self.norm = nn.LayerNorm(fusion)

    def forward(self, z):
        return self.norm(self.linear(z))


class Gate(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.hidden = nn.Linear(width, width)
        self.score = nn.Linear(width, 1)

    def forward(self, x, present):
        score = self.score(torch.tanh(self.hidden(x))).squeeze(2)
        score = score.masked_fill(present == 0, -1e9)
        gates = torch.softmax(score, 1) * present
        return torch.matmul(gates.unsqueeze(1), x).squeeze(1)


class Musl(nn.Module):
    """Encoders, gate and heads; "genes" is stacked and not fused."""

    def __init__(self, weights, blocks, dropout=0.2, drop_modality=0.15):
        super().__init__()

        def columns(name):
            return weights[f"{name}.weight"].shape[1]

        width, fusion, hidden = 128, 64, 256
        node = columns("encoder.genes.genes.first") // 2
        relations = Relations(blocks).similarities
        topology = columns("encoder.graph.relate.linear0") - relations
        self.drop_modality = drop_modality
        self.encoder = nn.ModuleDict({
            "histogram": Histogram(columns("encoder.histogram.conv0"), width,
                                   dropout),
            "descriptors": Descriptors(
                columns("encoder.descriptors.net.linear0"), width, dropout),
            "genes": Genes(node, hidden, width, dropout),
            "graph": Graph(node, hidden, width, dropout, blocks, topology),
            "partners": Partners(
                columns("encoder.partners.direction.linear0") - 2, width,
                dropout),
        })
        names = list(self.encoder)
        self.adapter = nn.ModuleDict({m: Adapter(width, fusion) for m in names})
        self.branch = nn.ModuleDict({m: Branch(width, dropout) for m in names})
        self.gate = Gate(fusion)
        self.head = Mlp([fusion, 128, 64, 1], False, dropout)

    def mask(self, name, batch):
        mask = batch[f"mask:{name}"]
        if name == "partners":
            mask = mask * (batch["seen"].sum(1) > 0).to(mask.dtype)
        return mask

    def drop_modalities(self, present):
        kept = present * (torch.rand_like(present) >= self.drop_modality)
        return torch.where(kept.sum(1, True) > 0, kept, present)

    def forward(self, batch):
        """Fused logit (B), branch logits and masks (B, M)."""
        vectors, logits, masks = [], [], []
        for name, encoder in self.encoder.items():
            if name == "genes" and self.training:
                continue
            z = encoder(batch)
            mask = self.mask(name, batch)
            vectors.append(self.adapter[name](z).masked_fill(
                (mask == 0).unsqueeze(1), 0.0))
            logits.append(self.branch[name](z).masked_fill(mask == 0, 0.0))
            masks.append(mask)
        available = torch.stack(masks, 1)
        present = available
        if self.training:
            present = self.drop_modalities(available)
        else:
            late = list(self.encoder).index("genes")
            present = available.clone()
            present[:, late] = 0
        fused = self.gate(torch.stack(vectors, 1), present)
        logit = self.head(fused).squeeze(1)
        return logit, torch.stack(logits, 1), available, present


class Work:
    """The network, its weights and the inputs that were handed over."""

    def __init__(self, directory):
        model = read_safetensors(f"{directory}/model.safetensors")
        prefix = next(name for name in model
                      if name.endswith("encoder.histogram.conv0.weight"))
        prefix = prefix[:-len("encoder.histogram.conv0.weight")]
        weights = {name[len(prefix):]: tensor for name, tensor in model.items()
                   if name.startswith(prefix)}
        blocks = []
        while f"scaler/block/{len(blocks)}/mean" in model:
            blocks.append(len(model[f"scaler/block/{len(blocks)}/mean"]))
        self.net = Musl(weights, blocks)
        self.net.load_state_dict(weights)
        self.net.to(memory_format=torch.channels_last)
        self.stack = torch.stack(
            [torch.cat((model[f"stack/{i}"], model["stack/constant"][i:i + 1]))
             for i in range(3)]).double()
        self.inputs = read_safetensors(f"{directory}/inputs.safetensors")
        self.features = self.inputs["features"]
        self.propagated = self.inputs["propagated"]

    def narrow(self):
        def to_bfloat16(x):
            return x.bfloat16() if x.is_floating_point() else x

        self.net.bfloat16()
        self.inputs = {key: to_bfloat16(x) for key, x in self.inputs.items()}
        self.features = to_bfloat16(self.features)
        self.propagated = to_bfloat16(self.propagated)

    def part(self, name):
        part = {key[len(name) + 1:]: value
                for key, value in self.inputs.items()
                if key.startswith(name + "/")}
        part["histogram"] = part["histogram"].contiguous(
            memory_format=torch.channels_last)
        return part

    def add_genes(self, batch, vectors, a, b):
        for name, rows in vectors.items():
            batch[f"{name}_a"] = rows.index_select(0, a)
            batch[f"{name}_b"] = rows.index_select(0, b)

    def all_vectors(self):
        with torch.inference_mode():
            return {name: self.net.encoder[name].vectors(self.features,
                                                         self.propagated)
                    for name in ("genes", "graph")}

    def score(self, asked, vectors, size):
        n = len(asked["a"])
        out = torch.empty(n, dtype=torch.float64)
        with torch.inference_mode():
            for first in range(0, n, size):
                batch = {key: value[first:first + size]
                         for key, value in asked.items()}
                self.add_genes(batch, vectors, batch["a"], batch["b"])
                logit, logits, _, _ = self.net(batch)
                unseen = 2 - batch["seen"].sum(1).long()
                all_logits = torch.cat(
                    (logit.unsqueeze(1), logits,
                     torch.ones_like(logit).unsqueeze(1)), 1)
                out[first:first + size] = (
                    self.stack.index_select(0, unseen) * all_logits).sum(1)
        return out

    def loss(self, batch, n):
        logit, logits, available, present = self.net(batch)
        label = batch["label"]
        any_present = (present.sum(1) > 0).float()
        bce = F.binary_cross_entropy_with_logits
        fused = (bce(logit, label, reduction="none") * any_present).sum()
        wide = label.unsqueeze(1).expand_as(logits)
        branches = (bce(logits, wide, reduction="none") * available).sum()
        return (fused + 0.5 * branches / logits.size(1)) / n

    def step(self, rows, training, optimiser, size):
        batch = {key: value.index_select(0, rows)
                 for key, value in training.items()}
        n = len(rows)
        hide = torch.rand(n, 1) < 2 / 3
        both, side = torch.rand(n, 1) < 0.5, torch.rand(n, 1) < 0.5
        batch["seen"] = batch["seen"] * (
            hide * (both | torch.cat((side, ~side), 1)))
        genes, at = torch.unique(torch.cat((batch["a"], batch["b"])),
                                 return_inverse=True)
        rows = self.net.encoder["graph"].vectors(
            self.features.index_select(0, genes),
            self.propagated.index_select(0, genes))
        leaf = rows.detach().requires_grad_(True)
        for first in range(0, n, size):
            piece = {key: value[first:first + size]
                     for key, value in batch.items()}
            self.add_genes(piece, {"graph": leaf}, at[:n][first:first + size],
                           at[n:][first:first + size])
            self.loss(piece, n).backward()
        rows.backward(leaf.grad)
        nn.utils.clip_grad_norm_(self.trained(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)

    def trained(self):
        return [p for name, p in self.net.named_parameters()
                if not name.startswith(("encoder.genes.", "branch.genes."))]

    def optimiser(self):
        matrices = [p for p in self.trained() if p.dim() >= 2]
        others = [p for p in self.trained() if p.dim() < 2]
        return torch.optim.AdamW([
            {"params": matrices, "weight_decay": 1e-2},
            {"params": others, "weight_decay": 0.0},
        ], lr=1e-3)


def fastest(work):
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def predict(work, sizes):
    asked = work.part("asked")
    work.net.eval()
    vectors = work.all_vectors()
    for size in sizes:
        seconds = fastest(lambda: work.score(asked, vectors, size))
        print("predict", size, seconds, len(asked["a"]))


def score(work, path):
    work.net.eval()
    asked = work.part("asked")
    theirs = work.score(asked, work.all_vectors(), 256)
    both = torch.stack((asked["score"].double(), theirs), 1)
    with open(path, "wb") as file:
        file.write(bytes(both.contiguous().view(-1).numpy().data))


def train(work, sizes):
    training = work.part("training")
    n = len(training["a"])
    work.net.train()
    optimiser = work.optimiser()

    def epoch(size):
        for rows in torch.randperm(n).split(STEP):
            work.step(rows, training, optimiser, size)

    for size in sizes:
        seconds = fastest(lambda: epoch(size))
        print("train", size, seconds, n)


def main(directory, what, *rest):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    work = Work(directory)
    if what == "score":
        score(work, *rest)
    elif what == "train":
        train(work, [int(size) for size in rest])
    else:
        if what == "bfloat16":
            work.narrow()
        predict(work, [int(size) for size in rest])


main(*sys.argv[1:])
