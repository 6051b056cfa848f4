// The starts of long tables and their records, which other code reads.
#include "fuzz.h"
#include "musl/table_start.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& bytes) {
    musl::TextFile file("f", bytes, musl::fuzz::limits());
    const auto start = musl::read_table_start(file, '"');
    const std::string_view text = file.whole();
    const auto records = musl::scan_records(text, start, "f");
    if (records.n > 1) {
      musl::fuzz::require(records.second_line > records.first_line);
      musl::fuzz::require(musl::record_line(text, start, "f", 1) ==
                          records.second_line);
    }
    for (const auto& field : start.first) {
      musl::fuzz::require(musl::is_utf8(field));
    }
  });
}
