#include "store/protein_words.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "protein/kmers.h"
#include "store/part.h"

namespace musl {

namespace {

ProteinWords make_words(const EvidenceInput& input, std::uint64_t /*seed*/,
                        int /*threads*/) {
  return protein_words(input.part<Sequences>());
}

void take_sequences(const Field& from, EvidenceInput* to) {
  to->part<Sequences>().assign(from.texts.begin(), from.texts.end());
}

const bool kWordsAreAPart = register_part(part_kind<ProteinWords, make_words>(
    "sequences", take_sequences, /*if_empty=*/true));

}  // namespace

ProteinWords protein_words(const std::vector<std::string>& sequences) {
  ProteinWords out;
  const bool any = std::any_of(sequences.begin(), sequences.end(),
                               [](const auto& s) { return !s.empty(); });
  if (!any) return out;
  out.offset.assign(1, 0);
  for (const auto& sequence : sequences) {
    const auto words = sequence_words(sequence);
    out.word.insert(out.word.end(), words.begin(), words.end());
    out.offset.push_back(static_cast<std::int64_t>(out.word.size()));
  }
  return out;
}

float word_containment(const ProteinWords& words, std::int32_t a,
                       std::int32_t b) {
  const auto range = [&](std::int32_t gene) {
    const auto i = static_cast<std::size_t>(gene);
    return std::pair{words.word.data() + words.offset[i],
                     words.word.data() + words.offset[i + 1]};
  };
  auto [x, x_end] = range(a);
  auto [y, y_end] = range(b);
  const auto fewer = std::min(x_end - x, y_end - y);
  if (fewer == 0) return std::numeric_limits<float>::quiet_NaN();
  std::int64_t shared = 0;
  while (x != x_end && y != y_end) {
    shared += *x == *y ? 1 : 0;
    const bool step_x = *x <= *y;
    const bool step_y = *y <= *x;
    x += step_x ? 1 : 0;
    y += step_y ? 1 : 0;
  }
  return static_cast<float>(shared) / static_cast<float>(fewer);
}

ProteinWords remapped(const ProteinWords& words,
                      const std::vector<std::int32_t>& gene_of) {
  ProteinWords out;
  remap_rows(words.offset, words.word, gene_of, &out.offset, &out.word);
  return out;
}

bool fits(const ProteinWords& words, std::int64_t n) {
  return words.empty() || are_row_offsets(words.offset, n, size_of(words.word));
}

}  // namespace musl
