// Molecules and residue graphs a second on one core, by MuSL's stages and by
// LibTorch's functions for the same layers with the same weights:
//
//   nodes SMILES      a file with a molecule a line
//
// There is a chain of 300 residues for ten molecules. LibTorch's side has its
// features ready in memory and computes every atom; ours makes features and
// computes atoms with the same neighbourhood once. In turns, processor seconds
// without gradients. Prints a markdown table; exits 1 where vectors differ.

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "../../tests/cpp/random_chain.h"
#include "judge/metrics.h"
#include "muse/atom_classes.h"
#include "muse/molecule.h"
#include "muse/residue_features.h"
#include "muse/smiles.h"
#include "nn/base/layers.h"
#include "nn/base/parameters.h"
#include "nn/base/row_lists.h"
#include "nn/muse/molecule_stage.h"
#include "nn/muse/residue_stage.h"
#include "world.h"

namespace musl::bench {
namespace {

using nn::Numbers;
using nn::RowLists;
using nn::Tensor;
using Molecules = std::vector<const Molecule*>;

constexpr int kWidth = 128, kRounds = 5, kResidues = 300;
constexpr std::size_t kTogether = 50;  // molecules
constexpr int kSteps = 4, kLayers = 3;
constexpr float kPull = 0.0022F;  // 26 to 28 residues within 10 Angstrom
constexpr double kAlike = 1e-4;

/// Layers with the parameters of a stage, by their names.
class Layers {
 public:
  explicit Layers(torch::nn::Module* stage) {
    nn::initialise(*stage, 1);
    const torch::NoGradGuard no_grad;
    for (auto& each : stage->named_parameters()) {
      // So that a wrong use of one that starts at 0 or 1 shows.
      each.value().add_(torch::randn_like(each.value()), 0.05);
      all_[each.key()] = each.value();
    }
  }
  [[nodiscard]] Tensor at(const std::string& name) const {
    return all_.at(name);
  }
  [[nodiscard]] Tensor linear(const std::string& name, const Tensor& x) const {
    return torch::linear(x, at(name + ".weight"), at(name + ".bias"));
  }
  [[nodiscard]] Tensor norm(const std::string& name, const Tensor& x) const {
    return torch::layer_norm(x, {x.size(1)}, at(name + ".weight"),
                             at(name + ".bias"));
  }

 private:
  std::map<std::string, Tensor> all_;
};

Tensor indices(const Numbers& x) { return torch::tensor(x, torch::kLong); }

/// Sums (mode 0) or means (1) of the listed rows.
Tensor bags(const RowLists& lists, const Tensor& x, int mode = 0) {
  return std::get<0>(at::embedding_bag(x, lists.column, lists.offset, false,
                                       mode, false, {},
                                       /*include_last_offset=*/true));
}

struct PackedMolecules {
  RowLists atoms, molecules;
  struct Step {
    Tensor sender, bond;
    RowLists received;
  };
  std::vector<Step> steps;

  explicit PackedMolecules(const Molecules& items) {
    const auto all = atom_classes(items, kSteps, /*merge=*/false);
    Numbers row, offset{0};
    for (const Atom& atom : all.start) {
      row.insert(row.end(),
                 {atom.element, 119 + std::min(atom.degree, 6),
                  126 + std::min(atom.hydrogens, 4),
                  131 + std::clamp(atom.charge + 3, 0, 6),
                  atom.in_ring ? 139 : 138, atom.aromatic ? 141 : 140});
      offset.push_back(static_cast<std::int64_t>(row.size()));
    }
    atoms = nn::row_lists(offset, row, at::kCPU);
    molecules = nn::row_lists(all.molecule_offset, all.atom_class, at::kCPU);
    for (const AtomStep& step : all.steps) {
      steps.push_back({indices(step.sender), indices(step.bond),
                       nn::row_lists(step.offset, step.message, at::kCPU)});
    }
  }
};

Tensor vectors(const Layers& layers, const PackedMolecules& batch) {
  auto h = layers.norm("start", bags(batch.atoms, layers.at("atoms")));
  const auto bonds = layers.at("bonds").chunk(kSteps);
  for (std::size_t i = 0; i < kSteps; ++i) {
    const auto n = std::to_string(i), update = "update" + n;
    auto message = h.index_select(0, batch.steps[i].sender);
    message += bonds[i].index_select(0, batch.steps[i].bond);
    auto x = bags(batch.steps[i].received, message.relu_());
    x += (1 + layers.at("epsilon" + n)) * h;
    x = layers.linear(update + ".linear0", layers.norm("norm" + n, x));
    x = layers.norm(update + ".norm0", x).relu_();
    h += layers.linear(update + ".linear1", x);
  }
  return layers.linear("project",
                       bags(batch.molecules, layers.norm("end", h), 1));
}

struct PackedChain {
  Tensor residues, edges, offset, neighbour;

