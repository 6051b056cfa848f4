// Speed of the stages of nodes on one core: readers, forward passes without
// gradients, and forward and backward passes as in training.
//
//   nodes [--smoke]
//
// Prints lines "what batch seconds items per_second", processor seconds of one
// thread, the best of five; before these the mean size of an item. --smoke: few
// items, and each batch is held against its items one by one.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "musl/residue_graph.h"
#include "musl/rng.h"
#include "musl/smiles.h"
#include "nn/base/initialise.h"
#include "nn/base/tensor.h"
#include "nn/nodes/molecule_stage.h"
#include "nn/nodes/residue_stage.h"
#include "nn/nodes/sequence_stage.h"
#include "world.h"

namespace musl::bench {
namespace {

constexpr int kWidth = 128;
constexpr std::int64_t kResidues = 300;
constexpr int kRounds = 5;

/// Drugs as they are sold: imatinib, caffeine, aspirin, ibuprofen, gefitinib,
/// penicillin G, diazepam, erlotinib, warfarin, sildenafil.
const std::vector<std::string>& drugs() {
  static const std::vector<std::string> all = {
      "Cc1ccc(cc1Nc2nccc(n2)c3cccnc3)NC(=O)c4ccc(cc4)CN5CCN(CC5)C",
      "Cn1c(=O)c2c(ncn2C)n(C)c1=O",
      "CC(=O)Oc1ccccc1C(=O)O",
      "CC(C)Cc1ccc(cc1)C(C)C(=O)O",
      "COc1cc2ncnc(c2cc1OCCCN1CCOCC1)Nc1ccc(c(c1)Cl)F",
      "CC1(C)SC2C(NC(=O)Cc3ccccc3)C(=O)N2C1C(=O)O",
      "CN1c2ccc(cc2C(=NCC1=O)c1ccccc1)Cl",
      "COCCOc1cc2c(cc1OCCOC)ncnc2Nc1cccc(c1)C#C",
      "CC(=O)CC(c1ccccc1)c1c(=O)oc2ccccc2c1O",
      "CCCc1nn(C)c2c1[nH]c(nc2=O)-c1cc(ccc1OCC)S(=O)(=O)N1CCN(C)CC1"};
  return all;
}

/// A walk in steps of 3.8 Angstrom, drawn to its middle: more crowded than a
/// real chain, of which a residue has about 16 others within 10 Angstrom.
Matrix random_chain(Rng* rng) {
  Matrix place(kResidues, 3);
  Eigen::RowVector3f at = Eigen::RowVector3f::Zero();
  for (Eigen::Index i = 0; i < kResidues; ++i) {
    Eigen::RowVector3f step;
    for (int k = 0; k < 3; ++k) step[k] = static_cast<float>(rng->normal());
    at += 3.8F * (step - 0.0022F * at).normalized();
    place.row(i) = at;
  }
  return place;
}

std::string random_sequence(Rng* rng) {
  std::string sequence;
  for (std::int64_t i = 0; i < kResidues; ++i) {
    sequence += "ACDEFGHIKLMNPQRSTVWY"[rng->below(20)];
  }
  return sequence;
}

/// Items of each kind, and pointers to them.
struct Nodes {
  std::vector<std::string> smiles, sequences;
  std::vector<Matrix> coordinates;
  std::vector<Molecule> molecules;
  std::vector<ResidueGraph> graphs;

  Nodes(std::int64_t n_molecules, std::int64_t n_chains) {
    Rng rng(1);
    for (std::int64_t i = 0; i < n_molecules; ++i) {
      smiles.push_back(drugs()[static_cast<std::size_t>(i) % drugs().size()]);
    }
    for (std::int64_t i = 0; i < n_chains; ++i) {
      sequences.push_back(random_sequence(&rng));
      coordinates.push_back(random_chain(&rng));
    }
    read();
  }

  void read() {
    molecules.clear();
    graphs.clear();
    for (const auto& each : smiles) molecules.push_back(read_smiles(each));
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      graphs.push_back(make_residue_graph(sequences[i], coordinates[i]));
    }
  }
};

/// Batches of pointers, one after the other.
template <typename Item>
std::vector<std::vector<const Item*>> batches(const std::vector<Item>& items,
                                              std::size_t size) {
  std::vector<std::vector<const Item*>> result;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i % size == 0) result.emplace_back();
    result.back().push_back(&items[i]);
  }
  return result;
}

