// Matrices of counts; the first two bytes choose the size that is asked for.
#include "fuzz.h"
#include "musl/matrix_market.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 2) return 0;
  const std::int64_t rows = data[0] % 64, columns = data[1] % 64;
  return musl::fuzz::run(data + 2, size - 2, [&](const std::string& bytes) {
    musl::TextFile file("f", bytes, musl::fuzz::limits());
    const auto out = musl::read_matrix_market(&file, rows, columns);
    musl::fuzz::require(out.start.size() ==
                        static_cast<std::size_t>(columns) + 1);
    musl::fuzz::require(static_cast<std::size_t>(out.start.back()) ==
                        out.row.size());
    for (const auto row : out.row) musl::fuzz::require(0 <= row && row < rows);
  });
}
