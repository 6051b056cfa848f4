#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/sorted_ids.h"
#include "features/expression_evidence.h"
#include "features/feature_group.h"
#include "features/store_parts.h"
#include "musl/protein.h"

namespace musl {

ProteinWords protein_words(const std::vector<std::string>& sequences) {
  ProteinWords out;
  const bool any = std::any_of(sequences.begin(), sequences.end(),
                               [](const auto& s) { return !s.empty(); });
  if (!any) return out;
  out.offset.assign(1, 0);
  for (const auto& sequence : sequences) {
    const auto words = sequence_words(sequence);
    out.word.insert(out.word.end(), words.begin(), words.end());
    out.offset.push_back(static_cast<std::int64_t>(out.word.size()));
  }
  return out;
}

float word_containment(const ProteinWords& words, std::int32_t a,
                       std::int32_t b) {
  const auto range = [&](std::int32_t gene) {
    const auto i = static_cast<std::size_t>(gene);
    return std::pair{words.word.data() + words.offset[i],
                     words.word.data() + words.offset[i + 1]};
  };
  auto [x, x_end] = range(a);
  auto [y, y_end] = range(b);
  const auto fewer = std::min(x_end - x, y_end - y);
  if (fewer == 0) return std::numeric_limits<float>::quiet_NaN();
  std::int64_t shared = 0;
  while (x != x_end && y != y_end) {
    shared += *x == *y ? 1 : 0;
    const bool step_x = *x <= *y;
    const bool step_y = *y <= *x;
    x += step_x ? 1 : 0;
    y += step_y ? 1 : 0;
  }
  return static_cast<float>(shared) / static_cast<float>(fewer);
}

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

Paralogs remap(const Paralogs& paralogs,
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

namespace {

constexpr float kNoParalog = 9999;  // rank where proteins do not align

/// Similarity of two proteins, the rank of either among the paralogs of the
/// other, and the number of either's other expressed paralogs, which might
/// substitute for it; unknown if either was not searched.
class ParalogColumns : public PairColumns {
 public:
  explicit ParalogColumns(const GeneStore& store) : paralogs_(store.paralogs) {
    if (store.paralogs.empty()) return;
    level_ = expression_levels(store).mean;
    const std::string group = "sequence";
    const std::string rank = "rank among the paralogs, ";
    add("paralog_identity", group, "identity of the aligned proteins", 1);
    add("paralog_coverage", group, "share of both proteins that align", 1);
    add("paralog_rank_best", group, rank + "better of the two", -1);
    add("paralog_rank_worst", group, rank + "worse of the two", -1);
    add_both("paralogs", group, "number of paralogs");
    add_both("other_expressed_paralogs", group,
             "number of other paralogs that are expressed");
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* facts) const override {
    const float count_a = paralogs_.count[at(a)];
    const float count_b = paralogs_.count[at(b)];
    if (std::isnan(count_a) || std::isnan(count_b)) {
      std::fill(out, out + columns().size(), PairFacts::kUnknown);
      return;
    }
    const std::int64_t to_b = find_paralog(paralogs_, a, b);
    const std::int64_t to_a = find_paralog(paralogs_, b, a);
    const bool aligned = to_a >= 0 && to_b >= 0;
    out[0] = aligned ? paralogs_.identity[at(to_b)] : 0;
    out[1] = aligned ? paralogs_.coverage[at(to_b)] : 0;
    write_both(aligned ? paralogs_.rank[at(to_b)] : kNoParalog,
               aligned ? paralogs_.rank[at(to_a)] : kNoParalog, out + 2);
    write_both(count_a, count_b, out + 4);
    write_both(other_expressed(a, b), other_expressed(b, a), out + 6);
    facts->paralog_identity = out[0];
    facts->paralog_coverage = out[1];
    facts->paralog_rank = out[3];
    if (aligned) facts->other_paralogs = out[6];
  }

 private:
  /// Number of expressed paralogs of `gene` except `partner`; unknown if the
  /// expression of the gene is.
  [[nodiscard]] float other_expressed(std::int32_t gene,
                                      std::int32_t partner) const {
    if (std::isnan(level_[at(gene)])) return PairFacts::kUnknown;
    const auto first = paralogs_.gene.begin() + paralogs_.offset[at(gene)];
    const auto last = paralogs_.gene.begin() + paralogs_.offset[at(gene) + 1];
    return static_cast<float>(std::count_if(first, last, [&](auto other) {
      return other != partner && level_[at(other)] > kExpressed;
    }));
  }

  const Paralogs& paralogs_;
  std::vector<float> level_;  // (G) mean percentile of expression
};

void make_paralog_rows(const EvidenceInput& input, std::uint64_t /*seed*/,
                       int /*threads*/, GeneStore* store) {
  store->paralogs = make_paralogs(input.paralogs, input.n_genes);
}

const bool paralogs_are_registered = register_feature_group(
    {"paralogs", 50, make_paralog_rows, make_columns<ParalogColumns>});

}  // namespace

}  // namespace musl
