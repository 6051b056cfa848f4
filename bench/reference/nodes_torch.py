"""The stages of molecules and residue graphs as plain PyTorch modules: the
yardstick of bench/nodes.R.

    nodes_torch.py DIR differences       largest differences from the vectors
                                         handed over: lines "what difference"
    nodes_torch.py DIR WHAT BATCH...     processor seconds of making vectors:
                                         lines "what batch seconds items", the
                                         fastest of some repeats

WHAT is "molecule" or "graph", the latter by lists of edges, or "padded", where
each residue has as many neighbours as any of its batch, by masks. DIR holds
nodes.safetensors of bench/core/nodes.cpp. Parameters carry the names of MuSL's
stages, so that loading them is strict. A batch is one graph whose indices and
features are ready in memory. Sums over edges, which are sorted by target, are
embedding bags: index_add_ of PyTorch 1.13 takes two to four times as long.
"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

from safetensors_torch import read_safetensors

HIDDEN, WIDTH, REPEATS = 128, 128, 5
ATOM_PARTS, LOWEST_CHARGE = (119, 7, 5, 7, 2, 2), -3
BOND_ORDERS = 5
HEADS, HEAD_WIDTH, RESIDUE_COLUMNS, EDGE_COLUMNS = 4, 32, 33, 24


def starts(counts):
    return torch.cumsum(counts, 0) - counts


class Sums:
    """Sums or means over runs of rows, `counts` rows each."""

    def __init__(self, counts):
        self.start = starts(counts)
        self.row = torch.arange(int(counts.sum()))

    def __call__(self, x, mode="sum"):
        return F.embedding_bag(self.row, x, self.start, mode=mode)


class Molecules(nn.Module):
    LAYERS = 4

    def __init__(self):
        super().__init__()
        self.atoms = nn.Parameter(torch.empty(sum(ATOM_PARTS), HIDDEN))
        self.bonds = nn.Parameter(
            torch.empty(self.LAYERS * 2 * BOND_ORDERS, HIDDEN))
        self.start, self.end = nn.LayerNorm(HIDDEN), nn.LayerNorm(HIDDEN)
        for i in range(self.LAYERS):
            setattr(self, f"epsilon{i}", nn.Parameter(torch.empty(1)))
            setattr(self, f"norm{i}", nn.LayerNorm(HIDDEN))
            setattr(self, f"update{i}", nn.ModuleDict({
                "linear0": nn.Linear(HIDDEN, HIDDEN),
                "norm0": nn.LayerNorm(HIDDEN),
                "linear1": nn.Linear(HIDDEN, HIDDEN),
            }))
        self.project = nn.Linear(HIDDEN, WIDTH)

    def forward(self, batch):
        h = self.start(F.embedding_bag(batch["atom"], self.atoms, mode="sum"))
        for i, bonds in enumerate(self.bonds.chunk(self.LAYERS)):
            message = h.index_select(0, batch["source"])
            message += bonds.index_select(0, batch["bond"])
            x = batch["to_atoms"](F.relu(message, inplace=True))
            x += (1 + getattr(self, f"epsilon{i}")) * h
            update = getattr(self, f"update{i}")
            x = update["linear0"](getattr(self, f"norm{i}")(x))
            x = F.relu(update["norm0"](x), inplace=True)
            h += update["linear1"](x)
        return self.project(batch["to_items"](self.end(h), "mean"))


class Residues(nn.Module):
    LAYERS = 3

    def __init__(self):
        super().__init__()
        self.parts = 3 * [HEADS * HEAD_WIDTH] + [HEADS * EDGE_COLUMNS]
        attended = HEADS * (HEAD_WIDTH + EDGE_COLUMNS)
        self.start = nn.Linear(RESIDUE_COLUMNS, HIDDEN)
        self.start_norm, self.end = nn.LayerNorm(HIDDEN), nn.LayerNorm(HIDDEN)
        for i in range(self.LAYERS):
            setattr(self, f"norm{i}", nn.LayerNorm(HIDDEN))
            setattr(self, f"forward_norm{i}", nn.LayerNorm(HIDDEN))
            setattr(self, f"ask{i}", nn.Linear(HIDDEN, sum(self.parts)))
            setattr(self, f"answer{i}", nn.Linear(attended, HIDDEN))
            for name in ("up", "down", "gate"):
                setattr(self, f"{name}{i}", nn.Linear(HIDDEN, HIDDEN))
        self.project = nn.Linear(HIDDEN, WIDTH)

    def attend(self, batch, h):
        query, key, value, question = h.split(self.parts, 1)
        target, source, edge = batch["target"], batch["source"], batch["edge"]

        def per_head(x, at):
            return x.index_select(0, at).view(len(at), HEADS, -1)

        score = per_head(query, target).mul_(per_head(key, source)).sum(2)
        score += per_head(question, target).mul_(edge.unsqueeze(1)).sum(2)
        score *= HEAD_WIDTH ** -0.5
        return self.attended(batch, score, per_head(value, source))

    def attended(self, batch, score, value):
        edge, to_residues = batch["edge"], batch["to_residues"]
        highest = torch.segment_reduce(score, "max", axis=0, unsafe=True,
                                       lengths=batch["n_neighbours"])
        weight = (score - highest.index_select(0, batch["target"])).exp_()
        total = to_residues(weight)
        weight = weight.unsqueeze(2)
        values = to_residues(value.mul_(weight).flatten(1))
        edges = to_residues((weight * edge.unsqueeze(1)).flatten(1))
        both = [(x.view(len(x), HEADS, -1) / total.unsqueeze(2)).flatten(1)
                for x in (values, edges)]
        return torch.cat(both, 1)

    def forward(self, batch):
        x = self.start_norm(self.start(batch["residue"]))
        for i in range(self.LAYERS):
            h = getattr(self, f"ask{i}")(getattr(self, f"norm{i}")(x))
            x += getattr(self, f"answer{i}")(self.attend(batch, h))
            h = getattr(self, f"up{i}")(getattr(self, f"forward_norm{i}")(x))
            x += getattr(self, f"down{i}")(F.relu(h, inplace=True))
            mean = batch["to_items"](x, "mean")
            gate = 2 * torch.sigmoid(getattr(self, f"gate{i}")(mean))
            x *= gate.index_select(0, batch["item"])
        return batch["to_items"](self.project(self.end(x)), "mean")


class PaddedResidues(Residues):
    def attend(self, batch, h):
        query, key, value, question = h.split(self.parts, 1)
        n, edge = len(h), batch["padded_edge"]

        def of_others(x):
            others = x.index_select(0, batch["padded_source"])
            return others.view(n, -1, HEADS, HEAD_WIDTH)

        score = torch.matmul(edge, question.reshape(n, HEADS, -1).mT)
        score += of_others(key).mul_(
            query.reshape(n, 1, HEADS, HEAD_WIDTH)).sum(3)
        score *= HEAD_WIDTH ** -0.5
        weight = torch.softmax(score + batch["mask"], 1)
        values = of_others(value).mul_(weight.unsqueeze(3)).sum(1)
        edges = torch.matmul(weight.mT, edge)
        return torch.cat((values.flatten(1), edges.flatten(1)), 1)


def atom_rows(atoms):
    """Rows of the table of atoms from element, degree, hydrogens, charge, ring
    and aromaticity: values beyond a part count as its last."""
    sizes = torch.tensor(ATOM_PARTS)
    value = atoms - torch.tensor([0, 0, 0, LOWEST_CHARGE, 0, 0])
    value = torch.minimum(value.clamp(min=0), sizes - 1)
    return value + starts(sizes)


def molecule_batch(inputs, first, last):
    counts = inputs["atoms"][first:last], inputs["bonds"][first:last]
    atom = inputs["atom"][first_row(inputs["atoms"], first):][:counts[0].sum()]
    bond = inputs["bond"][first_row(inputs["bonds"], first):][:counts[1].sum()]
    ends = bond[:, :2] + starts(counts[0]).repeat_interleave(
        counts[1]).unsqueeze(1)
    target = torch.cat((ends[:, 1], ends[:, 0]))
    order = torch.argsort(target, stable=True)
    row = (bond[:, 2] + BOND_ORDERS * bond[:, 3]).repeat(2)
    return {
        "atom": atom_rows(atom),
        "source": ends.mT.flatten()[order], "bond": row[order],
        "to_atoms": Sums(torch.bincount(target, minlength=len(atom))),
        "to_items": Sums(counts[0]),
    }


def graph_batch(inputs, first, last):
    lengths = inputs["lengths"][first:last]
    at, n = first_row(inputs["lengths"], first), int(lengths.sum())
    neighbours = inputs["neighbours"][at:at + n]
    edges = slice(first_row(inputs["neighbours"], at),
                  first_row(inputs["neighbours"], at + n))
    item = torch.arange(len(lengths)).repeat_interleave(lengths)
    target = torch.arange(n).repeat_interleave(neighbours)
    source = inputs["source"][edges] + starts(lengths)[item][target]
    return {
        "residue": inputs["residue"][at:at + n], "edge": inputs["edge"][edges],
        "source": source, "target": target, "n_neighbours": neighbours,
        "item": item, "to_residues": Sums(neighbours),
        "to_items": Sums(lengths),
    }


def first_row(counts, item):
    return int(counts[:item].sum())


def padded_batch(inputs, first, last):
    batch = graph_batch(inputs, first, last)
    count, target = batch["n_neighbours"], batch["target"]
    place = target, torch.arange(len(target)) - starts(count)[target]
    shape = len(count), int(count.max())
    source = torch.zeros(shape, dtype=torch.int64)
    source[place] = batch["source"]
    mask = torch.full((*shape, 1), -1e30)
    mask[place] = 0
    edge = torch.zeros(*shape, EDGE_COLUMNS)
    edge[place] = batch["edge"]
    return {**batch, "padded_source": source.flatten(), "padded_edge": edge,
            "mask": mask}


# What it is among the names handed over, its network and its batches.
STAGES = {
    "molecule": ("molecule", Molecules, molecule_batch),
    "graph": ("graph", Residues, graph_batch),
    "padded": ("graph", PaddedResidues, padded_batch),
}


class Work:
    """A stage with the weights and the inputs that were handed over."""

    def __init__(self, directory, what):
        name, network, self.make_batch = STAGES[what]
        handed = read_safetensors(f"{directory}/nodes.safetensors")

        def under(prefix):
            return {key[len(prefix):]: x for key, x in handed.items()
                    if key.startswith(prefix)}

        self.inputs = under(f"{name}/input/")
        self.vectors = handed[f"{name}/vectors"]
        self.network = network()
        self.network.load_state_dict(under(f"{name}/weight/"))
        self.network.eval()

    def batches(self, size):
        n = len(self.vectors)
        return [self.make_batch(self.inputs, i, min(i + size, n))
                for i in range(0, n, size)]

    def difference(self):
        ours = torch.cat([self.network(batch) for batch in self.batches(7)])
        return float((ours - self.vectors).abs().max())

    def seconds(self, size):
        batches, best = self.batches(size), float("inf")
        for _ in range(REPEATS):
            start = time.process_time()
            for batch in batches:
                self.network(batch)
            best = min(best, time.process_time() - start)
        return best


def main(directory, what, *sizes):
    torch.set_num_threads(1)
    with torch.inference_mode():
        if what == "differences":
            for each in STAGES:
                print(each, Work(directory, each).difference())
            return
        work = Work(directory, what)
        for size in sizes:
            print(what, size, work.seconds(int(size)), len(work.vectors))


main(*sys.argv[1:])
