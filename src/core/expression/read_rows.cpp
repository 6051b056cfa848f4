#include "expression/read_rows.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <numeric>
#include <string>

#include "base/error.h"
#include "base/parallel.h"
#include "base/sorted_ids.h"
#include "expression/expression.h"
#include "expression/profile.h"

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

constexpr double kDeviations = 3.0;  // on either side of the mean

constexpr std::int64_t kBlockValues = std::int64_t{1} << 23;  // 64 MiB

/// Rows that are made dense at a time if an assay is not; a multiple of an
/// item's.
std::int64_t rows_per_block(const ExpressionInput& input) {
  const auto& assays = input.assays;
  const bool dense = std::all_of(assays.begin(), assays.end(),
                                 [](const auto& x) { return x.is_dense(); });
  if (dense) return std::max<std::int64_t>(assays[0].rows(), 1);
  const auto values =
      assays[0].cols() * static_cast<std::int64_t>(assays.size());
  const std::int64_t items = kBlockValues / (values * kRowsPerItem);
  return std::max<std::int64_t>(items, 1) * kRowsPerItem;
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

void bin_by_value(const float* x, std::int64_t n, float lower, float upper,
                  int bins, std::uint8_t* out) {
  const double range = static_cast<double>(upper) - lower;
  const double per_unit = range > 0 ? bins / range : 0.0;
  const double last = bins - 1;
  for (std::int64_t i = 0; i < n; ++i) {
    const double bin = (static_cast<double>(x[i]) - lower) * per_unit;
    out[i] = static_cast<std::uint8_t>(std::clamp(bin, 0.0, last));
  }
}

void bin_by_rank(const float* x, std::int64_t n, int bins, std::uint8_t* out) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::sort(order.begin(), order.end(),
            [x](std::int64_t i, std::int64_t j) { return x[i] < x[j]; });
  const auto value = [&](std::int64_t position) {
    return x[order[static_cast<std::size_t>(position)]];
  };

  std::int64_t minimum_ties = 0;
  while (minimum_ties < n && value(minimum_ties) == value(0)) ++minimum_ties;
  // Many ties at the minimum fill bin 0 alone; the rest share the other bins.
  const bool heap = minimum_ties * bins > n && minimum_ties < n;
  const std::int64_t skipped = heap ? minimum_ties : 0;
  const std::int64_t first_bin = heap ? 1 : 0;

  std::int64_t group = 0;  // first position of the current group of ties
  for (std::int64_t i = 0; i < n; ++i) {
    if (value(i) != value(group)) group = i;
    const std::int64_t bin =
        group < skipped ? 0
                        : first_bin + (group - skipped) * (bins - first_bin) /
                                          (n - skipped);
    out[order[static_cast<std::size_t>(i)]] = static_cast<std::uint8_t>(bin);
  }
}

std::vector<double> transform_values(const std::vector<double>& given,
                                     Transform how) {
  if (how == Transform::z) return given;
  std::vector<double> out(given.size());
  std::transform(given.begin(), given.end(), out.begin(), [](double x) {
    return std::copysign(std::log1p(std::abs(x)), x);
  });
  return out;
}

BinRange standard_range(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  bool constant = true;
  for (const double x : values) {
    squares += (x - mean) * (x - mean);
    constant = constant && x == values[0];
  }
  const double reach = constant ? 0.0 : kDeviations * std::sqrt(squares / n);
  return {to_finite_float(mean - reach), to_finite_float(mean + reach)};
}

void bin_row(const ExpressionConfig& config, const std::vector<double>& values,
             const std::optional<BinRange>& range, std::int64_t row,
             AssayFeatures* out) {
  std::vector<float> x(values.size());
  std::transform(values.begin(), values.end(), x.begin(), to_finite_float);
  std::uint8_t* codes = out->codes.row(row).data();
  const auto n = static_cast<std::int64_t>(x.size());
  if (config.binning == BinMethod::rank) {
    bin_by_rank(x.data(), n, config.bins, codes);
    return;
  }
  BinRange ends = range.value_or(BinRange{});
  if (!range && n > 0) {
    const auto found = std::minmax_element(x.begin(), x.end());
    ends = {*found.first, *found.second};
  }
  out->edges.lower[static_cast<std::size_t>(row)] = ends.lower;
  out->edges.upper[static_cast<std::size_t>(row)] = ends.upper;
  bin_by_value(x.data(), n, ends.lower, ends.upper, config.bins, codes);
}

void read_rows(const ExpressionInput& input, int threads,
               const RowsVisitor& visit) {
  std::vector<AssayReader> readers(input.assays.begin(), input.assays.end());
  const std::int64_t rows = input.assays[0].rows();
  const std::int64_t block = rows_per_block(input);
  for (std::int64_t first = 0; first < rows; first += block) {
    const std::int64_t last = std::min(rows, first + block);
    for (auto& reader : readers) reader.load(first, last - first);
    parallel_blocks(last - first, kRowsPerItem, threads,
                    [&](std::int64_t begin, std::int64_t end) {
                      visit(readers, first + begin, first + end);
                    });
  }
}

std::vector<std::int32_t> order_by_content(const ExpressionInput& input,
                                           int threads) {
  const auto n = static_cast<std::size_t>(input.assays[0].cols());
  SampleKeys keys(n);
  std::mutex adding;
  read_rows(input, threads, [&](const auto& readers, auto begin, auto end) {
    SampleKeys own(n);
    std::vector<double> values(n);
    for (std::int64_t row = begin; row < end; ++row) {
      for (std::size_t a = 0; a < readers.size(); ++a) {
        readers[a].copy_row(row, values.data());
        for (std::size_t s = 0; s < n; ++s) {
          const double value = values[s] + 0.0;  // -0 is 0
          std::uint64_t bits = 0;
          std::memcpy(&bits, &value, sizeof(bits));
          own.add(s, bits + a);
        }
      }
    }
    const std::lock_guard<std::mutex> lock(adding);
    keys.add(own);
  });
  return keys.order<std::int32_t>();
}

}  // namespace musl
