#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "features/feature_group.h"
#include "features/related_genes.h"
#include "graph/shared_neighbours.h"
#include "store/network.h"
#include "store/shared_sets.h"

namespace musl {

namespace {

using Values = std::vector<float>;

/// What columns of a relation say.
struct RelationWords {
  std::string related;  // genes that are related to one gene
  std::string shared;   // genes that are related to both
  std::string sum;      // of values of the latter
};

RelationWords words_of(Relation relation) {
  switch (relation) {
    case Relation::kNeighbours:
      return {"the gene's neighbours", "shared neighbours",
              " of shared neighbours (Adamic-Adar)"};
    case Relation::kTerms:
      return {"genes with the gene's terms", "genes with shared terms",
              " of genes with shared terms, sum over terms"};
    default:
      return {"genes in the gene's modules", "genes in shared modules",
              " of genes in shared modules"};
  }
}

/// For columns of the gene table that tell how much cells need a gene: how much
/// they need the genes that are related to either gene and, for dependencies,
/// those that relate the two.
class RelatedColumns : public PairColumns {
 public:
  explicit RelatedColumns(const GeneStore& store)
      : PairColumns(/*of_measured=*/true),
        relations_(relations_of(store)),
        graph_(store.part<Network>().graph),
        terms_(store.part<Terms>().sets),
        modules_(store.part<Modules>().sets),
        term_weights_(term_weights(terms_)) {
    for (const GeneColumn& column : store.part<GeneColumns>()) {
      if (!tells_need(column)) continue;
      const bool dependent = column.role == "dependent";
      std::vector<Values> means;
      for (const Relation relation : relations_) {
        add_both(column.name + ":" + relation_name(relation), "fitness",
                 words_of(column) + ", mean of " + words_of(relation).related,
                 dependent ? 1 : 0);
        means.push_back(related_means(store, relation, column.value));
      }
      means_.push_back(std::move(means));
      shared_.push_back(dependent ? add_shared(column) : Shared{});
    }
  }

  void write(std::int32_t a, std::int32_t b, float* out,
             PairFacts* /*facts*/) const override {
    for (std::size_t c = 0; c < means_.size(); ++c) {
      for (const Values& mean : means_[c]) {
        out = write_both(mean[at(a)], mean[at(b)], out);
      }
      if (!shared_[c].value.empty()) out = write_shared(shared_[c], a, b, out);
    }
  }

 private:
  /// Of one column: its known values, and their means in sets.
  struct Shared {
    Values value;  // (G) NaN where unknown; empty: no such columns
    double mean = 0;
    std::vector<double> of_term, of_module;
  };

  Shared add_shared(const GeneColumn& column) {
    Shared out{column.value, mean_known(column.value), {}, {}};
    const auto add_pair = [&](const std::string& name,
                              const std::string& words) {
      add(column.name + ":" + name, "fitness", words_of(column) + words, 1);
    };
    for (const Relation relation : relations_) {
      const std::string name = "shared_" + relation_name(relation);
      add_pair(name, words_of(relation).sum);
      if (relation == Relation::kTerms) {
        out.of_term = set_means(terms_, column.value);
      }
      if (relation == Relation::kModules) {
        out.of_module = set_means(modules_, column.value);
      } else {
        add_pair(name + "_mean", ", mean of " + words_of(relation).shared);
      }
    }
    return out;
  }

  float* write_shared(const Shared& shared, std::int32_t a, std::int32_t b,
                      float* out) const {
    for (const Relation relation : relations_) {
      switch (relation) {
        case Relation::kNeighbours:
          out = write_neighbours(shared, a, b, out);
          break;
        case Relation::kTerms:
          out = write_terms(shared, a, b, out);
          break;
        default:
          *out++ = modules(shared, a, b);
      }
    }
    return out;
  }

  /// As Adamic-Adar, each neighbour counting its value; and their mean. Those
  /// of unknown value are left out.
  float* write_neighbours(const Shared& shared, std::int32_t a, std::int32_t b,
                          float* out) const {
    const auto& graph = graph_;
    double sum = 0, weights = 0;
    intersect(neighbours_of(graph, a), neighbours_of(graph, b),
              [&](std::int32_t node) {
                if (std::isnan(shared.value[at(node)])) return;
                const double weight =
                    1 / std::log(static_cast<double>(graph.degree(node)));
                sum += weight * shared.value[at(node)];
                weights += weight;
              });
    out[0] = static_cast<float>(sum);
    out[1] = weights > 0
                 ? static_cast<float>((sum + shared.mean) / (weights + 1))
                 : PairFacts::kUnknown;
    return out + 2;
  }

  /// Means of the shared terms' genes by the terms' weights: sum and mean.
  float* write_terms(const Shared& shared, std::int32_t a, std::int32_t b,
                     float* out) const {
    double sum = 0, weights = 0;
    for_shared_sets(terms_, a, b, [&](std::int32_t term) {
      const double weight = term_weights_[at(term)];
      sum += weight * shared.of_term[at(term)];
      weights += weight;
    });
    out[0] = static_cast<float>(sum);
    out[1] = weights > 0 ? static_cast<float>(sum / weights) : 0;
    return out + 2;
  }

  /// Means of the shared modules' genes by 1 / size.
  [[nodiscard]] float modules(const Shared& shared, std::int32_t a,
                              std::int32_t b) const {
    double sum = 0;
    for_shared_sets(modules_, a, b, [&](std::int32_t module) {
      sum += shared.of_module[at(module)] / modules_.size[at(module)];
    });
    return static_cast<float>(sum);
  }

  std::vector<Relation> relations_;
  const CsrGraph& graph_;
  const GeneSets& terms_;
  const GeneSets& modules_;
  std::vector<double> term_weights_;        // (T)
  std::vector<std::vector<Values>> means_;  // by column and relation
  std::vector<Shared> shared_;              // by column
};

const bool kRelatedAreRegistered = register_feature_group(
    {"related", 80, nullptr, make_columns<RelatedColumns>});

}  // namespace

}  // namespace musl
