#include "data/feature_carry.h"

#include <algorithm>
#include <string>

#include "base/numbers.h"
#include "musl/error.h"

namespace musl {

GeneMap inverted(const GeneMap& gene_of, std::int64_t n_known) {
  GeneMap new_gene(at(n_known), -1);
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] >= 0) {
      new_gene[at(gene_of[g])] = static_cast<std::int32_t>(g);
    }
  }
  return new_gene;
}

NodeBlock carry_over(const NodeBlock& known, const GeneMap& gene_of) {
  NodeBlock block;
  block.name = known.name;
  block.values = Matrix::Zero(static_cast<Eigen::Index>(gene_of.size()),
                              known.values.cols());
  block.present.assign(gene_of.size(), 0);
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] < 0) continue;
    block.values.row(static_cast<Eigen::Index>(g)) =
        known.values.row(gene_of[g]);
    block.present[g] = known.present[at(gene_of[g])];
  }
  return block;
}

namespace {

/// A known table over this universe.
PairFeatureTable carry_over(const PairFeatureTable& known,
                            const GeneMap& gene_of, std::int64_t n_known) {
  const GeneMap new_gene = inverted(gene_of, n_known);
  const PairFeatures& from = known.features();
  PairFeatures to;
  to.name = from.name;
  to.columns = from.columns;
  std::vector<Eigen::Index> rows;
  for (std::size_t i = 0; i < from.pairs.a.size(); ++i) {
    const auto a = new_gene[at(from.pairs.a[i])],
               b = new_gene[at(from.pairs.b[i])];
    if (a < 0 || b < 0) continue;
    to.pairs.a.push_back(a);
    to.pairs.b.push_back(b);
    rows.push_back(static_cast<Eigen::Index>(i));
  }
  to.values.resize(static_cast<Eigen::Index>(rows.size()), from.values.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    to.values.row(static_cast<Eigen::Index>(i)) = from.values.row(rows[i]);
  }
  return {to, static_cast<std::int64_t>(gene_of.size())};
}

template <class Tables>
bool has_name(const Tables& tables, const std::string& name) {
  return std::any_of(tables.begin(), tables.end(),
                     [&](const auto& table) { return table.name == name; });
}

void check_gene_table(const NodeBlock& table, std::int64_t n_genes) {
  if (table.values.rows() == n_genes &&
      static_cast<std::int64_t>(table.present.size()) == n_genes) {
    return;
  }
  throw ShapeError("Table \"" + table.name + "\" must have a row for each of " +
                   std::to_string(n_genes) + " genes, not " +
                   std::to_string(table.values.rows()) + ".");
}

}  // namespace

void add_feature_tables(const DatasetInput& input, const Dataset* known,
                        const GeneMap& gene_of, Dataset* data) {
  for (const auto& given : input.pair_tables) {
    if (find_table(data->pair_tables, given.name) != nullptr) {
      throw InputError("Tables must have distinct names; \"" + given.name +
                       "\" is given twice.");
    }
    data->pair_tables.emplace_back(given, input.n_genes);
  }
  for (const auto& given : input.gene_tables) {
    check_gene_table(given, input.n_genes);
    if (has_name(data->gene_tables, given.name)) {
      throw InputError("Tables must have distinct names; \"" + given.name +
                       "\" is given twice.");
    }
    data->gene_tables.push_back(given);
  }
  if (known == nullptr) return;
  for (const auto& table : known->pair_tables) {
    if (find_table(data->pair_tables, table.name()) != nullptr) continue;
    data->pair_tables.push_back(carry_over(table, gene_of, known->n_genes));
  }
  for (const auto& table : known->gene_tables) {
    if (has_name(data->gene_tables, table.name)) continue;
    data->gene_tables.push_back(carry_over(table, gene_of));
  }
}

}  // namespace musl
