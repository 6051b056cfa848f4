#include "learners/start_model.h"

#include <algorithm>
#include <string>

#include "base/numbers.h"
#include "musl/error.h"

namespace musl {

namespace {

// Chosen on studies of which 50 pairs to half of all were given back.
constexpr double kHitsOfStart = 50;

void average(double weight, const std::vector<double>& by_start,
             std::vector<double>* scores) {
  for (std::size_t i = 0; i < scores->size(); ++i) {
    (*scores)[i] += weight * (by_start[i] - (*scores)[i]);
  }
}

}  // namespace

double start_weight(std::int64_t n_hits) {
  return kHitsOfStart / (kHitsOfStart + static_cast<double>(n_hits));
}

std::vector<std::int32_t> genes_of_start(
    const StartModel& start, const std::vector<std::int32_t>& gene_of) {
  if (gene_of.empty()) return start.gene_of;
  std::vector<std::int32_t> out;
  for (const std::int32_t gene : gene_of) {
    out.push_back(gene < 0 ? -1 : start.gene_of[at(gene)]);
  }
  return out;
}

void add_start(const StartModel& start, const Prediction& by_start,
               Prediction* scores) {
  average(start.weight, by_start.score, &scores->score);
  average(start.weight, by_start.list_order, &scores->list_order);
  average(start.weight, by_start.relation, &scores->relation);
}

void add_start(const StartModel& start,
               const std::vector<ColumnShare>& by_start,
               std::vector<ColumnShare>* shares) {
  for (auto& share : *shares) share.contribution *= 1 - start.weight;
  for (ColumnShare share : by_start) {
    share.contribution *= start.weight;
    const auto same =
        std::find_if(shares->begin(), shares->end(), [&](const auto& x) {
          return x.name == share.name && x.of_pair == share.of_pair;
        });
    if (same == shares->end()) {
      shares->push_back(share);
    } else {
      same->contribution += share.contribution;
    }
  }
}

void put_start(const std::string& prefix, const StartModel& start,
               Archive* archive) {
  if (!start.model) return;
  archive->put(prefix + "gene_of", {size_of(start.gene_of)},
               start.gene_of.data());
  archive->put(prefix + "weight", {1}, &start.weight);
  put_measured(prefix, *start.model, archive);
}

StartModel read_start(const std::string& prefix, std::int64_t n_genes,
                      const Archive& archive) {
  if (!archive.has(prefix + "gene_of")) return {};
  StartModel out;
  out.gene_of = archive.ints(prefix + "gene_of");
  const auto weight = archive.doubles(prefix + "weight");
  auto model = read_measured(prefix, archive);
  const bool known = std::all_of(
      out.gene_of.begin(), out.gene_of.end(), [&model](std::int32_t gene) {
        return gene >= -1 && gene < model.store.n_genes;
      });
  if (size_of(out.gene_of) != n_genes || weight.size() != 1 ||
      !(weight[0] > 0 && weight[0] <= 1) || !known) {
    throw FormatError(
        "The scorers of features are damaged: the model they started "
        "from does not fit them.");
  }
  out.weight = weight[0];
  out.model = std::make_shared<const MeasuredModel>(std::move(model));
  return out;
}

}  // namespace musl
