#include "store/pair_tables.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "base/sorted_ids.h"
#include "store/part.h"

namespace musl {

namespace {

PairTables make_tables(const EvidenceInput& input, std::uint64_t /*seed*/,
                       int /*threads*/) {
  PairTables out;
  for (const auto& table : input.part<PairTableInputs>()) {
    out.push_back(make_pair_table(table, input.n_genes));
  }
  return out;
}

void take_tables(const Field& from, EvidenceInput* to) {
  for (const Field& table : from.fields) {
    to->part<PairTableInputs>().push_back(
        {table["name"].text(),
         table["columns"].texts,
         {table["a"].integers(), table["b"].integers(), {}},
         table["value"].matrix()});
  }
}

const bool kTablesAreAPart =
    register_part(part_kind<PairTables, make_tables>("tables", take_tables,
                                                     /*if_empty=*/true));

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

PairTable remapped(const PairTable& table,
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

bool fits(const PairTable& table, std::int64_t n) {
  bool holds = are_row_offsets(table.offset, n, size_of(table.partner)) &&
               are_below(table.partner, n) &&
               table.value.rows() == size_of(table.partner) &&
               table.value.cols() == size_of(table.columns);
  for (std::int64_t g = 0; holds && g < n; ++g) {
    auto before = static_cast<std::int32_t>(g);
    for (auto k = table.offset[at(g)]; k < table.offset[at(g + 1)]; ++k) {
      holds = holds && table.partner[at(k)] > before;
      before = table.partner[at(k)];
    }
  }
  return holds;
}

}  // namespace musl