  explicit PackedChain(const ResidueGraph& graph)
      : residues(torch::empty({graph.length(), kResidueColumns})),
        edges(torch::empty({graph.n_edges(), kEdgeColumns})),
        offset(indices(graph.offset)),
        neighbour(indices({graph.neighbour.begin(), graph.neighbour.end()})) {
    residue_features(graph, residues.data_ptr<float>());
    edge_features(graph, edges.data_ptr<float>());
  }
};

Tensor vectors(const Layers& layers, const PackedChain& chain) {
  const nn::EdgeHeads heads{4, kWidth / 4, kEdgeColumns};
  auto x = layers.norm("start_norm", layers.linear("start", chain.residues));
  for (int i = 0; i < kLayers; ++i) {
    const auto n = std::to_string(i);
    auto h = layers.linear("ask" + n, layers.norm("norm" + n, x));
    h = nn::attend_padded(heads, h, chain.edges, chain.offset, chain.neighbour);
    x += layers.linear("answer" + n, h);
    h = layers.linear("up" + n, layers.norm("forward_norm" + n, x));
    x += layers.linear("down" + n, h.relu_());
    x *= 2 * torch::sigmoid(layers.linear("gate" + n, x.mean(0, true)));
  }
  return layers.linear("project", layers.norm("end", x)).mean(0, true);
}

using Pass = std::function<Tensor(std::size_t batch)>;

/// Prints a row of the table; false where the vectors differ.
bool compare(const char* what, std::size_t items, std::size_t batches,
             const Pass& ours, const Pass& peer) {
  double least[] = {1e9, 1e9}, apart = 0;
  for (std::size_t i = 0; i < batches; ++i) {
    apart = std::max(apart, (ours(i) - peer(i)).abs().max().item<double>());
  }
  for (int round = 0; round < kRounds; ++round) {
    for (const int side : {0, 1}) {
      const double start = processor_seconds();
      for (std::size_t i = 0; i < batches; ++i) (side == 0 ? ours : peer)(i);
      least[side] = std::min(least[side], processor_seconds() - start);
    }
  }
  const auto n = static_cast<double>(items);
  std::printf("| %s | %zu | %.0f | %.0f | %.2f | %.0e |\n", what, items,
              n / least[0], n / least[1], least[1] / least[0], apart);
  return apart < kAlike;
}

bool compare_molecules(const std::vector<Molecule>& items) {
  nn::MoleculeStage stage(kWidth);
  const Layers layers(&stage);
  std::vector<Molecules> batches;
  std::vector<PackedMolecules> packed;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i % kTogether == 0) batches.emplace_back();
    batches.back().push_back(&items[i]);
  }
  for (const auto& batch : batches) packed.emplace_back(batch);
  return compare(
      "molecules", items.size(), batches.size(),
      [&](std::size_t i) { return stage.forward(batches[i], nullptr); },
      [&](std::size_t i) { return vectors(layers, packed[i]); });
}

bool compare_chains(std::size_t n) {
  nn::ResidueStage stage(kWidth, 0);
  const Layers layers(&stage);
  Rng rng(1);
  std::vector<ResidueGraph> graphs;
  std::vector<PackedChain> packed;
  for (std::size_t i = 0; i < n; ++i) {
    const auto letters = random_letters(kResidues, &rng);
    graphs.push_back(
        make_residue_graph(letters, random_chain(kResidues, &rng, kPull)));
    packed.emplace_back(graphs.back());
  }
  return compare(
      "residue graphs", n, n,
      [&](std::size_t i) {
        return stage.forward({&graphs[i]}, nullptr).pooled;
      },
      [&](std::size_t i) { return vectors(layers, packed[i]); });
}

bool run(const std::string& file) {
  const nn::SingleThreadGuard guard;
  torch::manual_seed(1);
  const torch::NoGradGuard no_grad;
  std::vector<Molecule> molecules;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    molecules.push_back(read_smiles(line));
  }
  std::printf(
      "Vectors a second\n\n"
      "| of | number | MuSL | LibTorch's functions | ratio | apart |\n"
      "|---|---|---|---|---|---|\n");
  const bool alike = compare_molecules(molecules);
  return compare_chains((molecules.size() + 9) / 10) && alike;
}

}  // namespace
}  // namespace musl::bench

int main(int count, char** words) {
  return count == 2 && musl::bench::run(words[1]) ? 0 : 1;
}
