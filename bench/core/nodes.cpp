// Speed of the stages of nodes on one core: readers, forward passes without
// gradients, and forward and backward passes as in training.
//
//   nodes [OPTION]...
//   nodes [OPTION]... --hand-over DIR        writes DIR/nodes.safetensors for
//                                            bench/nodes.R: weights, inputs and
//                                            vectors of molecules and chains
//   nodes [OPTION]... --forward WHAT BATCH...
//                                            only the forward passes of
//                                            "molecule" or "graph", for each
//                                            size of a batch
//   --smoke        few items; without another word each batch is held against
//                  its items one by one
//   --smiles FILE  molecules to take, one SMILES a line, in place of ten drugs
//                  again and again, of which most atoms are alike
//
// Prints lines "what batch seconds items per_second", processor seconds of one
// thread, the best of five; before these the mean size of an item.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "musl/archive.h"
#include "musl/file.h"
#include "musl/residue_graph.h"
#include "musl/rng.h"
#include "musl/smiles.h"
#include "nn/base/initialise.h"
#include "nn/base/products.h"
#include "nn/base/tensor.h"
#include "nn/base/weights.h"
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

/// The drugs in turn, n in all.
std::vector<std::string> drugs_in_turn(std::size_t n) {
  std::vector<std::string> smiles;
  for (std::size_t i = 0; i < n; ++i) {
    smiles.push_back(drugs()[i % drugs().size()]);
  }
  return smiles;
}

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  if (lines.empty()) {
    std::fprintf(stderr, "%s has no lines\n", file.c_str());
    std::exit(2);
  }
  return lines;
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

  Nodes(std::vector<std::string> molecules_of, std::int64_t n_chains)
      : smiles(std::move(molecules_of)) {
    Rng rng(1);
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

/// The three stages with weights from a seed.
struct Stages {
  nn::MoleculeStage molecules{kWidth};
  nn::ResidueStage residues{kWidth, 0};
  nn::SequenceStage sequences{kWidth};

  Stages() {
    initialise(molecules, 1);
    initialise(residues, 1);
    initialise(sequences, 1);
  }

  [[nodiscard]] torch::Tensor vectors(
      const std::vector<const Molecule*>& batch) {
    return molecules.forward(batch, nullptr);
  }
  [[nodiscard]] torch::Tensor vectors(
      const std::vector<const ResidueGraph*>& batch) {
    return residues.forward(batch, nullptr).pooled;
  }
  [[nodiscard]] torch::Tensor vectors(
      const std::vector<const std::string*>& batch) {
    return sequences.forward(batch, nullptr).pooled;
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

/// Forward without gradients.
template <typename Item>
void measure_forward(const std::string& what, const std::vector<Item>& items,
                     std::size_t size, Stages* stages) {
  const auto all = batches(items, size);
  report((what + "_forward").c_str(), size, items.size(), [&] {
    const torch::NoGradGuard no_grad;
    for (const auto& batch : all) static_cast<void>(stages->vectors(batch));
  });
}

/// Forward without gradients, then forward and backward.
template <typename Item>
void measure(const std::string& what, const std::vector<Item>& items,
             std::size_t size, Stages* stages) {
  measure_forward(what, items, size, stages);
  const auto all = batches(items, size);
  report((what + "_training").c_str(), size, items.size(), [&] {
    for (const auto& batch : all)
      stages->vectors(batch).square().sum().backward();
  });
}

template <typename Item>
void check(const char* what, const std::vector<Item>& items, Stages* stages) {
  const torch::NoGradGuard no_grad;
  const auto together = stages->vectors(batches(items, items.size())[0]);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto alone = stages->vectors(std::vector<const Item*>{&items[i]})[0];
    if (torch::allclose(alone, together[static_cast<std::int64_t>(i)], 1e-4,
                        1e-5)) {
      continue;
    }
    std::fprintf(stderr, "%s %zu depends on its batch\n", what, i);
    std::exit(1);
  }
}

void put(const std::string& name, const std::vector<std::int64_t>& values,
         std::int64_t columns, Archive* archive) {
  const auto rows = static_cast<std::int64_t>(values.size()) / columns;
  archive->put(name,
               columns == 1 ? std::vector<std::int64_t>{rows}
                            : std::vector<std::int64_t>{rows, columns},
               values.data());
}

void put_inputs(const std::string& prefix, const std::vector<Molecule>& all,
                Archive* archive) {
  std::vector<std::int64_t> atoms, bonds, atom, bond;
  for (const auto& molecule : all) {
    atoms.push_back(static_cast<std::int64_t>(molecule.atoms.size()));
    bonds.push_back(static_cast<std::int64_t>(molecule.bonds.size()));
    for (const Atom& each : molecule.atoms) {
      atom.insert(atom.end(),
                  {each.element, each.degree, each.hydrogens, each.charge,
                   each.in_ring ? 1 : 0, each.aromatic ? 1 : 0});
    }
    for (const Bond& each : molecule.bonds) {
      bond.insert(bond.end(),
                  {each.a, each.b, static_cast<std::int64_t>(each.order),
                   each.in_ring ? 1 : 0});
    }
  }
  put(prefix + "atoms", atoms, 1, archive);
  put(prefix + "bonds", bonds, 1, archive);
  put(prefix + "atom", atom, 6, archive);
  put(prefix + "bond", bond, 4, archive);
}

void put_inputs(const std::string& prefix, const std::vector<ResidueGraph>& all,
                Archive* archive) {
  std::vector<std::int64_t> lengths, neighbours, source;
  std::vector<torch::Tensor> residues, edges;
  for (const auto& graph : all) {
    lengths.push_back(graph.length());
    for (std::size_t i = 1; i < graph.offset.size(); ++i) {
      neighbours.push_back(graph.offset[i] - graph.offset[i - 1]);
    }
    source.insert(source.end(), graph.neighbour.begin(), graph.neighbour.end());
    residues.push_back(torch::empty({graph.length(), kResidueColumns}));
    residue_features(graph, residues.back().data_ptr<float>());
    edges.push_back(torch::empty({graph.n_edges(), kEdgeColumns}));
    edge_features(graph, edges.back().data_ptr<float>());
  }
  put(prefix + "lengths", lengths, 1, archive);
  put(prefix + "neighbours", neighbours, 1, archive);
  put(prefix + "source", source, 1, archive);
  nn::put_tensor(prefix + "residue", torch::cat(residues), archive);
  nn::put_tensor(prefix + "edge", torch::cat(edges), archive);
}

/// Moves each parameter, so that a wrong use of one that starts at 0 or 1
/// shows.
void move_parameters(const torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(1);
  for (auto& each : module.parameters()) {
    each.add_(torch::randn_like(each), 0.05);
  }
}

template <typename Item>
void hand_over(const std::string& what, const std::vector<Item>& items,
               const torch::nn::Module& module, Stages* stages,
               Archive* archive) {
  const torch::NoGradGuard no_grad;
  move_parameters(module);
  nn::put_parameters(what + "/weight/", nn::parameters_of(module), archive);
  put_inputs(what + "/input/", items, archive);
  std::vector<torch::Tensor> vectors;
  for (const auto& batch : batches(items, 10)) {
    vectors.push_back(stages->vectors(batch));
  }
  nn::put_tensor(what + "/vectors", torch::cat(vectors), archive);
}

void hand_over(const std::string& directory, const Nodes& nodes,
               Stages* stages) {
  Archive archive;
  hand_over("molecule", nodes.molecules, stages->molecules, stages, &archive);
  hand_over("graph", nodes.graphs, stages->residues, stages, &archive);
  write_file(directory + "/nodes.safetensors", write_archive(archive));
  std::printf("products %s\n", nn::has_fast_products() ? "oneDNN" : "LibTorch");
}

void measure_all(bool smoke, const Nodes& nodes, Stages* stages) {
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

  if (smoke) {
    check("molecule", nodes.molecules, stages);
    check("graph", nodes.graphs, stages);
    check("sequence", nodes.sequences, stages);
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
  measure("molecule", nodes.molecules, 100, stages);
  measure("graph", nodes.graphs, 8, stages);
  measure("sequence", nodes.sequences, 8, stages);
}

void measure_forward(const std::string& what,
                     const std::vector<std::string>& sizes, const Nodes& nodes,
                     Stages* stages) {
  for (const auto& size : sizes) {
    const auto batch = static_cast<std::size_t>(std::stoul(size));
    if (what == "molecule") {
      measure_forward(what, nodes.molecules, batch, stages);
    } else {
      measure_forward(what, nodes.graphs, batch, stages);
    }
  }
}

void run(std::vector<std::string> words) {
  const bool smoke = !words.empty() && words[0] == "--smoke";
  if (smoke) words.erase(words.begin());
  auto smiles = drugs_in_turn(smoke ? 10 : 3000);
  if (words.size() > 1 && words[0] == "--smiles") {
    smiles = lines_of(words[1]);
    words.erase(words.begin(), words.begin() + 2);
  }
  const nn::SingleThreadGuard guard;
  const Nodes nodes(std::move(smiles), smoke ? 3 : 200);
  Stages stages;
  if (words.empty()) {
    measure_all(smoke, nodes, &stages);
  } else if (words[0] == "--hand-over" && words.size() == 2) {
    hand_over(words[1], nodes, &stages);
  } else if (words[0] == "--forward" && words.size() > 2) {
    measure_forward(words[1], {words.begin() + 2, words.end()}, nodes, &stages);
  } else {
    std::fprintf(stderr,
                 "nodes [--smoke] [--smiles FILE] "
                 "[--hand-over DIR | --forward WHAT BATCH...]\n");
    std::exit(2);
  }
}

}  // namespace
}  // namespace musl::bench

int main(int count, char** words) {
  musl::bench::run({words + 1, words + count});
  return 0;
}
