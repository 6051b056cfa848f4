#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression/expression.h"
#include "store/part_map.h"
#include "store/unit_rows.h"

namespace musl {

/// The part of an expression cohort that evidence reads.
struct ExpressionEvidence {
  std::string name;
  std::vector<float> mean, sd;  // (G) of logged values, NaN where absent
  UnitRows profile;             // standardised over samples
  /// (G) share of samples that express a gene, NaN where absent; empty where
  /// values do not tell: see make_expression_evidence().
  std::vector<float> expressed;
};

/// Expression cohorts.
struct Cohorts : NamedList<ExpressionEvidence> {
  using NamedList::NamedList;
  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit.list("cohorts", x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::string number = std::to_string(i);
      visit.label("cohorts/" + number, x[i].name);
      const std::string name = "cohort/" + number;
      visit(name + "/mean", x[i].mean);
      visit(name + "/sd", x[i].sd);
      visit(name, x[i].profile);
      visit(name + "/expressed", x[i].expressed);
    }
  }
};

/// Mean, spread and standardised profile of each gene of a cohort. Linear
/// values are logged first, log2(x + 1). The bits do not depend on the order of
/// up to 8,192 samples; of more, profiles read as many, evenly spread.
///
/// `expressed` is the share of samples above the level 1, if values are at
/// least 0 and 1 to 60 % of them are 0: those of arrays are never 0, those of
/// single cells mostly, in genes that are expressed too. `bits` are those of
/// make_unit_rows().
[[nodiscard]] ExpressionEvidence make_expression_evidence(
    const ExpressionInput& input, std::int64_t n_genes, int threads,
    int bits = 8);

}  // namespace musl
