#include "nn/muse/node_encoder.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/numbers.h"
#include "base/sorted_ids.h"
#include "muse/smiles.h"
#include "nn/base/layers.h"
#include "nn/muse/molecule_stage.h"
#include "nn/muse/residue_stage.h"
#include "nn/muse/residue_vectors.h"
#include "nn/muse/sequence_stage.h"

namespace musl::nn {

namespace {

bool same_place(const Matrix& a, const Matrix& b) {
  // A residue without coordinates (NaN) is not equal to itself.
  return a.rows() == b.rows() &&
         std::equal(a.data(), a.data() + a.size(), b.data(),
                    [](float x, float y) {
                      return x == y || (std::isnan(x) && std::isnan(y));
                    });
}

}  // namespace

NodeValues::NodeValues(const NodeSet& nodes, const torch::Device& device)
    : kind(nodes.kind) {
  if (kind == NodeKind::features) {
    features = to_tensor(nodes.features).to(device);
    for (std::int64_t i = 0; i < nodes.size(); ++i) entry.push_back(i);
    return;
  }
  std::vector<std::size_t> first;  // node of each entry
  std::multimap<std::string, std::int64_t> known;
  for (std::size_t i = 0; i < nodes.text.size(); ++i) {
    const auto alike = known.equal_range(nodes.text[i]);
    const auto found =
        std::find_if(alike.first, alike.second, [&](const auto& each) {
          const auto other = first[static_cast<std::size_t>(each.second)];
          return kind != NodeKind::residues ||
                 (same_place(nodes.coordinates[i], nodes.coordinates[other]) &&
                  nodes.columns_of(i) == nodes.columns_of(other));
        });
    if (found != alike.second) {
      entry.push_back(found->second);
      continue;
    }
    entry.push_back(static_cast<std::int64_t>(first.size()));
    known.emplace(nodes.text[i], entry.back());
    first.push_back(i);
    if (kind == NodeKind::sequence) sequences.push_back(nodes.text[i]);
    if (kind == NodeKind::smiles) {
      molecules.push_back(read_smiles(nodes.text[i]));
    }
    if (kind == NodeKind::residues) {
      graphs.push_back(make_residue_graph(nodes.text[i], nodes.coordinates[i],
                                          nodes.columns_of(i)));
    }
  }
}

bool is_costly(NodeKind kind) {
  return kind == NodeKind::sequence || kind == NodeKind::residues;
}

NodeEncoderImpl::NodeEncoderImpl(const NodeShape& shape, std::int64_t width,
                                 double dropout) {
  const int d = static_cast<int>(width);
  switch (shape.kind) {
    case NodeKind::features:
      perceptron_ = register_module(
          "perceptron",
          Mlp(std::vector<std::int64_t>{shape.columns, width, width},
              /*norm=*/true, dropout));
      break;
    case NodeKind::sequence:
      sequence_ = register_module(
          "sequence", std::make_shared<SequenceStage>(d, dropout, shape.crop));
      break;
    case NodeKind::smiles:
      molecule_ = register_module("molecule",
                                  std::make_shared<MoleculeStage>(d, dropout));
      break;
    case NodeKind::residues:
      residues_ = register_module(
          "residues", std::make_shared<ResidueStage>(
                          d, static_cast<int>(shape.columns), dropout));
  }
}

Tensor NodeEncoderImpl::forward(const NodeValues& nodes,
                                const std::vector<std::int64_t>& rows,
                                ChunkRng* rng, std::uint64_t seed) {
  std::vector<std::int64_t> wanted;
  wanted.reserve(rows.size());
  for (const auto row : rows) {
    wanted.push_back(nodes.entry[static_cast<std::size_t>(row)]);
  }
  const auto distinct = once(wanted);
  Tensor found = entries(nodes, distinct, rng, seed);
  if (distinct == wanted) return found;
  const auto places = torch::tensor(positions_of(wanted, distinct));
  return found.index_select(0, places.to(found.device()));
}

Tensor NodeEncoderImpl::entries(const NodeValues& nodes,
                                const std::vector<std::int64_t>& entries,
                                ChunkRng* rng, std::uint64_t seed) {
  switch (nodes.kind) {
    case NodeKind::sequence:
      return sequence_->forward(chosen(nodes.sequences, entries), rng, seed)
          .pooled;
    case NodeKind::smiles:
      return molecule_->forward(chosen(nodes.molecules, entries), rng);
    case NodeKind::residues:
      return residues_->forward(chosen(nodes.graphs, entries), rng).pooled;
    default:
      break;
  }
  const Tensor at =
      torch::tensor(entries, torch::kLong).to(nodes.features.device());
  return perceptron_->forward(nodes.features.index_select(0, at), rng);
}

}  // namespace musl::nn
