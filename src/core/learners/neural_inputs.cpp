// One thread in Eigen: sums must not depend on the number of threads.
#define EIGEN_DONT_PARALLELIZE

#include "learners/neural_inputs.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/linear_algebra.h"
#include "base/numbers.h"
#include "features/expression_evidence.h"
#include "features/related_genes.h"
#include "io/file.h"
#include "learners/measured_scorer.h"
#include "learners/reach.h"
#include "store/cohorts.h"
#include "store/network.h"

namespace musl {

namespace {

constexpr Eigen::Index kAxes = 24;  // of a cohort's profiles
constexpr float kClip = 4;          // of the table's standard scores

using Values = std::vector<float>;

// ---- The table ----

struct Column {
  std::string name;
  Values value;  // (G), NaN where unknown
};

/// log(1 + count(gene)) of each gene.
template <class Count>
Column count_column(const std::string& name, std::int64_t n_genes,
                    const Count& count) {
  Column out{name, Values(at(n_genes))};
  for (std::int32_t g = 0; g < n_genes; ++g) {
    out.value[at(g)] = std::log1p(static_cast<float>(count(g)));
  }
  return out;
}

/// Log of the size of each gene's smallest family.
Column family_column(const GeneSets& families) {
  Column out{"smallest_family", smallest_sets(families)};
  for (float& size : out.value) size = std::log(size);
  return out;
}

std::vector<Column> gene_table(const GeneStore& store) {
  const std::int64_t n = store.n_genes;
  ExpressionLevels levels = expression_levels(store);
  auto percentile = levels.each.begin();
  std::vector<Column> out;
  for (const auto& cohort : store.part<Cohorts>()) {
    out.push_back({"mean:" + cohort.name, cohort.mean});
    out.push_back({"sd:" + cohort.name, cohort.sd});
    out.push_back({"percentile:" + cohort.name, std::move(*percentile++)});
  }
  for (const auto& column : store.part<GeneColumns>()) {
    out.push_back({"gene:" + column.name, column.value});
    if (tells_need(column)) {
      for (const Relation relation : relations_of(store)) {
        out.push_back({"gene:" + column.name + ":" + relation_name(relation),
                       related_means(store, relation, column.value)});
      }
    }
    if (column.role != "expression") continue;
    out.push_back({"percentile:" + column.name, std::move(*percentile++)});
  }
  out.push_back({"percentile_mean", std::move(levels.mean)});
  out.push_back({"percentile_lowest", std::move(levels.lowest)});
  if (!store.part<Network>().graph.empty()) {
    out.push_back(count_column("degree", n, [&](auto gene) {
      return store.part<Network>().graph.degree(gene);
    }));
  }
  if (!store.part<Terms>().sets.empty()) {
    out.push_back(count_column("terms", n, [&](auto gene) {
      return store.part<Terms>().sets.count(gene);
    }));
  }
  if (!store.part<Families>().sets.empty())
    out.push_back(family_column(store.part<Families>().sets));
  if (!store.part<Modules>().sets.empty()) {
    out.push_back(count_column("modules", n, [&](auto gene) {
      return store.part<Modules>().sets.count(gene);
    }));
  }
  return out;
}

/// Columns of what a gene is, not of how much is known of it.
bool has_reach(const std::string& column) {
  for (const char* start : {"gene:", "mean:", "sd:", "percentile"}) {
    if (column.rfind(start, 0) == 0) return true;
  }
  return false;
}

/// Mean and standard deviation of the known values.
void learn_scale(const Values& value, NeuralInputs* out) {
  double sum = 0, squares = 0, n = 0;
  for (const float x : value) {
    if (std::isnan(x)) continue;
    sum += x;
    squares += static_cast<double>(x) * x;
    ++n;
  }
  const double mean = n > 0 ? sum / n : 0;
  const double variance = n > 0 ? squares / n - mean * mean : 0;
  const double sd = std::sqrt(std::max(variance, 0.0));
  out->mean.push_back(static_cast<float>(mean));
  out->scale.push_back(sd > 1e-6 ? static_cast<float>(sd) : 1.0F);
  out->lowest.push_back(-kClip);
  out->highest.push_back(kClip);
}

// ---- Coordinates ----

/// Turns each axis so that the cubes of the coordinates of the rows (n, S) on
/// it have a positive sum. Solvers choose signs that follow the order of
/// samples.
void turn_to_skew(const Matrix& rows, Matrix* axes) {
  const Matrix on_axes = rows * *axes;
  for (Eigen::Index j = 0; j < axes->cols(); ++j) {
    if (on_axes.col(j).cast<double>().array().cube().sum() < 0) {
      axes->col(j) *= -1;
    }
  }
}

/// The leading axes of the rows, scaled so that coordinates have a mean square
/// of 1.
Matrix leading_axes(const UnitRows& rows) {
  const auto n_genes = size_of(rows.scale);
  Matrix x = Matrix::Zero(n_genes, rows.width);
  for (std::int64_t g = 0; g < n_genes; ++g) {
    rows.add_row(static_cast<std::int32_t>(g), 1, x.row(g).data());
  }
  const Eigen::MatrixXf gram = x.transpose() * x;
  const auto [squares, vectors] = symmetric_eigen(gram);
  const Eigen::Index k = std::min<Eigen::Index>(kAxes, rows.width);
  const float mass = squares.tail(k).sum();
  const auto there =
      static_cast<float>(std::count_if(rows.scale.begin(), rows.scale.end(),
                                       [](float scale) { return scale > 0; }));
  const float mean_square = mass / (there * static_cast<float>(k));
  if (!(mean_square > 0)) return Matrix::Zero(rows.width, k);
  Matrix axes = vectors.rightCols(k) / std::sqrt(mean_square);
  turn_to_skew(x, &axes);
  return axes;
}

/// The same for the same rows, however the genes are numbered.
std::uint64_t profile_hash(const UnitRows& rows) {
  std::uint64_t sum = 0;
  const auto n_genes = size_of(rows.scale);
  for (std::int64_t g = 0; g < n_genes; ++g) {
    if (!(rows.scale[at(g)] > 0)) continue;
    ContentHash hash;
    hash.update(rows.code.data() + g * rows.width, at(rows.width));
    sum += std::stoull(hash.hex().substr(0, 16), nullptr, 16);
  }
  return sum;
}

/// A gene in the store used in training (-1: it is not there) and in the one
/// that is given.
struct KnownGene {
  const GeneStore& known;
  std::int32_t in_known;
  std::int32_t in_given;
};

/// A cohort's axes and the rows whose coordinates on them a model reads.
struct CohortRows {
  const Matrix* axis;
  const UnitRows* rows;  // none: unknown
  bool of_given;         // numbered as in the given store
};

/// A model saved without profiles takes those of the given store, if they are
/// those of training: others have other axes.
std::vector<CohortRows> rows_of_cohorts(const NeuralInputs& inputs,
                                        const GeneStore& known,
                                        const GeneStore& given) {
  std::vector<CohortRows> out;
  for (const auto& cohort : inputs.cohorts) {
    CohortRows rows{&cohort.axis, nullptr, false};
    const auto* own = find_named(known.part<Cohorts>(), cohort.cohort);
    const auto* theirs = find_named(given.part<Cohorts>(), cohort.cohort);
    if (own != nullptr && own->profile.width == cohort.axis.rows()) {
      rows.rows = &own->profile;
    } else if (own != nullptr && own->profile.empty() && theirs != nullptr &&
               theirs->profile.width == cohort.axis.rows() &&
               profile_hash(theirs->profile) == cohort.profiles) {
      rows.rows = &theirs->profile;
      rows.of_given = true;
    }
    out.push_back(rows);
  }
  return out;
}

/// The vectors of genes in a store, which are coordinates as they stand.
std::vector<const UnitRows*> vectors_of(const GeneStore& known) {
  std::vector<const UnitRows*> out = {&known.part<Network>().rows,
                                      &known.part<Terms>().rows,
                                      &known.part<Families>().rows};
  for (const auto& [name, rows] : known.part<KindVectors>())
    out.push_back(&rows);
  return out;
}

/// Writes the coordinates of a gene; zeros where they are unknown.
void write_coordinates(const std::vector<CohortRows>& cohorts,
                       const KnownGene& gene, float* out) {
  for (const auto* rows : vectors_of(gene.known)) {
    rows->add_row(gene.in_known, rows->unit_scale(), out);
    out += rows->width;
  }
  for (const auto& cohort : cohorts) {
    const Matrix& axis = *cohort.axis;
    if (cohort.rows != nullptr && gene.in_known >= 0) {
      Eigen::RowVectorXf row = Eigen::RowVectorXf::Zero(axis.rows());
      cohort.rows->add_row(cohort.of_given ? gene.in_given : gene.in_known, 1,
                           row.data());
      Eigen::Map<Eigen::RowVectorXf>(out, axis.cols()) = row.lazyProduct(axis);
    }
    out += axis.cols();
  }
}

std::int64_t coordinates_width(const NeuralInputs& inputs,
                               const GeneStore& known) {
  std::int64_t width = 0;
  for (const auto* rows : vectors_of(known)) width += rows->width;
  for (const auto& cohort : inputs.cohorts) width += cohort.axis.cols();
  return width;
}

/// The order of inputs does not depend on the order of cohorts.
template <class Items, class Name>
void by_name(Items* items, const Name& name) {
  std::stable_sort(
      items->begin(), items->end(),
      [&](const auto& x, const auto& y) { return name(x) < name(y); });
}

}  // namespace

NeuralInputs learn_neural_inputs(const GeneStore& store) {
  NeuralInputs out;
  for (const auto& cohort : store.part<Cohorts>()) {
    if (cohort.profile.empty()) continue;
    out.cohorts.push_back({cohort.name, profile_hash(cohort.profile),
                           leading_axes(cohort.profile)});
  }
  by_name(&out.cohorts, [](const auto& x) { return x.cohort; });
  auto table = gene_table(store);
  by_name(&table, [](const auto& x) { return x.name; });
  for (const auto& column : table) {
    out.column.push_back(column.name);
    learn_scale(column.value, &out);
  }
  return out;
}

void limit_neural_inputs(NeuralInputs* inputs, Matrix* genes) {
  const auto n_columns = size_of(inputs->column);
  const Eigen::Index first = genes->cols() - n_columns;
  for (std::int64_t c = 0; c < n_columns; ++c) {
    if (!has_reach(inputs->column[at(c)])) continue;
    const auto [lowest, highest] = inner_range(*genes, first + c);
    inputs->lowest[at(c)] = lowest;
    inputs->highest[at(c)] = highest;
    for (Eigen::Index i = 0; i < genes->rows(); ++i) {
      float& value = (*genes)(i, first + c);
      value = std::clamp(value, lowest, highest);
    }
  }
}

std::int64_t neural_width(const NeuralInputs& inputs, const GeneStore& known) {
  return coordinates_width(inputs, known) + size_of(inputs.column);
}

Matrix neural_inputs(const NeuralInputs& inputs, const GeneStore& known,
                     const GeneStore& given,
                     const std::vector<std::int32_t>& gene_of,
                     const std::vector<std::int32_t>& genes) {
  const std::int64_t width = coordinates_width(inputs, known);
  const auto n_columns = size_of(inputs.column);
  const auto n = size_of(genes);
  Matrix out = Matrix::Zero(n, width + n_columns);
  const auto cohorts = rows_of_cohorts(inputs, known, given);
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int32_t gene = genes[at(i)];
    const std::int32_t in_known = gene_of.empty() ? gene : gene_of[at(gene)];
    write_coordinates(cohorts, {known, in_known, gene}, out.row(i).data());
  }
  const auto table = gene_table(given);
  for (std::int64_t c = 0; c < n_columns; ++c) {
    const auto* found = find_named(table, inputs.column[at(c)]);
    if (found == nullptr) continue;
    for (std::int64_t i = 0; i < n; ++i) {
      const float value = found->value[at(genes[at(i)])];
      if (std::isnan(value)) continue;
      out(i, width + c) =
          std::clamp((value - inputs.mean[at(c)]) / inputs.scale[at(c)],
                     inputs.lowest[at(c)], inputs.highest[at(c)]);
    }
  }
  return out;
}

}  // namespace musl
