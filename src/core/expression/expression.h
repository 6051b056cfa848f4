#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/matrix.h"

namespace musl {

enum class BinMethod { value, rank };

/// Values that histograms count: z-scores of the given values, their
/// logarithms, or z-scores of the logarithms.
enum class Transform { z, log, z_log };

/// Lower and upper end of each gene's value range (value binning).
/// Both have length n_rows; a constant gene has lower == upper.
struct BinEdges {
  std::vector<float> lower;
  std::vector<float> upper;
};

/// Column-compressed sparse matrix over memory owned by the caller, such as a
/// dgCMatrix: column s has the values start[s] .. start[s + 1] - 1, with `row`
/// ascending in each column. Values not stored are 0.
struct SparseColumns {
  const double* values = nullptr;
  const std::int32_t* row = nullptr;
  const std::int32_t* start = nullptr;  // (S + 1)
  std::int64_t n_rows = 0;
  std::int64_t n_cols = 0;
};

/// Writes rows first .. first + n - 1 to `out`, one row after another. Called
/// on the thread that asked for the features, never on a worker.
using RowReader =
    std::function<void(std::int64_t first, std::int64_t n, double* out)>;

/// Values of an assay, genes x samples: a dense matrix, a sparse one, or a
/// source read by blocks of rows (a file). The owner must outlive the view.
class AssayView {
 public:
  AssayView(const double* values, Eigen::Index n_rows, Eigen::Index n_cols)
      : n_rows_(n_rows),
        n_cols_(n_cols),
        values_(RMatrixView(values, n_rows, n_cols)) {}
  explicit AssayView(const SparseColumns& values)
      : n_rows_(values.n_rows), n_cols_(values.n_cols), values_(values) {}
  AssayView(std::int64_t n_rows, std::int64_t n_cols, RowReader reader)
      : n_rows_(n_rows), n_cols_(n_cols), values_(std::move(reader)) {}

  [[nodiscard]] std::int64_t rows() const { return n_rows_; }
  [[nodiscard]] std::int64_t cols() const { return n_cols_; }
  [[nodiscard]] bool is_dense() const {
    return std::holds_alternative<RMatrixView>(values_);
  }

 private:
  friend class AssayReader;
  std::int64_t n_rows_;
  std::int64_t n_cols_;
  std::variant<RMatrixView, SparseColumns, RowReader> values_;
};

/// Which statistics of a pair are its descriptors: those of this package, or
/// the kinds of the published MuSL.
enum class DescriptorSet { own, paper };

/// How profiles become histograms, and which statistics are their descriptors.
struct ExpressionConfig {
  int bins = 32;  // K, 2 .. 64
  BinMethod binning = BinMethod::value;
  double smooth = 0.0;  // sd of a Gaussian, in bins; 0: none
  DescriptorSet descriptors = DescriptorSet::own;
  /// One histogram for each; value binning only. Empty: one of the logged
  /// values over each gene's range.
  std::vector<Transform> transforms = {};
  /// Number of values R S up to which rows on levels are stored; those of
  /// larger cohorts are looked up by their steps.
  std::int64_t most_stored = std::int64_t{1} << 27;  // 1.6 GB of numbers
};

/// Number of marginal statistics kept per gene: mean, sd, cv of the linear
/// values, skewness, kurtosis, detection rate, median (in this order).
inline constexpr int kMarginals = 7;

/// One assay of a cohort: all per-gene data for histograms and descriptors,
/// computed once. Raw values are not stored.
struct AssayFeatures {
  BinEdges edges;    // value binning only
  ByteMatrix codes;  // (R, S) bin of each sample
};

/// What the steps of each row represent, (R, 256) each: a row of a large cohort
/// takes 3 kB in place of 13 bytes a sample.
struct StepTables {
  Matrix standardised, ranked, biweight;
  ByteMatrix flags;
  std::uint64_t id = 0;  // no two have the same
};

/// One cohort with its samples and genes.
///
/// R rows (genes of this cohort), S samples, A assays. The descriptors read the
/// first assay. If `compact`, its values are put on levels of one byte each and
/// all float rows are rounded to IEEE half precision, so that a model file
/// restores the same bits.
struct ExpressionCohort {
  std::string name;
  ExpressionConfig config;
  std::int64_t n_samples = 0;             // S
  std::vector<std::int32_t> row_of_gene;  // (G) row, or -1 where absent
  std::vector<AssayFeatures> assays;      // A
  /// Read by histograms if there are transforms: the A assays of each
  /// transform. Edges are in the units of the values, logged for "log" and
  /// "z_log".
  std::vector<AssayFeatures> transformed;  // T * A
  // Of the first assay; profile_row() and flag_row() read them. Empty if there
  // are tables.
  Matrix standardised;  // (R, S) (x - mean) / (sd * sqrt(S)): a dot product is
                        // Pearson
  Matrix ranked;        // (R, S) the same of the mid-ranks: Spearman
  Matrix biweight;      // (R, S) biweight-weighted deviations of unit norm
  ByteMatrix flags;     // (R, S) bit 0 low, bit 1 high, bit 2 detected
  Matrix marginals;     // (R, kMarginals)
  /// Number L of levels of the first assay; everything above except the
  /// marginals is computed from its steps. 0: values as read.
  int n_levels = 0;
  bool linear = false;
  BinEdges level_edges;   // the range of each row
  ByteMatrix steps;       // (R, S) of L equal parts of that range, and one more
                          // from each threshold on; empty: n_levels alone is
                          // known
  ByteMatrix step_begin;  // (R, 3) first step that is not low, detected, high
  std::shared_ptr<const StepTables> tables;

