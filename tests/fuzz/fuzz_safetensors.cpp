// Headers of safetensors, also of MuSL's archives. The checksum of an archive
// is left out: no mutation would get past it.
#include <nlohmann/json.hpp>

#include "fuzz.h"
#include "io/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& text) {
    constexpr std::uint64_t kDataBytes = 64;
    const auto header = musl::parse_json_header(text);
    std::uint64_t total = 0;
    for (const auto& [name, tensor] :
         musl::stored_tensors(header, kDataBytes)) {
      musl::fuzz::require(name.find('\0') == std::string::npos);
      total += tensor.end - tensor.begin;
    }
    musl::fuzz::require(total == kDataBytes);
  });
}
