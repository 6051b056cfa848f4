#include "features/store_evidence.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/numbers.h"
#include "features/evidence.h"
#include "features/expression_evidence.h"
#include "features/gene_status.h"
#include "store/alterations.h"
#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/line_expression.h"
#include "store/network.h"
#include "store/paralogs.h"

namespace musl {

namespace {

constexpr double kAnnotation = .25;  // terms, families, modules, sequences
constexpr std::int64_t kListAtOnce = 16384;

/// Adds a pair's columns to its evidence, except those of the network.
template <class Row>
void add_columns(const std::vector<EvidenceColumn>& columns, const Row& x,
                 std::size_t pair, EvidenceValues* out) {
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const auto& column = columns[j];
    const double value = x(static_cast<Eigen::Index>(j));
    if (column.name == "pearson_mean") {
      out->correlation[pair] = std::isnan(value) ? 0 : value;
    } else if (column.name == "percentile_mean_min") {
      out->genes[pair] =
          kLevelEvidence * (std::isnan(value) ? kUnknownLevel : value);
    } else if (column.evidence && column.group != "network") {
      out->pair[pair] +=
          column.group == "coexpression" ? value : kAnnotation * value;
    }
  }
}

}  // namespace

StoreEvidence::StoreEvidence(const GeneStore& store)
    : store_(store), evidence_(store), network_(store.part<Network>().graph) {}

EvidenceValues StoreEvidence::of(const PairSet& pairs, int threads,
                                 const std::function<bool()>& go_on) const {
  const auto columns = evidence_.columns();
  EvidenceValues out;
  for (auto* values : {&out.pair, &out.network, &out.correlation, &out.genes}) {
    values->assign(pairs.a.size(), 0);
  }
  for (std::int64_t first = 0; first < pairs.size(); first += kListAtOnce) {
    if (go_on && !go_on()) throw CancelledError("Interrupted.");
    const PairSet some =
        some_pairs(pairs, first, std::min(pairs.size(), first + kListAtOnce));
    const Matrix x = evidence_.of(some, threads);
    for (std::size_t i = 0; i < some.a.size(); ++i) {
      const std::size_t pair = at(first) + i;
      out.pair[pair] = out.network[pair] = network_.of(some.a[i], some.b[i]);
      add_columns(columns, x.row(static_cast<Eigen::Index>(i)), pair, &out);
    }
  }
  return out;
}

GeneStore annotation_of(const GeneStore& store) {
  GeneStore out;
  out.n_genes = store.n_genes;
  out.part<Terms>() = store.part<Terms>();
  out.part<Families>() = store.part<Families>();
  out.part<Modules>() = store.part<Modules>();
  out.part<Paralogs>() = store.part<Paralogs>();
  out.part<LineExpression>().expressed = expressed_share(store);
  out.part<GeneColumns>().push_back(
      {"dependent", "dependent", dependent_share(store)});
  out.part<Alterations>() = store.part<Alterations>();
  return out;
}

}  // namespace musl
