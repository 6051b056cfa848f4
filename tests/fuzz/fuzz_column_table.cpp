// Long tables of a few columns, as read_pairs() and read_biogrid() read them,
// in blocks so small that records lie across their borders.
#include "fuzz.h"
#include "musl/column_table.h"

namespace {

musl::ColumnTable read(const std::string& bytes, std::size_t block) {
  musl::TextFile file("f", bytes, musl::fuzz::limits());
  const auto start = musl::read_table_start(file, '"');
  musl::ColumnRequest request;
  request.text = {0};
  if (start.first.size() > 1) request.text.push_back(1);
  if (start.first.size() > 2) request.number = {2};
  request.has_header = start.first.size() % 2 == 0;
  return musl::read_columns(&file, start, request, /*threads=*/1, {}, block);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& bytes) {
    const auto whole = read(bytes, std::size_t{1} << 20);
    musl::ColumnTable parts;
    try {
      parts = read(bytes, 256);
    } catch (const musl::FormatError&) {
      return;  // a record longer than blocks of this size may be
    }
    musl::fuzz::require(parts.n_rows == whole.n_rows);
    for (std::size_t k = 0; k < whole.text.size(); ++k) {
      musl::fuzz::require(parts.text[k].code == whole.text[k].code &&
                          parts.text[k].levels == whole.text[k].levels);
      for (const auto& level : whole.text[k].levels) {
        musl::fuzz::require(musl::is_utf8(level));
      }
    }
    musl::fuzz::require(parts.number == whole.number);
  });
}
