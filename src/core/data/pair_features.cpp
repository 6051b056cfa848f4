// One thread in Eigen, whatever flags the file is compiled with: sums must not
// depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include "musl/pair_features.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/linear_algebra.h"
#include "data/node_blocks.h"
#include "expression/profile_rows.h"
#include "musl/descriptors.h"
#include "musl/parallel.h"

namespace musl {

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr std::int64_t kChunk = 256;

const char* const kMarginalNames[kMarginals] = {
    "mean", "sd", "cv", "skewness", "kurtosis", "detection", "median"};

/// Appends prefix_1 .. prefix_n.
void add_numbered(const std::string& prefix, Eigen::Index n,
                  std::vector<std::string>* names) {
  for (Eigen::Index i = 1; i <= n; ++i) {
    names->push_back(prefix + "_" + std::to_string(i));
  }
}

Matrix unit_rows(Matrix x) {
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const float norm = x.row(i).norm();
    if (norm > 0) x.row(i) /= norm;
  }
  return x;
}

/// Writes a row of features from left to right.
class RowWriter {
 public:
  explicit RowWriter(float* out) : at_(out) {}

  void put(float value) { *at_++ = value; }
  void put_missing(Eigen::Index n) {
    std::fill_n(at_, n, kMissing);
    at_ += n;
  }
  template <class Row>
  void put_difference_and_product(const Row& x, const Row& y) {
    const Eigen::Index n = x.size();
    Eigen::Map<Eigen::RowVectorXf>(at_, n) = (x - y).cwiseAbs();
    Eigen::Map<Eigen::RowVectorXf>(at_ + n, n) = x.cwiseProduct(y);
    at_ += 2 * n;
  }
  float* skip(Eigen::Index n) {
    float* first = at_;
    at_ += n;
    return first;
  }

 private:
  float* at_;
};

constexpr int kCohortFeatures = kDescriptors + 2 * kMarginals;

void write_cohort(const ExpressionCohort& cohort, std::int32_t a,
                  std::int32_t b, RowWriter* row) {
  if (!cohort.has_pair(a, b)) {
    row->put_missing(kCohortFeatures);
    return;
  }
  pair_descriptors(cohort, a, b, row->skip(kDescriptors));
  const auto x =
      cohort.marginals.row(cohort.row_of_gene[static_cast<std::size_t>(a)]);
  const auto y =
      cohort.marginals.row(cohort.row_of_gene[static_cast<std::size_t>(b)]);
  for (int m = 0; m < kMarginals; ++m) row->put(x[m] + y[m]);
  for (int m = 0; m < kMarginals; ++m) row->put(std::abs(x[m] - y[m]));
}

bool has_cosine(const FeatureStore& store, std::int32_t a, std::int32_t b) {
  return store.embedded[static_cast<std::size_t>(a)] != 0 &&
         store.embedded[static_cast<std::size_t>(b)] != 0;
}

float cosine(const FeatureStore& store, std::int32_t a, std::int32_t b) {
  return store.direction.row(a).dot(store.direction.row(b));
}

void write_embedding(const FeatureStore& store, std::int32_t a, std::int32_t b,
                     RowWriter* row) {
  if (!has_cosine(store, a, b)) {
    row->put_missing(1 + 2 * store.embedding.cols());
    return;
  }
  row->put(cosine(store, a, b));
  row->put_difference_and_product(store.embedding.row(a),
                                  store.embedding.row(b));
}

void write_pair(const FeatureStore& store, std::int32_t a, std::int32_t b,
                float* out) {
  RowWriter row(out);
  for (const auto& cohort : store.cohorts) write_cohort(cohort, a, b, &row);
  if (!store.network.empty()) {
    pair_topology(store.network, a, b, row.skip(kTopology));
    row.put_difference_and_product(store.spectral.row(a),
                                   store.spectral.row(b));
  }
  if (store.direction.cols() > 0) write_embedding(store, a, b, &row);
}

std::vector<std::string> pair_names(const FeatureStore& store) {
  std::vector<std::string> names;
  for (const auto& cohort : store.cohorts) {
    const auto add = [&](const std::string& name) {
      names.push_back(cohort.name + "_" + name);
    };
    for (const auto& name : descriptor_names()) add(name);
    for (const char* name : kMarginalNames) add(std::string(name) + "_sum");
    for (const char* name : kMarginalNames) add(std::string(name) + "_diff");
  }
  if (!store.network.empty()) {
    const auto& topology = topology_names();
    names.insert(names.end(), topology.begin(), topology.end());
    add_numbered("spectral_diff", store.spectral.cols(), &names);
    add_numbered("spectral_product", store.spectral.cols(), &names);
  }
  if (store.direction.cols() > 0) {
    names.emplace_back("embedding_cosine");
    add_numbered("embedding_diff", store.embedding.cols(), &names);
    add_numbered("embedding_product", store.embedding.cols(), &names);
  }
  return names;
}

/// Runs write(i, row of out) for every pair.
template <class Write>
void for_rows(std::int64_t n, int threads, Matrix* out, Write&& write) {
  parallel_for((n + kChunk - 1) / kChunk, threads, [&](std::int64_t chunk) {
    const std::int64_t last = std::min(n, (chunk + 1) * kChunk);
    for (std::int64_t i = chunk * kChunk; i < last; ++i) {
      write(static_cast<std::size_t>(i), out->row(i).data());
    }
  });
}

