#include "features/protein_words.h"

#include <algorithm>
#include <limits>

#include "protein/sequence_words.h"

namespace musl {

void put_words(const std::vector<std::string>& sequences,
               EvidenceStore* store) {
  const bool any = std::any_of(sequences.begin(), sequences.end(),
                               [](const auto& s) { return !s.empty(); });
  if (!any) return;
  store->word_offset.assign(1, 0);
  for (const auto& sequence : sequences) {
    const auto words = sequence_words(sequence);
    store->word.insert(store->word.end(), words.begin(), words.end());
    store->word_offset.push_back(static_cast<std::int64_t>(store->word.size()));
  }
}

float word_containment(const EvidenceStore& store, std::int32_t a,
                       std::int32_t b) {
  const auto& offset = store.word_offset;
  const auto range = [&](std::int32_t gene) {
    const auto i = static_cast<std::size_t>(gene);
    return std::pair{store.word.data() + offset[i],
                     store.word.data() + offset[i + 1]};
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

}  // namespace musl
