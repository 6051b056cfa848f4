#include "features/related_genes.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "graph/csr_graph.h"
#include "store/network.h"

namespace musl {

namespace {

using Values = std::vector<float>;

constexpr double kPriorGenes = 3;   // of the mean of all, in each set
constexpr double kPriorWeight = 1;  // of the same, among neighbours

/// Sum and number of the known values of each set.
struct SetSums {
  std::vector<double> sum, n;
};

SetSums sum_sets(const GeneSets& sets, const Values& value) {
  SetSums out{std::vector<double>(sets.size.size(), 0),
              std::vector<double>(sets.size.size(), 0)};
  for (std::size_t g = 0; g < value.size(); ++g) {
    if (std::isnan(value[g])) continue;
    for (auto k = sets.offset[g]; k < sets.offset[g + 1]; ++k) {
      out.sum[at(sets.set[at(k)])] += value[g];
      ++out.n[at(sets.set[at(k)])];
    }
  }
  return out;
}

Values neighbour_means(const CsrGraph& network, const Values& value) {
  const double mean = mean_known(value);
  Values out(value.size(), kFloatNaN);
  for (std::size_t g = 0; g < value.size(); ++g) {
    double sum = kPriorWeight * mean, weight = kPriorWeight;
    for (auto k = network.offset[g]; k < network.offset[g + 1]; ++k) {
      const float other = value[at(network.neighbour[at(k)])];
      if (std::isnan(other)) continue;
      sum += static_cast<double>(network.weight[at(k)]) * other;
      weight += network.weight[at(k)];
    }
    if (network.offset[g] == network.offset[g + 1]) continue;
    out[g] = static_cast<float>(sum / weight);
  }
  return out;
}

std::vector<double> inverse_sizes(const GeneSets& sets) {
  std::vector<double> out;
  for (const float size : sets.size) out.push_back(1.0 / size);
  return out;
}

Values means_over_sets(const GeneSets& sets, const Values& value,
                       const std::vector<double>& weights_of_sets) {
  const double mean = mean_known(value);
  const SetSums sums = sum_sets(sets, value);
  Values out(value.size(), kFloatNaN);
  for (std::size_t g = 0; g < value.size(); ++g) {
    const bool known = !std::isnan(value[g]);
    double sum = 0, weights = 0;
    for (auto k = sets.offset[g]; k < sets.offset[g + 1]; ++k) {
      const std::int32_t set = sets.set[at(k)];
      const double weight = weights_of_sets[at(set)];
      const double others = sums.sum[at(set)] - (known ? value[g] : 0.0F);
      const double n = sums.n[at(set)] - (known ? 1 : 0);
      sum += weight * (others + kPriorGenes * mean) / (n + kPriorGenes);
      weights += weight;
    }
    if (weights > 0) out[g] = static_cast<float>(sum / weights);
  }
  return out;
}

}  // namespace

bool tells_need(const GeneColumn& column) {
  return column.role == "dependent" || column.role == "fitness";
}

std::string words_of(const GeneColumn& column) {
  if (column.name == "number_wide") return "terms of 20 to 5,000 genes (log)";
  if (column.name == "number_pathways") return "pathways (log)";
  std::string words = column.name;
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string relation_name(Relation relation) {
  switch (relation) {
    case Relation::kNeighbours:
      return "neighbours";
    case Relation::kTerms:
      return "terms";
    default:
      return "modules";
  }
}

std::vector<Relation> relations_of(const GeneStore& store) {
  std::vector<Relation> out;
  if (!store.part<Network>().graph.empty())
    out.push_back(Relation::kNeighbours);
  if (!store.part<Terms>().sets.empty()) out.push_back(Relation::kTerms);
  if (!store.part<Modules>().sets.empty()) out.push_back(Relation::kModules);
  return out;
}

std::vector<double> set_means(const GeneSets& sets, const Values& value) {
  const double mean = mean_known(value);
  const SetSums sums = sum_sets(sets, value);
  std::vector<double> out(sets.size.size());
  for (std::size_t s = 0; s < out.size(); ++s) {
    out[s] = (sums.sum[s] + kPriorGenes * mean) / (sums.n[s] + kPriorGenes);
  }
  return out;
}

Values related_means(const GeneStore& store, Relation relation,
                     const Values& value) {
  switch (relation) {
    case Relation::kNeighbours:
      return neighbour_means(store.part<Network>().graph, value);
    case Relation::kTerms:
      return means_over_sets(store.part<Terms>().sets, value,
                             term_weights(store.part<Terms>().sets));
    default:
      return means_over_sets(store.part<Modules>().sets, value,
                             inverse_sizes(store.part<Modules>().sets));
  }
}

double mean_known(const Values& value) {
  double sum = 0, n = 0;
  for (const float x : value) {
    if (std::isnan(x)) continue;
    sum += x;
    ++n;
  }
  return n > 0 ? sum / n : 0;
}

std::vector<double> term_weights(const GeneSets& terms) {
  std::vector<double> out;
  for (std::size_t term = 0; term < terms.size.size(); ++term) {
    const double bits = information(terms, static_cast<std::int32_t>(term));
    out.push_back(bits * bits);
  }
  return out;
}

}  // namespace musl
