#pragma once

// A data set small enough for tests, with something to learn: the label of a
// pair is the sign of the product of its genes' first embedding column.

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/pair_set.h"
#include "base/rng.h"
#include "data/config.h"
#include "data/dataset.h"
#include "data/partner_spaces.h"
#include "data/preprocess.h"
#include "model/backend.h"
#include "nn/inputs/batcher.h"

namespace musl {

inline FitResult fit(const ArchitectureConfig& architecture,
                     const ControlConfig& control, Dataset data,
                     const std::vector<TrainingPart>& parts,
                     const EventSink& sink = {}) {
  return backend().fit(architecture, control, std::move(data), parts, sink);
}

/// Of a single network.
inline FitResult fit(const ArchitectureConfig& architecture,
                     const ControlConfig& control, Dataset data,
                     const PairSet& training, const PairSet& validation,
                     const EventSink& sink = {}) {
  return fit(architecture, control, std::move(data),
             std::vector<TrainingPart>{{training, validation}}, sink);
}

}  // namespace musl

namespace musl::test {

inline constexpr std::int64_t kGenes = 60;
/// In no cohort and not in the graph.
inline constexpr std::int32_t kUnknownGene = 59;
/// In the graph and in no cohort.
inline constexpr std::int32_t kGraphOnlyGene = 58;

struct SmallWorld {
  Dataset data;
  PairSet training;    // 150 pairs
  PairSet validation;  // 60 pairs
};

/// Where tests run whose subject is not the device: on the CPU, or as
/// MUSL_TEST_DEVICE says: "cuda", or "fake" (fake_device.h), which is named
/// "cuda" too. On a GPU those that ask for equal bits fail.
inline std::string test_device() {
  const char* device = std::getenv("MUSL_TEST_DEVICE");
  if (device == nullptr) return "cpu";
  return std::string(device) == "fake" ? "cuda" : device;
}

/// The same bits; on a device, whose sums depend on what is computed together,
/// the same numbers to 1e-5. NaN equals NaN.
template <class Value>
bool same_numbers(const Value* x, const Value* y, std::size_t n) {
  const bool exact = test_device() == "cpu";
  for (std::size_t i = 0; i < n; ++i) {
    const bool near = std::abs(x[i] - y[i]) <= Value(1e-5);
    const bool same = std::memcmp(x + i, y + i, sizeof(Value)) == 0;
    if (!same && (exact || !near)) return false;
  }
  return true;
}
template <class Value>
bool same_numbers(const std::vector<Value>& x, const std::vector<Value>& y) {
  return x.size() == y.size() && same_numbers(x.data(), y.data(), x.size());
}
inline bool same_numbers(const Matrix& x, const Matrix& y) {
  return x.rows() == y.rows() && x.cols() == y.cols() &&
         same_numbers(x.data(), y.data(), static_cast<std::size_t>(x.size()));
}

inline ArchitectureConfig small_architecture() {
  ArchitectureConfig arch;
  arch.encoders = {"histogram", "descriptors", "graph", "partners"};
  arch.width = 16;
  arch.bins = 8;
  arch.spectral = 4;
  return arch;
}

inline ArchitectureConfig without_dropout() {
  ArchitectureConfig arch = small_architecture();
  arch.dropout = 0;
  return arch;
}

inline ControlConfig small_control() {
  ControlConfig control;
  control.device = test_device();
  control.threads = 2;
  control.epochs = 3;
  control.batch_size = 100;  // two chunks
  return control;
}

/// A cohort over the genes below `n_rows`, with `n_assays` assays.
inline ExpressionCohort small_cohort(const std::string& name,
                                     std::int64_t n_rows,
                                     std::int64_t n_samples, int n_assays,
                                     const ArchitectureConfig& arch, Rng* rng,
                                     std::int64_t n_genes = kGenes) {
  std::vector<Eigen::MatrixXd> assays;
  ExpressionInput input;
  input.name = name;
  for (int j = 0; j < n_assays; ++j) {
    assays.push_back(Eigen::MatrixXd::NullaryExpr(
        n_rows, n_samples, [rng] { return rng->normal(); }));
  }
  for (const auto& assay : assays) {
    input.assays.emplace_back(assay.data(), n_rows, n_samples);
  }
  for (std::int32_t gene = 0; gene < n_rows; ++gene) {
    input.gene_of_row.push_back(gene);
  }
  return make_expression_cohort(input, expression_config(arch), n_genes,
                                /*known=*/nullptr,
                                /*compact=*/true, /*threads=*/1);
}

inline NodeBlock small_block(const std::string& name, std::int64_t columns,
                             Rng* rng, std::int64_t n_genes = kGenes) {
  NodeBlock block;
  block.name = name;
  block.values = Matrix::NullaryExpr(
      n_genes, columns, [rng] { return static_cast<float>(rng->normal()); });
  block.present.assign(static_cast<std::size_t>(n_genes), 1);
  return block;
}

inline CsrGraph small_network(Rng* rng, std::int64_t n_genes = kGenes) {
  std::vector<std::int32_t> from, to;
  std::vector<float> weight;
  for (std::int32_t i = 0; i < kUnknownGene; ++i) {
    for (int k = 0; k < 3; ++k) {
      from.push_back(i);
      to.push_back(static_cast<std::int32_t>(rng->below(kUnknownGene)));
      weight.push_back(0.5f + 0.5f * static_cast<float>(rng->uniform()));
    }
  }
  return make_graph(n_genes, from, to, weight);
}

/// Random labelled pairs of the genes that have every modality.
inline PairSet small_pairs(std::int64_t n, const Dataset& data, Rng* rng) {
  const Matrix& embedding = data.blocks[0].values;
  PairSet pairs;
  while (pairs.size() < n) {
    const auto a = static_cast<std::int32_t>(rng->below(40));
    const auto b = static_cast<std::int32_t>(rng->below(40));
    if (a == b) continue;
    pairs.a.push_back(a);
    pairs.b.push_back(b);
    pairs.label.push_back(embedding(a, 0) * embedding(b, 0) > 0 ? 1.0f : 0.0f);
  }
  return pairs;
}

/// Every pair of genes, once.
inline PairSet all_pairs() {
  PairSet pairs;
  for (std::int32_t a = 0; a < kGenes; ++a) {
    for (std::int32_t b = a + 1; b < kGenes; ++b) {
      pairs.a.push_back(a);
      pairs.b.push_back(b);
    }
  }
  return pairs;
}

/// n_genes  at least kGenes; those beyond have embeddings only
inline SmallWorld small_world(const ArchitectureConfig& arch,
                              std::uint64_t seed = 1,
                              std::int64_t n_genes = kGenes) {
  Rng rng(seed);
  SmallWorld world;
  Dataset& data = world.data;
  data.n_genes = n_genes;
  data.cohorts.push_back(small_cohort("one", 58, 40, 2, arch, &rng, n_genes));
  data.cohorts.push_back(small_cohort("two", 45, 30, 1, arch, &rng, n_genes));
  // Wide enough for relations, and not.
  data.blocks.push_back(small_block("embedding", 8, &rng, n_genes));
  data.blocks.push_back(small_block("spectral", 4, &rng, n_genes));
  data.network = small_network(&rng, n_genes);
  data.in_graph.assign(static_cast<std::size_t>(n_genes), 1);
  data.in_graph[kUnknownGene] = 0;
  world.training = small_pairs(150, data, &rng);
  world.validation = small_pairs(60, data, &rng);
  return world;
}

/// As a fit learns it, known partners included.
inline Preprocess small_preprocess(const SmallWorld& world) {
  Preprocess out = fit_preprocess(world.data, world.training, /*threads=*/1);
  const GeneSpaces spaces = partner_spaces(world.data, out, /*threads=*/1);
  nn::learn_inputs({world.data, world.training, &spaces, /*threads=*/1}, &out);
  return out;
}

}  // namespace musl::test
