// zip, gzip and encodings: what stands between a file and its text.
#include "fuzz.h"
#include "io/text_source.h"

namespace {

void read_all(musl::ByteSource* source) {
  std::string block(4096, '\0');
  while (source->read(block.data(), block.size()) == block.size()) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  musl::fuzz::run(data, size, [](const std::string& bytes) {
    musl::TextFile file("f", bytes, musl::fuzz::limits());
    const std::string whole(file.whole());
    musl::TextFile again("f", bytes, musl::fuzz::limits());
    std::string parts;
    std::string block(1000, '\0');
    for (std::size_t got = block.size(); got == block.size();) {
      got = again.read(block.data(), block.size());
      parts.append(block, 0, got);
    }
    musl::fuzz::require(parts == whole);
  });
  musl::fuzz::run(data, size, [](const std::string& bytes) {
    read_all(musl::zip_source("f", bytes, musl::fuzz::limits()).get());
  });
  return musl::fuzz::run(data, size, [](const std::string& bytes) {
    musl::Deflated deflated;
    deflated.bytes = bytes;
    deflated.gzip = false;
    read_all(musl::inflate_source("f", deflated, musl::fuzz::limits()).get());
  });
}
