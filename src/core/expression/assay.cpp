#include "musl/assay.h"

#include <algorithm>
#include <string>

#include "musl/error.h"

namespace musl {

namespace {

[[noreturn]] void abort_order(const SparseColumns& x, std::int32_t at,
                              std::int64_t column) {
  throw InputError("Rows of a sparse column must ascend from 0 to " +
                   std::to_string(x.n_rows - 1) + "; row " +
                   std::to_string(x.row[at]) + " of column " +
                   std::to_string(column + 1) +
                   " does not. Build the matrix by Matrix::sparseMatrix().");
}

}  // namespace

AssayReader::AssayReader(const AssayView& assay) : assay_(assay) {
  if (const auto* sparse = std::get_if<SparseColumns>(&assay.values_)) {
    cursor_.assign(sparse->start, sparse->start + sparse->n_cols);
  }
}

void AssayReader::load(std::int64_t first, std::int64_t n) {
  first_ = first;
  if (assay_.is_dense()) return;
  block_.assign(static_cast<std::size_t>(n * assay_.cols()), 0.0);
  if (const auto* sparse = std::get_if<SparseColumns>(&assay_.values_)) {
    load_sparse(*sparse, n);
  } else {
    std::get<RowReader>(assay_.values_)(first, n, block_.data());
  }
}

void AssayReader::load_sparse(const SparseColumns& x, std::int64_t n) {
  const std::int64_t last = first_ + n;
  for (std::int64_t s = 0; s < x.n_cols; ++s) {
    const std::int32_t begin = x.start[s], end = x.start[s + 1];
    std::int32_t& next = cursor_[static_cast<std::size_t>(s)];
    for (; next < end && x.row[next] < last; ++next) {
      const bool ascends = next == begin || x.row[next] > x.row[next - 1];
      if (x.row[next] < first_ || !ascends) abort_order(x, next, s);
      const std::int64_t row = x.row[next] - first_;
      block_[static_cast<std::size_t>(row * x.n_cols + s)] = x.values[next];
    }
    if (next < end && last == x.n_rows) abort_order(x, next, s);
  }
}

void AssayReader::copy_row(std::int64_t row, double* out) const {
  const auto n = assay_.cols();
  if (const auto* dense = std::get_if<RMatrixView>(&assay_.values_)) {
    for (std::int64_t s = 0; s < n; ++s) out[s] = (*dense)(row, s);
    return;
  }
  std::copy_n(block_.data() + (row - first_) * n, n, out);
}

}  // namespace musl
