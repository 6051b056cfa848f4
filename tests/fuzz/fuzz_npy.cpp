// Arrays of NumPy.
#include "fuzz.h"
#include "musl/embedding_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& bytes) {
    const auto table = musl::parse_npy(
        "f", reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    musl::fuzz::require(static_cast<std::int64_t>(table.values.size()) ==
                        table.rows * table.columns);
    musl::fuzz::require(table.values.size() <= bytes.size());
  });
}
