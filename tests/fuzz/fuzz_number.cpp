// Numbers in tables: as strtod() reads them, where it does.
#include <cstdlib>

#include "fuzz.h"
#include "musl/text_fields.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& text) {
    double value = 0;
    if (musl::parse_number(text, &value) != musl::NumberKind::number) return;
    char* end = nullptr;
    const double expected = std::strtod(text.c_str(), &end);
    musl::fuzz::require(value == expected);
  });
}
