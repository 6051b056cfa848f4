#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "musl/error.h"
#include "musl/esm2.h"
#include "musl/parallel.h"
#include "musl/protein.h"

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

std::string clean_sequence(const Protein& protein) {
  std::string out = protein.sequence;
  for (std::size_t i = 0; i < out.size(); ++i) {
    char& letter = out[i];
    if (letter >= 'a' && letter <= 'z') letter += 'A' - 'a';
    const bool known = (letter >= 'A' && letter <= 'Z') || letter == '-' ||
                       letter == '.' || letter == '*';
    if (!known) {
      const bool printable = letter > ' ' && letter < 127;
      throw InputError("Sequences must hold one letter for each residue; \"" +
                       protein.name + "\" has " +
                       (printable ? "`" + std::string(1, letter) + "`"
                                  : std::string("a blank or foreign byte")) +
                       " at place " + std::to_string(i + 1) + ".");
    }
  }
  if (!out.empty() && out.back() == '*') out.pop_back();
  if (out.empty()) {
    throw InputError("Sequences must not be empty; \"" + protein.name +
                     "\" is.\nRemove the protein, or give its sequence.");
  }
  return out;
}

namespace {

void add_windows(std::int64_t protein, std::int64_t length, std::int64_t window,
                 std::int64_t overlap, std::vector<ProteinWindow>* out) {
  if (length <= window) {
    out->push_back({protein, 0, length});
    return;
  }
  const std::int64_t step = window - overlap;
  const std::int64_t gaps = (length - window + step - 1) / step;
  for (std::int64_t i = 0; i <= gaps; ++i) {
    out->push_back({protein, i * (length - window) / gaps, window});
  }
}

}  // namespace

std::vector<ProteinWindow> plan_windows(
    const std::vector<std::int64_t>& lengths, std::int64_t window,
    std::int64_t overlap) {
  std::vector<ProteinWindow> windows;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    add_windows(static_cast<std::int64_t>(i), lengths[i], window, overlap,
                &windows);
  }
  return windows;
}

std::vector<std::vector<float>> residue_weights(
    const std::vector<ProteinWindow>& windows,
    const std::vector<std::int64_t>& lengths) {
  std::vector<std::vector<float>> weights(windows.size());
  std::vector<int> holders;
  for (std::size_t first = 0; first < windows.size();) {
    std::size_t last = first;
    const std::int64_t protein = windows[first].protein;
    const std::int64_t length = lengths[static_cast<std::size_t>(protein)];
    holders.assign(static_cast<std::size_t>(length), 0);
    for (; last < windows.size() && windows[last].protein == protein; ++last) {
      for (std::int64_t i = 0; i < windows[last].length; ++i) {
        ++holders[static_cast<std::size_t>(windows[last].begin + i)];
      }
    }
    for (; first < last; ++first) {
      for (std::int64_t i = 0; i < windows[first].length; ++i) {
        const int n =
            holders[static_cast<std::size_t>(windows[first].begin + i)];
        weights[first].push_back(
            static_cast<float>(1.0 / (static_cast<double>(length) * n)));
      }
    }
  }
  return weights;
}

std::vector<std::vector<std::int64_t>> plan_batches(
    const std::vector<ProteinWindow>& windows, std::int64_t budget) {
  std::vector<std::int64_t> order(windows.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto tokens = [&windows](std::int64_t i) {
    return windows[static_cast<std::size_t>(i)].length + 2;
  };
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::int64_t x, std::int64_t y) { return tokens(x) > tokens(y); });
  std::vector<std::vector<std::int64_t>> batches;
  std::int64_t held = 0;
  for (const std::int64_t i : order) {
    if (batches.empty() || held + tokens(i) > budget) {
      batches.emplace_back();
      held = 0;
    }
    batches.back().push_back(i);
    held += tokens(i);
  }
  return batches;
}

}  // namespace musl
