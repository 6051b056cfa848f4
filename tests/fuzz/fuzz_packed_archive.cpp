// Packed tensors: the name tells filter, type and shape, the bytes are
// deflated. The first line of an input is the name.
#include "fuzz.h"
#include "io/archive.h"
#include "io/archive_pack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& input) {
    const auto end = input.find('\n');
    if (end == std::string::npos) return;
    musl::Archive archive;
    const auto n = static_cast<std::int64_t>(input.size() - end - 1);
    archive.put(input.substr(0, end), {n},
                reinterpret_cast<const std::uint8_t*>(input.data()) + end + 1);
    const musl::Archive whole = musl::unpacked(archive);
    musl::fuzz::require(whole.tensors.size() == 1);
    const musl::Archive again = musl::unpacked(musl::packed(whole));
    const auto& expected = whole.tensors.begin()->second;
    const auto& got = again.tensors.begin()->second;
    musl::fuzz::require(got.shape == expected.shape);
  });
}
