// CSV and TSV with a header, plain or packed, as read_depmap() reads them.
#include <vector>

#include "fuzz.h"
#include "musl/wide_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& bytes) {
    const musl::WideTable table("f", bytes, musl::fuzz::limits());
    musl::WideTable::Request request;
    for (std::int64_t r = 0; r < table.n_rows(); ++r) request.rows.push_back(r);
    const auto n = static_cast<int>(table.names().size());
    for (int c = 1; c < n; ++c) request.columns.push_back(c);
    std::vector<double> out(request.rows.size() * request.columns.size());
    const auto text = table.text({0});
    musl::fuzz::require(text[0].size() == request.rows.size());
    for (const auto& field : text[0]) musl::fuzz::require(musl::is_utf8(field));
    table.numbers(request, out.data(), /*threads=*/1);
    for (const double value : out) musl::fuzz::require(value - value == 0);
  });
}
