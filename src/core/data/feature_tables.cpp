#include "musl/feature_tables.h"

#include <algorithm>
#include <numeric>

#include "musl/error.h"

namespace musl {

namespace {

void check_sizes(const PairFeatures& given, std::int64_t n_genes) {
  if (given.name.empty()) {
    throw InputError("A table of pair features must have a name.");
  }
  check_pairs(given.pairs, n_genes);
  const auto columns = static_cast<Eigen::Index>(given.columns.size());
  if (given.values.rows() == given.pairs.size() &&
      given.values.cols() == columns) {
    return;
  }
  throw ShapeError("Table \"" + given.name + "\" must have " +
                   std::to_string(given.pairs.size()) + " rows and " +
                   std::to_string(columns) + " columns, not " +
                   std::to_string(given.values.rows()) + " and " +
                   std::to_string(given.values.cols()) + ".");
}

}  // namespace

PairFeatureTable::PairFeatureTable(const PairFeatures& given,
                                   std::int64_t n_genes)
    : n_genes_(n_genes) {
  check_sizes(given, n_genes);
  const auto n = given.pairs.a.size();
  std::vector<std::int64_t> key(n);
  for (std::size_t i = 0; i < n; ++i) {
    key[i] = pair_key(given.pairs.a[i], given.pairs.b[i], n_genes);
  }
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&key](auto i, auto j) { return key[i] < key[j]; });
  features_.name = given.name;
  features_.columns = given.columns;
  features_.values.resize(given.values.rows(), given.values.cols());
  for (const std::size_t i : order) {
    if (!keys_.empty() && keys_.back() == key[i]) {
      throw InputError("Table \"" + given.name +
                       "\" must hold each pair once; one of them is "
                       "repeated.");
    }
    features_.values.row(static_cast<Eigen::Index>(keys_.size())) =
        given.values.row(static_cast<Eigen::Index>(i));
    keys_.push_back(key[i]);
    features_.pairs.a.push_back(static_cast<std::int32_t>(key[i] / n_genes));
    features_.pairs.b.push_back(static_cast<std::int32_t>(key[i] % n_genes));
  }
}

const float* PairFeatureTable::find(std::int32_t a, std::int32_t b) const {
  const auto key = pair_key(a, b, n_genes_);
  const auto found = std::lower_bound(keys_.begin(), keys_.end(), key);
  if (found == keys_.end() || *found != key) return nullptr;
  return features_.values.row(found - keys_.begin()).data();
}

const PairFeatureTable* find_table(const std::vector<PairFeatureTable>& tables,
                                   const std::string& name) {
  for (const auto& table : tables) {
    if (table.name() == name) return &table;
  }
  return nullptr;
}

}  // namespace musl