  /// Whether rows are stored only as steps, as in a file.
  [[nodiscard]] bool is_folded() const {
    return steps.size() > 0 && flags.size() == 0 && tables == nullptr;
  }
  /// Number of views of each assay for histograms: the transforms, or one of
  /// logged values.
  [[nodiscard]] std::size_t n_views() const {
    return config.transforms.empty() ? 1 : config.transforms.size();
  }
  [[nodiscard]] const AssayFeatures& view(std::size_t i,
                                          std::size_t assay) const {
    return config.transforms.empty() ? assays[assay]
                                     : transformed[i * assays.size() + assay];
  }
  [[nodiscard]] std::int64_t n_rows() const { return marginals.rows(); }
  [[nodiscard]] bool has_gene(std::int32_t gene) const {
    return row_of_gene[static_cast<std::size_t>(gene)] >= 0;
  }
  [[nodiscard]] bool has_pair(std::int32_t a, std::int32_t b) const {
    return has_gene(a) && has_gene(b);
  }
};

/// The caller's input for one cohort.
struct ExpressionInput {
  std::string name;
  std::vector<AssayView> assays;          // each (R, S), finite, genes in rows
  std::vector<std::int32_t> gene_of_row;  // (R) universe index of each row
  bool linear = false;                    // true: counts, TPM; false: logged
  /// (S) sample of each place, such as order_by_content(); empty: as given.
  /// Sums over samples, and so the last bits of features, follow it.
  std::vector<std::int32_t> sample_order = {};
};

/// Bins, standardises and summarises one cohort.
///
/// n_genes  size G of the universe
/// known    a cohort of the same name whose edges are used for its genes (value
///          binning), or null: the range of each gene
/// compact  put the first assay on levels and round all float rows to half
///          (what a model keeps)
///
/// Linear values are logged first: log10(x + 0.01) (A: CNNC). Sparse assays and
/// those read by blocks are made dense a few rows at a time; the bits of the
/// features do not depend on the kind of assay.
/// Throws InputError for a non-finite value or no sample, ShapeError for other
/// assays than those of `known`.
[[nodiscard]] ExpressionCohort make_expression_cohort(
    const ExpressionInput& input, const ExpressionConfig& config,
    std::int64_t n_genes, const ExpressionCohort* known, bool compact,
    int threads);

/// Computes all rows of a cohort, or its tables, from its levels, if it is
/// folded.
void unfold_levels(int threads, ExpressionCohort* cohort);

}  // namespace musl
