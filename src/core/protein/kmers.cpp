#include "protein/kmers.h"

#include <array>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "base/parallel.h"

namespace musl {

namespace {

/// The letters of each class; the first names it.
const std::vector<std::string>& classes(ResidueAlphabet alphabet) {
  static const std::vector<std::string> each = {
      "A", "C", "D", "E", "F", "G", "H", "I", "K", "L",
      "M", "N", "P", "Q", "R", "S", "T", "V", "W", "Y"};
  static const std::vector<std::string> conjoint = {
      "AGV", "ILFP", "YMTS", "HNQW", "RK", "DE", "C"};
  return alphabet == ResidueAlphabet::conjoint ? conjoint : each;
}

std::array<int, 256> class_of_letter(ResidueAlphabet alphabet) {
  std::array<int, 256> out;
  out.fill(-1);
  const auto& groups = classes(alphabet);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (const char letter : groups[i]) {
      out[static_cast<unsigned char>(letter)] = static_cast<int>(i);
    }
  }
  return out;
}

std::int64_t number_of_kmers(int k, ResidueAlphabet alphabet) {
  std::int64_t n = 1;
  for (int i = 0; i < k; ++i) {
    n *= static_cast<std::int64_t>(classes(alphabet).size());
  }
  return n;
}

/// Calls `use(kmer)` for each window of k known letters.
template <class Use>
void for_each_kmer(const std::string& sequence, int k, std::int64_t n_classes,
                   std::int64_t n_kmers, const std::array<int, 256>& class_of,
                   Use&& use) {
  std::int64_t kmer = 0;
  int known = 0;
  for (const char letter : sequence) {
    const int here = class_of[static_cast<unsigned char>(letter)];
    known = here < 0 ? 0 : known + 1;
    kmer = here < 0 ? 0 : (kmer * n_classes + here) % n_kmers;
    if (known >= k) use(kmer);
  }
}

}  // namespace

std::vector<std::string> kmer_names(int k, ResidueAlphabet alphabet) {
  std::vector<std::string> names = {""};
  for (int i = 0; i < k; ++i) {
    std::vector<std::string> longer;
    for (const auto& name : names) {
      for (const auto& group : classes(alphabet)) {
        longer.push_back(name + group[0]);
      }
    }
    names = std::move(longer);
  }
  return names;
}

Matrix kmer_shares(const std::vector<std::string>& sequences, int k,
                   ResidueAlphabet alphabet, int threads) {
  const std::int64_t n_kmers = number_of_kmers(k, alphabet);
  const auto n_classes = static_cast<std::int64_t>(classes(alphabet).size());
  const auto class_of = class_of_letter(alphabet);
  const auto n = static_cast<std::int64_t>(sequences.size());
  Matrix shares = Matrix::Zero(n, n_kmers);
  parallel_for(n, threads, [&](std::int64_t i) {
    auto row = shares.row(i);
    std::int64_t found = 0;
    for_each_kmer(sequences[static_cast<std::size_t>(i)], k, n_classes, n_kmers,
                  class_of, [&](std::int64_t kmer) {
                    row[kmer] += 1.0F;
                    ++found;
                  });
    if (found > 0) row /= static_cast<float>(found);
  });
  return shares;
}

std::vector<std::int32_t> sequence_words(const std::string& sequence) {
  constexpr auto kAlphabet = ResidueAlphabet::amino_acids;
  static const auto class_of = class_of_letter(kAlphabet);
  const auto n_classes = size_of(classes(kAlphabet));
  std::vector<std::int32_t> words;
  for_each_kmer(sequence, kSequenceWordLength, n_classes, kSequenceWords,
                class_of, [&](std::int64_t word) {
                  words.push_back(static_cast<std::int32_t>(word));
                });
  return once(std::move(words));
}

}  // namespace musl
