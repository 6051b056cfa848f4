// One thread in Eigen: sums must not depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include "store/gene_sets.h"

#include <Eigen/SparseCore>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "base/linear_algebra.h"
#include "base/numbers.h"
#include "base/parallel.h"
#include "store/part.h"
#include "store/shared_sets.h"

namespace musl {

namespace {

constexpr int kOversampling = 16;
constexpr int kRounds = 5;
constexpr float kZeroSquare = 1e-6F;  // of the largest squared singular value

using Rows = Eigen::SparseMatrix<float, Eigen::RowMajor>;

Eigen::MatrixXf times(const Rows& rows, const Eigen::MatrixXf& x, int threads) {
  const Matrix by_row = x;  // contiguous rows
  Matrix out = Matrix::Zero(rows.rows(), x.cols());
  parallel_for(rows.rows(), threads, [&](std::int64_t i) {
    for (Rows::InnerIterator entry(rows, i); entry; ++entry) {
      out.row(i) += entry.value() * by_row.row(entry.col());
    }
  });
  return out;
}

/// Rows of unit length, entries in proportion to the information of the set.
Rows weighted_rows(const GeneSets& sets) {
  Rows rows(size_of(sets.offset) - 1, size_of(sets.size));
  rows.reserve(size_of(sets.set));
  for (std::int64_t g = 0; g < rows.rows(); ++g) {
    double squares = 0;
    for (auto k = sets.offset[at(g)]; k < sets.offset[at(g + 1)]; ++k) {
      const float weight = information(sets, sets.set[at(k)]);
      squares += static_cast<double>(weight) * weight;
    }
    const auto scale =
        static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 1);
    rows.startVec(g);
    for (auto k = sets.offset[at(g)]; k < sets.offset[at(g + 1)]; ++k) {
      const std::int32_t set = sets.set[at(k)];
      rows.insertBack(g, set) = scale * information(sets, set);
    }
  }
  rows.finalize();
  return rows;
}

/// Memberships once each, by gene and then set.
std::vector<std::pair<std::int32_t, std::int32_t>> distinct(
    const GeneSetsInput& input) {
  std::vector<std::pair<std::int32_t, std::int32_t>> members;
  members.reserve(input.gene.size());
  for (std::size_t i = 0; i < input.gene.size(); ++i) {
    members.emplace_back(input.gene[i], input.set[i]);
  }
  return once(std::move(members));
}

constexpr int kTermAxes = 128;
constexpr int kFamilyAxes = 64;
constexpr int kPathwayAxes = 32;
// A term of one gene relates no pair; a term of too many genes says little
// about a pair.
constexpr float kSmallestTerm = 2;
constexpr float kLargestTerm = 300;
constexpr float kAnySize = std::numeric_limits<float>::infinity();

UnitRows rows_of(const GeneSets& sets, int axes, const EvidenceInput& input,
                 std::uint64_t seed, int threads) {
  if (sets.empty()) return {};
  return make_unit_rows(gene_set_axes(sets, axes, seed, threads), input.bits);
}

Terms make_terms(const EvidenceInput& input, std::uint64_t seed, int threads) {
  Terms out;
  out.sets = make_gene_sets(input.part<SetInputs>().terms, input.n_genes,
                            kSmallestTerm, kLargestTerm);
  out.rows = rows_of(out.sets, kTermAxes, input, seed, threads);
  return out;
}

/// Rows of sets that tell of single genes alone.
template <class Part, GeneSetsInput SetInputs::*kSets, int kAxes>
Part make_rows(const EvidenceInput& input, std::uint64_t seed, int threads) {
  const auto sets = make_gene_sets(input.part<SetInputs>().*kSets,
                                   input.n_genes, kSmallestTerm, kAnySize);
  return {rows_of(sets, kAxes, input, seed, threads)};
}

Families make_families(const EvidenceInput& input, std::uint64_t seed,
                       int threads) {
  Families out;
  out.sets = make_gene_sets(input.part<SetInputs>().families, input.n_genes, 1,
                            kAnySize);
  if (out.empty()) return out;
  out.rows = rows_of(out.sets, kFamilyAxes, input, seed, threads);
  out.twins = count_twins(out.sets);
  return out;
}

Modules make_modules(const EvidenceInput& input, std::uint64_t /*seed*/,
                     int /*threads*/) {
  return {make_gene_sets(input.part<SetInputs>().modules, input.n_genes, 1,
                         kAnySize)};
}

Layout make_layout(const EvidenceInput& input, std::uint64_t /*seed*/,
                   int /*threads*/) {
  return input.part<Layout>();
}

template <GeneSetsInput SetInputs::*kSets>
void take_sets(const Field& from, EvidenceInput* to) {
  GeneSetsInput& out = to->part<SetInputs>().*kSets;
  out.gene = from["gene"].integers();
  out.set = from["set"].integers();
  out.branch_of_set = from["branch_of_set"].integers();
  out.branches = from["branches"].texts;
}

void take_layout(const Field& from, EvidenceInput* to) {
  to->part<Layout>().place = from.matrix();
}

const bool kSetsAreParts = [] {
  constexpr bool kIfEmpty = true;
  constexpr auto kWide = &SetInputs::wide, kPathways = &SetInputs::pathways;
  register_part(part_kind<Terms, make_terms>(
      "terms", take_sets<&SetInputs::terms>, kIfEmpty));
  register_part(part_kind<Families, make_families>(
      "families", take_sets<&SetInputs::families>, kIfEmpty));
  register_part(part_kind<Modules, make_modules>(
      "modules", take_sets<&SetInputs::modules>, kIfEmpty));
  register_part(part_kind<WideTerms, make_rows<WideTerms, kWide, kTermAxes>>(
      "wide", take_sets<kWide>, kIfEmpty));
  register_part(
      part_kind<Pathways, make_rows<Pathways, kPathways, kPathwayAxes>>(
          "pathways", take_sets<kPathways>, kIfEmpty));
  return register_part(
      part_kind<Layout, make_layout>("layout", take_layout, kIfEmpty));
}();

}  // namespace

