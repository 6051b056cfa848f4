#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace musl {

constexpr int kResidueCodes = 21;    // the 20 amino acids, and unknown
constexpr int kUnknownResidue = 20;  // X, and B, J, O, U, Z
constexpr std::int64_t kMostResidues = 30000;

/// 0 to 19 for the amino acids in the order ACDEFGHIKLMNPQRSTVWY, either case;
/// kUnknownResidue for X, B, J, O, U, Z; -1 for any other character.
[[nodiscard]] int residue_code(char letter);

/// The codes of a sequence. InputError, with the position (1-based), for an
/// invalid character, an empty sequence, and one longer than kMostResidues.
[[nodiscard]] std::vector<std::int8_t> residue_codes(std::string_view sequence);

}  // namespace musl
