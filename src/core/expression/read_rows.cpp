#include "expression/read_rows.h"

#include <algorithm>
#include <cstring>
#include <mutex>

#include "base/sample_keys.h"
#include "musl/parallel.h"

namespace musl {

namespace {

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
