// A user's tables of pairs: a column each of their numbers.

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>

#include "base/numbers.h"
#include "base/sorted_ids.h"
#include "features/feature_group.h"
#include "features/store_parts.h"

namespace musl {

namespace {

class TableColumns : public PairColumns {
 public:
  explicit TableColumns(const GeneStore& store) : tables_(store.tables) {
    for (const PairTable& table : tables_) {
      for (const auto& column : table.columns) {
        add("table:" + table.name + ":" + column, "tables",
            column + " in the table " + table.name);
      }
    }
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* /*facts*/) const override {
    for (const PairTable& table : tables_) {
      const std::int64_t row = table.find(a, b);
      for (Eigen::Index j = 0; j < table.value.cols(); ++j) {
        *out++ = row < 0 ? PairFacts::kUnknown : table.value(row, j);
      }
    }
  }

 private:
  const std::vector<PairTable>& tables_;
};

void make_tables(const EvidenceInput& input, std::uint64_t /*seed*/,
                 int /*threads*/, GeneStore* store) {
  for (const auto& table : input.tables) {
    store->tables.push_back(make_pair_table(table, input.n_genes));
  }
}

const bool tables_are_registered = register_feature_group(
    {"tables", 100, make_tables, make_columns<TableColumns>});

}  // namespace

std::int64_t PairTable::find(std::int32_t a, std::int32_t b) const {
  const auto row = at(std::min(a, b));
  return position_of(partner, std::max(a, b), offset[row], offset[row + 1]);
}

PairTable make_pair_table(const PairTableInput& input, std::int64_t n_genes) {
  const auto key = [&](std::int64_t i) {
    return pair_key(input.pairs.a[at(i)], input.pairs.b[at(i)], n_genes);
  };
  std::vector<std::int64_t> order(input.pairs.a.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](auto i, auto k) { return key(i) < key(k); });
  PairTable out{input.name, input.columns, {}, {}, {}};
  out.offset.assign(at(n_genes + 1), 0);
  out.value.resize(input.value.rows(), input.value.cols());
  for (const std::int64_t i : order) {
    const std::int32_t a = input.pairs.a[at(i)], b = input.pairs.b[at(i)];
    out.value.row(size_of(out.partner)) = input.value.row(i);
    out.partner.push_back(std::max(a, b));
    ++out.offset[at(std::min(a, b)) + 1];
  }
  std::partial_sum(out.offset.begin(), out.offset.end(), out.offset.begin());
  return out;
}

PairTable remap_table(const PairTable& table,
                      const std::vector<std::int32_t>& gene_of) {
  const auto n = size_of(table.offset) - 1;
  const auto new_of = inverse_map(gene_of, n);
  PairTableInput moved{table.name, table.columns, {}, table.value};
  Eigen::Index kept = 0;
  for (std::int64_t gene = 0; gene < n; ++gene) {
    for (auto k = table.offset[at(gene)]; k < table.offset[at(gene + 1)]; ++k) {
      const std::int32_t a = new_of[at(gene)];
      const std::int32_t b = new_of[at(table.partner[at(k)])];
      if (a < 0 || b < 0) continue;
      moved.pairs.a.push_back(a);
      moved.pairs.b.push_back(b);
      moved.value.row(kept++) = table.value.row(k);
    }
  }
  moved.value.conservativeResize(kept, table.value.cols());
  return make_pair_table(moved, size_of(gene_of));
}

}  // namespace musl
