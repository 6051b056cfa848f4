#include "muse/residue_codes.h"

#include <array>

#include "base/error.h"
#include "base/numbers.h"

namespace musl {

namespace {

constexpr std::string_view kByCode = "ACDEFGHIKLMNPQRSTVWY";
constexpr std::string_view kAmbiguous = "XBJOUZ";
constexpr int kNoResidue = -1;

std::array<std::int8_t, 256> code_table() {
  std::array<std::int8_t, 256> table;
  table.fill(kNoResidue);
  const auto set = [&](char letter, int code) {
    const char lower = static_cast<char>(letter - 'A' + 'a');
    table[static_cast<unsigned char>(letter)] = static_cast<std::int8_t>(code);
    table[static_cast<unsigned char>(lower)] = static_cast<std::int8_t>(code);
  };
  int code = 0;
  for (const char letter : kByCode) set(letter, code++);
  for (const char letter : kAmbiguous) set(letter, kUnknownResidue);
  return table;
}

}  // namespace

int residue_code(char letter) {
  static const auto table = code_table();
  return table[static_cast<unsigned char>(letter)];
}

std::vector<std::int8_t> residue_codes(std::string_view sequence) {
  const auto size = size_of(sequence);
  if (size == 0) throw InputError("A sequence must hold at least one residue.");
  if (size > kMostResidues) {
    throw InputError("A sequence must hold at most " +
                     std::to_string(kMostResidues) + " residues, not " +
                     std::to_string(size) + ".");
  }
  std::vector<std::int8_t> codes;
  codes.reserve(sequence.size());
  for (const char letter : sequence) {
    const int code = residue_code(letter);
    if (code == kNoResidue) {
      const bool printable = letter > ' ' && letter < 127;
      throw InputError(
          "A sequence must hold letters of amino acids, or X; found " +
          (printable ? "`" + std::string(1, letter) + "`"
                     : std::string("a blank or foreign byte")) +
          " at place " + std::to_string(codes.size() + 1) + ".");
    }
    codes.push_back(static_cast<std::int8_t>(code));
  }
  return codes;
}

}  // namespace musl
