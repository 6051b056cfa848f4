#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl {

/// Letters of a word, and the number of words of the 20 amino acids.
inline constexpr int kSequenceWordLength = 4;
inline constexpr std::int32_t kSequenceWords = 160000;

/// The distinct words of a protein, ascending. Words with a letter outside the
/// 20 amino acids are skipped.
[[nodiscard]] std::vector<std::int32_t> sequence_words(
    const std::string& sequence);

}  // namespace musl