float mean_pearson(const std::vector<ExpressionCohort>& cohorts, std::int32_t a,
                   std::int32_t b) {
  double sum = 0;
  int n = 0;
  for (const auto& cohort : cohorts) {
    if (!cohort.has_pair(a, b)) continue;
    const auto row = [&](std::int32_t gene) {
      return profile_row(cohort, ProfileKind::standardised,
                         cohort.row_of_gene[static_cast<std::size_t>(gene)]);
    };
    sum += static_cast<double>(row(a).dot(row(b)));
    ++n;
  }
  return n > 0 ? static_cast<float>(sum / n) : kMissing;
}

void write_simple(const FeatureStore& store, std::int32_t a, std::int32_t b,
                  float* out) {
  RowWriter row(out);
  if (!store.network.empty()) {
    const auto log_degree = [&](std::int32_t gene) {
      return std::log1p(static_cast<float>(store.network.degree(gene)));
    };
    float topology[kTopology];
    pair_topology(store.network, a, b, topology);
    row.put(log_degree(a) + log_degree(b));
    row.put(topology[1]);
  }
  if (!store.cohorts.empty()) row.put(mean_pearson(store.cohorts, a, b));
  if (store.direction.cols() > 0) {
    row.put(has_cosine(store, a, b) ? cosine(store, a, b) : kMissing);
  }
}

}  // namespace

FeatureStore make_feature_store(const DatasetInput& input, int rank,
                                std::uint64_t seed, int threads) {
  FeatureStore out;
  out.n_genes = input.n_genes;
  for (const auto& cohort : input.cohorts) {
    out.cohorts.push_back(
        make_expression_cohort(cohort, ExpressionConfig{}, input.n_genes,
                               /*known=*/nullptr, /*compact=*/false, threads));
  }
  out.network = make_graph(input.n_genes, input.edge_from, input.edge_to,
                           input.edge_weight);
  out.spectral.resize(input.n_genes, 0);
  if (rank > 0 && !out.network.empty()) {
    out.spectral = spectral_embedding(out.network, rank, seed, threads);
  }
  out.embedded.assign(static_cast<std::size_t>(input.n_genes), 0);
  out.embedding.resize(input.n_genes, 0);
  out.direction.resize(input.n_genes, 0);
  if (input.embeddings != nullptr) {
    NodeBlock given = embedding_rows(input);
    if (rank > 0) out.embedding = on_principal_axes(given.values, rank);
    out.embedded = std::move(given.present);
    out.direction = unit_rows(std::move(given.values));
  }
  return out;
}

FeatureTable pair_features(const FeatureStore& store, const PairSet& pairs,
                           int threads) {
  check_pairs(pairs, store.n_genes);
  FeatureTable out{pair_names(store), {}};
  out.values.resize(pairs.size(), static_cast<Eigen::Index>(out.names.size()));
  for_rows(pairs.size(), threads, &out.values, [&](std::size_t i, float* row) {
    write_pair(store, pairs.a[i], pairs.b[i], row);
  });
  return out;
}

FeatureTable gene_features(const FeatureStore& store) {
  FeatureTable out;
  for (const auto& cohort : store.cohorts) {
    for (const char* name : kMarginalNames) {
      out.names.push_back(cohort.name + "_" + name);
    }
  }
  const bool network = !store.network.empty();
  if (network) out.names.emplace_back("degree");
  add_numbered("spectral", store.spectral.cols(), &out.names);
  add_numbered("embedding", store.embedding.cols(), &out.names);

  out.values.setConstant(store.n_genes,
                         static_cast<Eigen::Index>(out.names.size()), kMissing);
  for (std::int32_t gene = 0; gene < store.n_genes; ++gene) {
    const auto g = static_cast<std::size_t>(gene);
    auto row = out.values.row(gene);
    Eigen::Index at = 0;
    for (const auto& cohort : store.cohorts) {
      if (cohort.has_gene(gene)) {
        row.segment(at, kMarginals) =
            cohort.marginals.row(cohort.row_of_gene[g]);
      }
      at += kMarginals;
    }
    if (network) {
      row[at++] = std::log1p(static_cast<float>(store.network.degree(gene)));
    }
    row.segment(at, store.spectral.cols()) = store.spectral.row(gene);
    at += store.spectral.cols();
    if (store.embedded[g] != 0) {
      row.segment(at, store.embedding.cols()) = store.embedding.row(gene);
    }
  }
  return out;
}

FeatureTable simple_scores(const FeatureStore& store, const PairSet& pairs,
                           int threads) {
  check_pairs(pairs, store.n_genes);
  FeatureTable out;
  if (!store.network.empty()) {
    out.names = {"ppi_degree", "common_neighbours"};
  }
  if (!store.cohorts.empty()) out.names.emplace_back("pearson");
  if (store.direction.cols() > 0) out.names.emplace_back("cosine");
  out.values.resize(pairs.size(), static_cast<Eigen::Index>(out.names.size()));
  for_rows(pairs.size(), threads, &out.values, [&](std::size_t i, float* row) {
    write_simple(store, pairs.a[i], pairs.b[i], row);
  });
  return out;
}

}  // namespace musl
