// Whole archives: the length of the header, the checksum, the end.
#include "fuzz.h"
#include "io/archive.h"
#include "io/archive_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& bytes) {
    const auto* start = reinterpret_cast<const std::uint8_t*>(bytes.data());
    const musl::Archive archive = musl::read_archive(start, bytes.size());
    const auto again = musl::write_archive(archive);
    const auto back = musl::read_archive(again.data(), again.size());
    musl::fuzz::require(back.metadata == archive.metadata);
    musl::fuzz::require(back.tensors.size() == archive.tensors.size());
  });
}
