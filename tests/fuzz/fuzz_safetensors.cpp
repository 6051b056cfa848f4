// Headers of safetensors by anybody and of MuSL's archives. The checksum of an
// archive is left out: no mutation would get past it.
#include <limits>

#include "fuzz.h"
#include "io/archive_header.h"
#include "io/safetensors.h"

namespace {

constexpr std::uint64_t kDataBytes = 64;

template <class Tensors, class Extent>
void check(const Tensors& tensors, const Extent& bytes_of) {
  std::uint64_t total = 0;
  for (const auto& [name, tensor] : tensors) {
    musl::fuzz::require(name.find('\0') == std::string::npos);
    total += bytes_of(tensor);
  }
  musl::fuzz::require(total == kDataBytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  musl::fuzz::run(data, size, [](const std::string& text) {
    check(musl::parse_safetensors_header(text, kDataBytes),
          [](const musl::StoredTensor& x) { return x.end - x.begin; });
  });
  return musl::fuzz::run(data, size, [](const std::string& text) {
    const auto header = musl::archive::parse_header(text);
    (void)musl::archive::metadata_of(header);
    check(musl::archive::tensors_of(header, kDataBytes),
          [](const musl::archive::Announced& x) { return x.end - x.begin; });
  });
}
