#include "data/partners.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "base/sorted_ids.h"
#include "data/column_moments.h"
#include "data/preprocess.h"

namespace musl {

namespace {

constexpr std::int64_t kPairsABlock = 256;
constexpr std::int64_t kGenesABlock = 64;
constexpr int kCountColumns = 3;
// Without a path the logs have a finite floor; adding these constants makes
// them about zero there.
constexpr float kTwoSteps = 1e-5f, kTwoStepsLog = 11.0f;
constexpr float kThreeSteps = 1e-6f, kThreeStepsLog = 13.0f;

CsrGraph path_graph(const PairSet& known, std::int64_t n_genes) {
  std::vector<std::int32_t> from, to;
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    if (known.label[i] != 1.0f) continue;
    from.push_back(known.a[i]);
    to.push_back(known.b[i]);
  }
  CsrGraph graph =
      make_graph(n_genes, from, to, std::vector<float>(from.size(), 1.0f));
  for (std::int64_t i = 0; i < graph.n_nodes(); ++i) {
    for (auto k = graph.offset[at(i)]; k < graph.offset[at(i) + 1]; ++k) {
      const auto degrees =
          static_cast<double>(graph.degree(static_cast<std::int32_t>(i)) *
                              graph.degree(graph.neighbour[at(k)]));
      graph.weight[at(k)] = static_cast<float>(1.0 / std::sqrt(degrees));
    }
  }
  return graph;
}

/// Sums of neighbours' scores along one step from `gene`, (G) in `out`.
void two_steps(const CsrGraph& graph, std::int32_t gene,
               std::vector<float>* out) {
  std::fill(out->begin(), out->end(), 0.0f);
  const auto i = at(gene);
  for (auto k = graph.offset[i]; k < graph.offset[i + 1]; ++k) {
    const auto mid = at(graph.neighbour[at(k)]);
    const float weight = graph.weight[at(k)];
    for (auto l = graph.offset[mid]; l < graph.offset[mid + 1]; ++l) {
      (*out)[at(graph.neighbour[at(l)])] += weight * graph.weight[at(l)];
    }
  }
}

float third_step(const CsrGraph& graph, std::int32_t gene,
                 const std::vector<float>& two) {
  float sum = 0;
  const auto i = at(gene);
  for (auto k = graph.offset[i]; k < graph.offset[i + 1]; ++k) {
    sum += graph.weight[at(k)] * two[at(graph.neighbour[at(k)])];
  }
  return sum;
}

/// The part of the known pairs that contains this pair.
int fold_of(std::int64_t key) {
  constexpr std::uint64_t kSeed = 0x5eed;
  return static_cast<int>(derive_seed(kSeed, static_cast<std::uint64_t>(key)) %
                          kPartnerFolds);
}

PairSet without_fold(const PairSet& known, int fold, std::int64_t n_genes) {
  PairSet out;
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    if (fold_of(pair_key(known.a[i], known.b[i], n_genes)) == fold) continue;
    out.a.push_back(known.a[i]);
    out.b.push_back(known.b[i]);
    out.label.push_back(known.label[i]);
  }
  return out;
}

/// The partners of genes, in the order of the known pairs.
class PartnerLists {
  struct Partner {
    std::int32_t gene;
    bool is_sl;
  };

 public:
  /// row  of a gene, from 0 without gaps; -1 for a gene without a list
  PartnerLists(const PairSet& known, const std::vector<std::int32_t>& row) {
    std::int32_t n_rows = 0;
    for (const auto r : row) n_rows = std::max(n_rows, r + 1);
    partners_.resize(at(n_rows));
    const auto add = [&](std::int32_t gene, std::int32_t partner, bool is_sl) {
      const std::int32_t r = row[at(gene)];
      if (r >= 0) partners_[at(r)].push_back({partner, is_sl});
    };
    for (std::size_t i = 0; i < known.a.size(); ++i) {
      const bool is_sl = known.label[i] == 1.0f;
      add(known.a[i], known.b[i], is_sl);
      add(known.b[i], known.a[i], is_sl);
    }
  }

  [[nodiscard]] std::int64_t n_rows() const { return size_of(partners_); }