GeneSets make_gene_sets(const GeneSetsInput& input, std::int64_t n_genes,
                        float smallest, float largest) {
  GeneSets out;
  if (input.gene.empty()) return out;
  const auto members = distinct(input);
  std::vector<float> size(input.branch_of_set.size(), 0);
  std::int32_t last = -1;
  for (const auto& [gene, set] : members) {
    ++size[at(set)];
    if (gene != last) ++out.n_annotated;
    last = gene;
  }
  std::vector<std::int32_t> new_id(size.size(), -1);
  for (std::size_t s = 0; s < size.size(); ++s) {
    if (size[s] < smallest || size[s] > largest) continue;
    new_id[s] = static_cast<std::int32_t>(out.size.size());
    out.size.push_back(size[s]);
    out.branch.push_back(input.branch_of_set[s]);
  }
  out.branches = input.branches;
  out.offset.assign(at(n_genes + 1), 0);
  for (const auto& [gene, set] : members) {
    if (gene >= n_genes || new_id[at(set)] < 0) continue;
    out.set.push_back(new_id[at(set)]);
    ++out.offset[at(gene + 1)];
  }
  std::partial_sum(out.offset.begin(), out.offset.end(), out.offset.begin());
  return out;
}

float information(const GeneSets& sets, std::int32_t set) {
  return -std::log(sets.size[at(set)] / std::max(sets.n_annotated, 1.0F));
}

