#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include "musl/matrix.h"

namespace musl {

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

/// Reads an assay row by row, with one block of rows dense at a time.
class AssayReader {
 public:
  explicit AssayReader(const AssayView& assay);

  /// Makes rows first .. first + n - 1 ready for copy_row(). Blocks must come
  /// in ascending order, each row once. Throws InputError if a sparse column
  /// does not ascend or has a row outside the matrix.
  void load(std::int64_t first, std::int64_t n);

  /// Copies a row of the loaded block, cols() values; from any thread.
  void copy_row(std::int64_t row, double* out) const;

 private:
  void load_sparse(const SparseColumns& x, std::int64_t n);

  const AssayView& assay_;
  std::int64_t first_ = 0;            // of the loaded block
  std::vector<double> block_;         // (n, S)
  std::vector<std::int32_t> cursor_;  // (S) next value of each sparse column
};

}  // namespace musl