  /// Writes the means over SL and over non-SL partners of `values` (G, F) to
  /// row `r`; zeros without such partners.
  void mean(const Matrix& values, std::int64_t r, Matrix* sl,
            Matrix* non_sl) const {
    sl->row(r).setZero();
    non_sl->row(r).setZero();
    float n_sl = 0, n_non_sl = 0;
    for (const auto& [gene, is_sl] : partners_[at(r)]) {
      (is_sl ? sl : non_sl)->row(r) += values.row(gene);
      (is_sl ? n_sl : n_non_sl) += 1;
    }
    sl->row(r) /= std::max(n_sl, 1.0f);
    non_sl->row(r) /= std::max(n_non_sl, 1.0f);
  }

 private:
  std::vector<std::vector<Partner>> partners_;  // of each row
};

}  // namespace

int partner_columns(int n_spaces) { return 2 * n_spaces + kCountColumns; }

KnownPartners::KnownPartners(GeneSpaces spaces, const PairSet& known,
                             std::int64_t n_genes, int threads)
    : KnownPartners(std::move(spaces), known,
                    std::vector<std::uint8_t>(at(n_genes), 1), threads) {}

KnownPartners::KnownPartners(GeneSpaces spaces, const PairSet& known,
                             const std::vector<std::uint8_t>& use, int threads)
    : columns_(partner_columns(static_cast<int>(spaces.size()))),
      spaces_(std::move(spaces)) {
  check_pairs(known, size_of(use));
  count(known, use);
  add_means(known, threads);
  paths_ = path_graph(known, size_of(use));
}

void KnownPartners::count(const PairSet& known,
                          const std::vector<std::uint8_t>& use) {
  row_.assign(use.size(), -1);
  n_sl_.assign(use.size(), 0.0f);
  n_non_sl_.assign(use.size(), 0.0f);
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    auto& count = known.label[i] == 1.0f ? n_sl_ : n_non_sl_;
    for (const auto gene : {known.a[i], known.b[i]}) count[at(gene)] += 1;
  }
  std::int32_t rows = 0;
  for (std::size_t g = 0; g < row_.size(); ++g) {
    if (use[g] != 0 && n_sl_[g] + n_non_sl_[g] > 0) row_[g] = rows++;
  }
}

void KnownPartners::add_means(const PairSet& known, int threads) {
  const PartnerLists lists(known, row_);
  std::vector<Means> means;
  for (const auto& space : spaces_) {
    const auto width = space.values.cols();
    means.push_back(
        {Matrix(lists.n_rows(), width), Matrix(lists.n_rows(), width)});
  }
  parallel_blocks(lists.n_rows(), kGenesABlock, threads,
                  [&](std::int64_t first, std::int64_t last) {
                    for (auto row = first; row < last; ++row) {
                      for (std::size_t k = 0; k < means.size(); ++k) {
                        lists.mean(spaces_[k].values, row, &means[k].sl,
                                   &means[k].non_sl);
                      }
                    }
                  });
  means_ = std::make_shared<const std::vector<Means>>(std::move(means));
}

std::vector<std::string> KnownPartners::feature_names() const {
  std::vector<std::string> names;
  const auto add_direction = [&](const std::string& from,
                                 const std::string& to) {
    for (std::size_t k = 0; k < spaces_.size(); ++k) {
      const std::string& space = spaces_[k].name;
      names.push_back(to + " like SL partners of " + from + ", " + space);
      names.push_back(to + " like non-SL partners of " + from + ", " + space);
    }
    names.push_back("SL partners of " + from + " (log1p)");
    names.push_back("non-SL partners of " + from + " (log1p)");
    names.push_back(from + " has an SL partner");
  };
  add_direction("{a}", "{b}");
  add_direction("{b}", "{a}");
  names.emplace_back("two-step paths in the SL graph");
  names.emplace_back("three-step paths in the SL graph");
  return names;
}

void KnownPartners::direction(std::int32_t from, std::int32_t to,
                              float* out) const {
  const auto row = row_[at(from)];
  for (std::size_t k = 0; k < means_->size(); ++k) {
    const auto partner = spaces_[k].values.row(to);
    *out++ = (*means_)[k].sl.row(row).dot(partner);
    *out++ = (*means_)[k].non_sl.row(row).dot(partner);
  }
  *out++ = std::log1p(n_sl_[at(from)]);
  *out++ = std::log1p(n_non_sl_[at(from)]);
  *out = n_sl_[at(from)] > 0 ? 1.0f : 0.0f;
}

