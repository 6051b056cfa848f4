#include "store/paralogs.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "base/sorted_ids.h"
#include "store/part.h"

namespace musl {

namespace {

/// One direction of an aligned pair: `to` is a paralog of the row's gene.
struct Aligned {
  std::int32_t to;
  float identity, coverage, score, rank;
};

using AlignedRows = std::vector<std::vector<Aligned>>;

/// Ties share the best rank.
void rank_row(std::vector<Aligned>* row) {
  std::sort(row->begin(), row->end(),
            [](const auto& x, const auto& y) { return x.score > y.score; });
  for (std::size_t k = 0; k < row->size(); ++k) {
    Aligned& one = (*row)[k];
    const bool ties = k > 0 && (*row)[k - 1].score == one.score;
    one.rank = ties ? (*row)[k - 1].rank : static_cast<float>(k + 1);
  }
}

Paralogs from_rows(AlignedRows rows, std::int64_t n_genes) {
  Paralogs out;
  out.offset.assign(1, 0);
  for (auto& row : rows) {
    std::sort(row.begin(), row.end(),
              [](const auto& x, const auto& y) { return x.to < y.to; });
    for (const Aligned& one : row) {
      if (one.to >= n_genes) continue;
      out.gene.push_back(one.to);
      out.identity.push_back(one.identity);
      out.coverage.push_back(one.coverage);
      out.rank.push_back(one.rank);
    }
    out.offset.push_back(size_of(out.gene));
  }
  return out;
}

Paralogs make_part(const EvidenceInput& input, std::uint64_t /*seed*/,
                   int /*threads*/) {
  return make_paralogs(input.part<ParalogsInput>(), input.n_genes);
}

void take_paralogs(const Field& from, EvidenceInput* to) {
  auto& out = to->part<ParalogsInput>();
  out.a = from["a"].integers();
  out.b = from["b"].integers();
  out.identity = from["identity"].floats();
  out.coverage = from["coverage"].floats();
  out.score = from["score"].floats();
  out.searched = from["searched"].bytes;
}

const bool kParalogsAreAPart = register_part(part_kind<Paralogs, make_part>(
    "paralogs", take_paralogs, /*if_empty=*/true));

}  // namespace

Paralogs make_paralogs(const ParalogsInput& input, std::int64_t n_genes) {
  if (input.searched.empty()) return {};
  AlignedRows rows(at(n_genes));
  for (std::size_t k = 0; k < input.a.size(); ++k) {
    const auto add = [&](std::int32_t from, std::int32_t to) {
      if (from >= n_genes) return;
      rows[at(from)].push_back(
          {to, input.identity[k], input.coverage[k], input.score[k], 0});
    };
    add(input.a[k], input.b[k]);
    add(input.b[k], input.a[k]);
  }
  std::vector<float> count(at(n_genes), kFloatNaN);
  for (std::size_t g = 0; g < rows.size(); ++g) {
    rank_row(&rows[g]);
    if (input.searched[g] != 0) count[g] = static_cast<float>(rows[g].size());
  }
  Paralogs out = from_rows(std::move(rows), n_genes);
  out.count = std::move(count);
  return out;
}

Paralogs remapped(const Paralogs& paralogs,
                  const std::vector<std::int32_t>& gene_of) {
  if (paralogs.empty()) return {};
  const auto new_of = inverse_map(gene_of, size_of(paralogs.count));
  AlignedRows rows(gene_of.size());
  std::vector<float> count(gene_of.size(), kFloatNaN);
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] < 0) continue;
    const auto from = at(gene_of[g]);
    count[g] = paralogs.count[from];
    for (auto k = paralogs.offset[from]; k < paralogs.offset[from + 1]; ++k) {
      const std::int32_t to = new_of[at(paralogs.gene[at(k)])];
      if (to < 0) continue;
      rows[g].push_back({to, paralogs.identity[at(k)], paralogs.coverage[at(k)],
                         0, paralogs.rank[at(k)]});
    }
  }
  Paralogs out = from_rows(std::move(rows), size_of(gene_of));
  out.count = std::move(count);
  return out;
}

std::int64_t find_paralog(const Paralogs& paralogs, std::int32_t a,
                          std::int32_t b) {
  return position_of(paralogs.gene, b, paralogs.offset[at(a)],
                     paralogs.offset[at(a) + 1]);
}

bool fits(const Paralogs& paralogs, std::int64_t n) {
  const auto entries = paralogs.gene.size();
  return paralogs.empty() ||
         (are_row_offsets(paralogs.offset, n, size_of(paralogs.gene)) &&
          paralogs.identity.size() == entries &&
          paralogs.coverage.size() == entries &&
          paralogs.rank.size() == entries && size_of(paralogs.count) == n &&
          are_below(paralogs.gene, n));
}

}  // namespace musl
