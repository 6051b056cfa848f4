#include "protein/alignment_candidates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/numbers.h"
#include "base/parallel.h"
#include "protein/kmers.h"

namespace musl {

namespace {

using Words = std::vector<std::vector<std::int32_t>>;

/// The proteins that have each word, ascending, in compressed rows.
struct WordIndex {
  std::vector<std::int64_t> offset;
  std::vector<std::int32_t> protein;
};

/// Probability that two words of residues with these frequencies are equal.
double chance_of_match(const std::vector<std::string>& sequences) {
  std::array<double, 256> count{};
  double all = 0;
  for (const auto& sequence : sequences) {
    for (const char letter : sequence) {
      ++count[static_cast<unsigned char>(letter)];
      ++all;
    }
  }
  double same = 0;
  for (const double n : count) same += (n / all) * (n / all);
  return all > 0 ? std::pow(same, kSequenceWordLength) : 1;
}

WordIndex index_words(const Words& words) {
  WordIndex out;
  out.offset.assign(at(kSequenceWords) + 1, 0);
  for (const auto& row : words) {
    for (const std::int32_t word : row) ++out.offset[at(word) + 1];
  }
  for (std::size_t w = 1; w < out.offset.size(); ++w) {
    out.offset[w] += out.offset[w - 1];
  }
  out.protein.resize(at(out.offset.back()));
  auto next = out.offset;
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (const std::int32_t word : words[i]) {
      out.protein[at(next[at(word)]++)] = static_cast<std::int32_t>(i);
    }
  }
  return out;
}

/// The up to `most` proteins that share most words with protein i, ascending.
std::vector<std::int32_t> nearest_to(std::int32_t i, const Words& words,
                                     const WordIndex& index, double match,
                                     const CandidateOptions& options) {
  std::vector<std::int32_t> shared(words.size(), 0);
  for (const std::int32_t word : words[at(i)]) {
    for (auto k = index.offset[at(word)]; k < index.offset[at(word) + 1]; ++k) {
      ++shared[at(index.protein[at(k)])];
    }
  }
  const auto size = [&](std::int32_t j) {
    return static_cast<double>(words[at(j)].size());
  };
  std::vector<std::pair<double, std::int32_t>> found;
  for (std::int32_t j = 0; at(j) < words.size(); ++j) {
    if (j == i || shared[at(j)] < options.least_words) continue;
    const double expected = size(i) * size(j) * match;
    // Approximately in standard deviations.
    const double above = (shared[at(j)] - expected) / std::sqrt(expected + 1);
    if (above >= options.least_surprise) found.push_back({-above, j});
  }
  const auto kept = std::min(found.size(), at(options.most));
  std::partial_sort(found.begin(),
                    found.begin() + static_cast<std::ptrdiff_t>(kept),
                    found.end());
  std::vector<std::int32_t> out;
  for (std::size_t k = 0; k < kept; ++k) out.push_back(found[k].second);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

PairSet alignment_candidates(const std::vector<std::string>& sequences,
                             const CandidateOptions& options, int threads) {
  Words words(sequences.size());
  const auto n = static_cast<std::int64_t>(sequences.size());
  parallel_for(n, threads, [&](std::int64_t i) {
    words[at(i)] = sequence_words(sequences[at(i)]);
  });
  const WordIndex index = index_words(words);
  const double match = chance_of_match(sequences);
  Words near(sequences.size());
  parallel_for(n, threads, [&](std::int64_t i) {
    near[at(i)] =
        nearest_to(static_cast<std::int32_t>(i), words, index, match, options);
  });
  PairSet out;
  for (std::int32_t i = 0; i < n; ++i) {
    for (const std::int32_t j : near[at(i)]) {
      // A pair that both name is taken once, with the lower index first.
      const auto& back = near[at(j)];
      if (j < i && std::binary_search(back.begin(), back.end(), i)) continue;
      out.a.push_back(std::min(i, j));
      out.b.push_back(std::max(i, j));
    }
  }
  return out;
}

}  // namespace musl
