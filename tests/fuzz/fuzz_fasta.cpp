// FASTA, and the letters of its sequences.
#include "fuzz.h"
#include "musl/protein.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& bytes) {
    const auto records = musl::parse_fasta(
        reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    musl::fuzz::require(!records.empty());
    for (const auto& record : records) {
      musl::fuzz::require(!record.name.empty() && !record.sequence.empty());
      const std::string clean = musl::clean_sequence(record);
      musl::fuzz::require(!clean.empty());
      (void)musl::kmer_shares({clean}, 2, musl::ResidueAlphabet::conjoint, 1);
    }
  });
}