Matrix gene_set_axes(const GeneSets& sets, int rank, std::uint64_t seed,
                     int threads) {
  const auto n = size_of(sets.offset) - 1, n_sets = size_of(sets.size);
  const auto width = static_cast<int>(
      std::min<std::int64_t>(rank + kOversampling, std::min(n, n_sets)));
  if (width <= 0) return Matrix::Zero(n, 0);
  const Rows rows = weighted_rows(sets);
  const Rows columns = rows.transpose();
  Eigen::MatrixXf basis =
      orthonormal(times(rows, random_matrix(n_sets, width, seed), threads));
  for (int round = 0; round < kRounds; ++round) {
    basis = orthonormal(times(rows, times(columns, basis, threads), threads));
  }
  const Eigen::MatrixXf back = times(columns, basis, threads);  // (T, width)
  const Eigen::MatrixXf gram = back.transpose() * back;
  const auto [squares, vectors] = symmetric_eigen(gram);
  const float largest = squares[width - 1];
  const int kept = std::min(rank, width);
  Matrix out = Matrix::Zero(n, kept);
  for (int k = 0; k < kept; ++k) {
    const int from = width - 1 - k;
    const float square = squares[from];
    if (square <= kZeroSquare * largest) break;
    out.col(k) = std::sqrt(square) * (basis * vectors.col(from));
  }
  return out;
}

std::vector<float> smallest_sets(const GeneSets& sets) {
  std::vector<float> out(sets.offset.size() - 1, kFloatNaN);
  for (std::size_t g = 0; g < out.size(); ++g) {
    for (auto k = sets.offset[g]; k < sets.offset[g + 1]; ++k) {
      out[g] = std::fmin(out[g], sets.size[at(sets.set[at(k)])]);
    }
  }
  return out;
}

std::vector<float> count_twins(const GeneSets& sets) {
  const auto n = size_of(sets.offset) - 1;
  std::map<std::vector<std::int32_t>, float> found;
  const auto key = [&](std::int64_t g) {
    return std::vector<std::int32_t>(sets.set.begin() + sets.offset[at(g)],
                                     sets.set.begin() + sets.offset[at(g + 1)]);
  };
  for (std::int64_t g = 0; g < n; ++g) {
    if (sets.count(static_cast<std::int32_t>(g)) > 0) ++found[key(g)];
  }
  std::vector<float> twins(at(n), kFloatNaN);
  for (std::int64_t g = 0; g < n; ++g) {
    if (sets.count(static_cast<std::int32_t>(g)) > 0) {
      twins[at(g)] = found[key(g)];
    }
  }
  return twins;
}

bool same_sets(const GeneSets& sets, std::int32_t a, std::int32_t b) {
  const auto from = [&](std::int32_t g) {
    return sets.set.begin() + sets.offset[at(g)];
  };
  return sets.count(a) > 0 && std::equal(from(a), from(a) + sets.count(a),
                                         from(b), from(b) + sets.count(b));
}

SharedSets shared_sets(const GeneSets& sets, const PairSet& pairs) {
  SharedSets out;
  if (sets.empty()) return out;
  check_pairs(pairs, size_of(sets.offset) - 1);
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    for_shared_sets(sets, pairs.a[i], pairs.b[i], [&](std::int32_t set) {
      out.pair.push_back(static_cast<std::int32_t>(i));
      out.set.push_back(set);
    });
  }
  return out;
}

std::vector<std::vector<std::int32_t>> set_members(
    const GeneSets& sets, const std::vector<std::int32_t>& asked) {
  std::map<std::int32_t, std::vector<std::int32_t>> found;
  for (const auto set : asked) found[set] = {};
  for (std::size_t g = 0; g + 1 < sets.offset.size(); ++g) {
    for (auto k = sets.offset[g]; k < sets.offset[g + 1]; ++k) {
      const auto of = found.find(sets.set[at(k)]);
      if (of != found.end()) {
        of->second.push_back(static_cast<std::int32_t>(g));
      }
    }
  }
  std::vector<std::vector<std::int32_t>> out;
  out.reserve(asked.size());
  for (const auto set : asked) out.push_back(found[set]);
  return out;
}

GeneSets remapped(const GeneSets& sets,
                  const std::vector<std::int32_t>& gene_of) {
  GeneSets out = sets;
  remap_rows(sets.offset, sets.set, gene_of, &out.offset, &out.set);
  return out;
}

bool fits(const GeneSets& sets, std::int64_t n) {
  return sets.empty() || (are_row_offsets(sets.offset, n, size_of(sets.set)) &&
                          sets.branch.size() == sets.size.size() &&
                          are_below(sets.set, size_of(sets.size)) &&
                          are_below(sets.branch, size_of(sets.branches)));
}

}  // namespace musl
