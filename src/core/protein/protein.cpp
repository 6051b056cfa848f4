#include "protein/protein.h"

#include <cstddef>
#include <string>

#include "base/error.h"

namespace musl {

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

}  // namespace musl