void KnownPartners::features(const PairSet& pairs, float* out) const {
  std::vector<float> two(row_.size());
  std::int32_t at_gene = -1;
  for (std::size_t i = 0; i < pairs.a.size(); ++i, out += width()) {
    std::fill_n(out, width(), 0.0f);
    if (row_.empty()) continue;
    const std::int32_t a = pairs.a[i], b = pairs.b[i];
    if (seen(a)) direction(a, b, out);
    if (seen(b)) direction(b, a, out + columns_);
    float* paths = out + std::ptrdiff_t{2} * columns_;
    if (!seen(a) || !seen(b)) continue;
    float second = 0, third = 0;
    if (!paths_.empty()) {
      if (a != at_gene) two_steps(paths_, a, &two);
      at_gene = a;
      second = two[at(b)];
      third = third_step(paths_, b, two);
    }
    paths[0] = std::log(second + kTwoSteps) + kTwoStepsLog;
    paths[1] = std::log(third + kThreeSteps) + kThreeStepsLog;
  }
}

OutOfFold::OutOfFold(const GeneSpaces& spaces, const PairSet& known,
                     const PairSet& asked, std::int64_t n_genes, int threads)
    : n_genes_(n_genes) {
  const auto all = pair_keys(known, n_genes);
  for (const auto key : pair_keys(asked, n_genes)) {
    const bool is_new = keys_.empty() || keys_.back() != key;
    if (is_new && std::binary_search(all.begin(), all.end(), key)) {
      keys_.push_back(key);
    }
  }
  const int columns = partner_columns(static_cast<int>(spaces.size()));
  features_ = Matrix::Zero(static_cast<Eigen::Index>(keys_.size()),
                           2 * columns + kPartnerPaths);
  if (keys_.empty()) return;
  for (int fold = 0; fold < kPartnerFolds; ++fold) {
    std::vector<std::int64_t> rows;
    std::vector<std::uint8_t> use(at(n_genes), 0);
    PairSet own;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (fold_of(keys_[i]) != fold) continue;
      rows.push_back(static_cast<std::int64_t>(i));
      own.a.push_back(static_cast<std::int32_t>(keys_[i] / n_genes));
      own.b.push_back(static_cast<std::int32_t>(keys_[i] % n_genes));
      use[at(own.a.back())] = use[at(own.b.back())] = 1;
    }
    if (rows.empty()) continue;
    const KnownPartners partners(spaces, without_fold(known, fold, n_genes),
                                 use, threads);
    parallel_blocks(own.size(), kPairsABlock, threads,
                    [&](std::int64_t first, std::int64_t last) {
                      const PairSet block = some_pairs(own, first, last);
                      Matrix found(last - first, features_.cols());
                      partners.features(block, found.data());
                      for (std::int64_t i = 0; i < found.rows(); ++i) {
                        features_.row(rows[at(first + i)]) = found.row(i);
                      }
                    });
  }
}

PairSet known_for_pair(const PairSet& known, std::int32_t a, std::int32_t b,
                       std::int64_t n_genes) {
  const auto key = pair_key(a, b, n_genes);
  const auto keys = pair_keys(known, n_genes);
  if (!std::binary_search(keys.begin(), keys.end(), key)) return known;
  return without_fold(known, fold_of(key), n_genes);
}

const float* OutOfFold::find(std::int32_t a, std::int32_t b) const {
  if (keys_.empty()) return nullptr;
  const auto found = position_of(keys_, pair_key(a, b, n_genes_));
  return found < 0 ? nullptr : features_.row(found).data();
}

PartnerScalers fit_partner_scalers(const GeneSpaces& spaces,
                                   const PairSet& training,
                                   std::int64_t n_genes, int threads) {
  const OutOfFold table(spaces, training, scaler_sample(training), n_genes,
                        threads);
  const int columns = partner_columns(static_cast<int>(spaces.size()));
  ColumnMoments partners(columns), paths(kPartnerPaths);
  for (Eigen::Index i = 0; i < table.features().rows(); ++i) {
    const auto row = table.features().row(i);
    partners.add_row(row.head(columns));
    partners.add_row(row.segment(columns, columns));
    paths.add_row(row.tail(kPartnerPaths));
  }
  return {partners.scaler(), paths.scaler()};
}

}  // namespace musl
