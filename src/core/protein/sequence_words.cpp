#include "protein/sequence_words.h"

#include <array>
#include <utility>

#include "base/numbers.h"

namespace musl {

namespace {

constexpr std::int32_t kWordLetters = 20;

std::array<std::int32_t, 256> number_letters() {
  std::array<std::int32_t, 256> out;
  out.fill(-1);
  std::int32_t next = 0;
  for (const char letter : std::string("ACDEFGHIKLMNPQRSTVWY")) {
    out[static_cast<unsigned char>(letter)] = next++;
  }
  return out;
}

}  // namespace

std::vector<std::int32_t> sequence_words(const std::string& sequence) {
  static const auto number = number_letters();
  std::vector<std::int32_t> words;
  std::int32_t word = 0;
  int known = 0;
  for (const char letter : sequence) {
    const std::int32_t here = number[static_cast<unsigned char>(letter)];
    known = here < 0 ? 0 : known + 1;
    word = here < 0 ? 0 : (word * kWordLetters + here) % kSequenceWords;
    if (known >= kSequenceWordLength) words.push_back(word);
  }
  return once(std::move(words));
}

}  // namespace musl