void report(const char* what, std::size_t batch, std::size_t items,
            const std::function<void()>& work) {
  double best = 1e9;
  for (int i = 0; i < kRounds; ++i) {
    const double start = processor_seconds();
    work();
    best = std::min(best, processor_seconds() - start);
  }
  std::printf("%s %zu %.4f %zu %.0f\n", what, batch, best, items,
              static_cast<double>(items) / best);
}

/// Forward without gradients, then forward and backward; `pooled` makes the
/// vectors of a batch.
template <typename Item, typename Pooled>
void measure(const std::string& what, const std::vector<Item>& items,
             std::size_t size, const Pooled& pooled) {
  const auto all = batches(items, size);
  report((what + "_forward").c_str(), size, items.size(), [&] {
    const torch::NoGradGuard no_grad;
    for (const auto& batch : all) static_cast<void>(pooled(batch));
  });
  report((what + "_training").c_str(), size, items.size(), [&] {
    for (const auto& batch : all) pooled(batch).square().sum().backward();
  });
}

template <typename Item, typename Pooled>
void check(const char* what, const std::vector<Item>& items,
           const Pooled& pooled) {
  const torch::NoGradGuard no_grad;
  const auto together = pooled(batches(items, items.size())[0]);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto alone = pooled({&items[i]})[0];
    if (torch::allclose(alone, together[static_cast<std::int64_t>(i)], 1e-4,
                        1e-5)) {
      continue;
    }
    std::fprintf(stderr, "%s %zu depends on its batch\n", what, i);
    std::exit(1);
  }
}

void run(bool smoke) {
  const nn::SingleThreadGuard guard;
  Nodes nodes(smoke ? 10 : 3000, smoke ? 3 : 200);
  nn::MoleculeStage molecules(kWidth);
  nn::ResidueStage residues(kWidth, 0);
  nn::SequenceStage sequences(kWidth);
  initialise(molecules, 1);
  initialise(residues, 1);
  initialise(sequences, 1);

  double atoms = 0.0, edges = 0.0;
  for (const auto& each : nodes.molecules) {
    atoms += static_cast<double>(each.atoms.size());
  }
  for (const auto& each : nodes.graphs) {
    edges += static_cast<double>(each.n_edges());
  }
  std::printf("atoms_a_molecule %.1f\n",
              atoms / static_cast<double>(nodes.molecules.size()));
  std::printf("neighbours_a_residue %.1f\n",
              edges / static_cast<double>(nodes.graphs.size() * kResidues));

  const auto of_molecules = [&](const std::vector<const Molecule*>& batch) {
    return molecules.forward(batch, nullptr);
  };
  const auto of_graphs = [&](const std::vector<const ResidueGraph*>& batch) {
    return residues.forward(batch, nullptr).pooled;
  };
  const auto of_sequences = [&](const std::vector<const std::string*>& batch) {
    return sequences.forward(batch, nullptr).pooled;
  };
  if (smoke) {
    check("molecule", nodes.molecules, of_molecules);
    check("graph", nodes.graphs, of_graphs);
    check("sequence", nodes.sequences, of_sequences);
  }
  report("read_smiles", 1, nodes.smiles.size(), [&] {
    for (const auto& each : nodes.smiles) static_cast<void>(read_smiles(each));
  });
  report("make_graphs", 1, nodes.sequences.size(), [&] {
    for (std::size_t i = 0; i < nodes.sequences.size(); ++i) {
      static_cast<void>(
          make_residue_graph(nodes.sequences[i], nodes.coordinates[i]));
    }
  });
  measure("molecule", nodes.molecules, 100, of_molecules);
  measure("graph", nodes.graphs, 8, of_graphs);
  measure("sequence", nodes.sequences, 8, of_sequences);
}

}  // namespace
}  // namespace musl::bench

int main(int count, char** words) {
  musl::bench::run(count > 1 && std::string(words[1]) == "--smoke");
  return 0;
}
