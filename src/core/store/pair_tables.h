#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/matrix.h"
#include "base/pair_set.h"
#include "store/part_map.h"

namespace musl {

/// A table of pairs that a user brings: numbers by name.
struct PairTableInput {
  std::string name;
  std::vector<std::string> columns;
  PairSet pairs;  // without labels
  Matrix value;   // (pairs, columns), NaN where unknown
};

struct PairTableInputs : NamedList<PairTableInput> {
  using NamedList::NamedList;
};

/// A user's table, in compressed rows of the lower gene of each pair.
struct PairTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::int64_t> offset;   // (G + 1)
  std::vector<std::int32_t> partner;  // the higher gene, ascending in each row
  Matrix value;                       // (pairs, columns)

  /// The row of a pair in `value`, -1 for none.
  [[nodiscard]] std::int64_t find(std::int32_t a, std::int32_t b) const;
  template <class Self, class Visit>
  static void tensors(Self& x, const std::string& name, const Visit& visit) {
    visit(name + "/offset", x.offset);
    visit(name + "/partner", x.partner);
    visit(name + "/value", x.value);
  }
};

/// A user's tables of pairs.
struct PairTables : NamedList<PairTable> {
  using NamedList::NamedList;
  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit.list("tables", x, /*if_empty=*/false);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::string number = std::to_string(i);
      visit.label("tables/" + number + "/name", x[i].name);
      visit.label("tables/" + number + "/columns", x[i].columns);
      visit("table/" + number, x[i]);
    }
  }
};

[[nodiscard]] PairTable make_pair_table(const PairTableInput& input,
                                        std::int64_t n_genes);

/// The pairs that both universes have; see remap_evidence().
[[nodiscard]] PairTable remapped(const PairTable& table,
                                 const std::vector<std::int32_t>& gene_of);

[[nodiscard]] bool fits(const PairTable& table, std::int64_t n);

}  // namespace musl
