#pragma once

#include <string>
#include <vector>

#include "store/part_map.h"

namespace musl {

/// A column of numbers per gene with a name.
struct GeneColumn {
  std::string name;
  /// "expression", "dependent", "fitness", "essential" or "gene".
  std::string role;
  std::vector<float> value;  // (G), NaN where unknown
};

/// A table of numbers per gene.
struct GeneColumns : NamedList<GeneColumn> {
  using NamedList::NamedList;
  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit.list("genes", x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::string number = std::to_string(i);
      visit.label("genes/" + number + "/name", x[i].name);
      visit.label("genes/" + number + "/role", x[i].role);
      visit("gene/" + number, x[i].value);
    }
  }
};

}  // namespace musl
