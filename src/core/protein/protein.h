#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl {

/// A protein: `name` is the whole header or name, `sequence` has one letter per
/// residue.
struct Protein {
  std::string name;
  std::string sequence;
};

/// A sequence as models read it: upper case, without a final `*` (stop).
///
/// InputError, with the protein's name and the position, for characters other
/// than letters, `-`, `.` and `*`, and for a sequence without residues.
[[nodiscard]] std::string clean_sequence(const Protein& protein);

}  // namespace musl
