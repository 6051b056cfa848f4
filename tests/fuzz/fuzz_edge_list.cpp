// Edges of STRING and others: shared levels, a score, merged.
#include <cmath>
#include <numeric>
#include <vector>

#include "fuzz.h"
#include "musl/column_table.h"
#include "musl/edge_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& bytes) {
    musl::TextFile file("f", bytes, musl::fuzz::limits());
    const auto start = musl::read_table_start(file, '\0');
    if (start.first.size() < 3) return;
    musl::ColumnRequest request;
    request.text = {0, 1};
    request.number = {2};
    request.shared_levels = true;
    request.missing = std::nan("");
    request.keep = [](double* score) { return !(*score < 0.1); };
    const auto table =
        musl::read_columns(&file, start, request, /*threads=*/1, {}, 4096);
    std::vector<std::int32_t> node(table.text[0].levels.size());
    std::iota(node.begin(), node.end(), 0);
    if (!node.empty()) node.back() = -1;
    const auto edges = musl::merge_edges(table.text[0].code, table.text[1].code,
                                         table.number[0], node);
    const auto told = std::accumulate(edges.n_rows.begin(), edges.n_rows.end(),
                                      std::int64_t{0});
    musl::fuzz::require(
        static_cast<double>(told + edges.n_loops + edges.n_unmapped) ==
        static_cast<double>(table.n_rows));
    for (std::size_t i = 0; i < edges.from.size(); ++i) {
      musl::fuzz::require(edges.from[i] < edges.to[i]);
    }
  });
}
