// Numbers in tables: as strtod() reads them, where it does.
#include <cmath>
#include <cstdlib>

#include "fuzz.h"
#include "musl/text_fields.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& text) {
    double value = 0;
    const musl::NumberKind kind = musl::parse_number(text, &value);
    char* end = nullptr;
    const double expected = std::strtod(text.c_str(), &end);
    if (kind == musl::NumberKind::number) {
      musl::fuzz::require(value == expected);
    } else if (kind == musl::NumberKind::infinite) {
      musl::fuzz::require(std::isinf(expected));
    }
  });
}
