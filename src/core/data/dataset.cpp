#include "data/dataset.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/numbers.h"
#include "data/node_blocks.h"
#include "expression/read_rows.h"

namespace musl {

namespace {

/// Index of each gene of this universe in that of a model, -1 for new genes; or
/// the inverse.
using GeneMap = std::vector<std::int32_t>;

// ---- Expression ----

GeneMap map_rows(const GeneMap& row_of_gene, const GeneMap& gene_of) {
  GeneMap rows(gene_of.size(), -1);
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] >= 0) rows[g] = row_of_gene[at(gene_of[g])];
  }
  return rows;
}

/// The bin edges of a known cohort over this universe, and nothing else of it.
ExpressionCohort edges_only(const ExpressionCohort& known,
                            const GeneMap& gene_of) {
  ExpressionCohort out;
  out.name = known.name;
  out.config = known.config;
  out.row_of_gene = map_rows(known.row_of_gene, gene_of);
  for (auto features :
       {&ExpressionCohort::assays, &ExpressionCohort::transformed}) {
    for (const auto& assay : known.*features) {
      (out.*features).push_back({assay.edges, {}});
    }
  }
  return out;
}

/// A known cohort over this universe. It has no genes if the model was saved
/// without samples.
ExpressionCohort carry_over(const ExpressionCohort& known,
                            const GeneMap& gene_of) {
  ExpressionCohort out = known;
  if (known.n_rows() == 0) {
    out.row_of_gene.assign(gene_of.size(), -1);
  } else {
    out.row_of_gene = map_rows(known.row_of_gene, gene_of);
  }
  return out;
}

const ExpressionInput* find_cohort(const DatasetInput& input,
                                   const std::string& name) {
  for (const auto& cohort : input.cohorts) {
    if (cohort.name == name) return &cohort;
  }
  return nullptr;
}

void check_cohort_names(const DatasetInput& input, const Dataset& known) {
  for (const auto& given : input.cohorts) {
    const bool found = std::any_of(
        known.cohorts.begin(), known.cohorts.end(),
        [&](const auto& cohort) { return cohort.name == given.name; });
    if (!found) {
      throw ShapeError("Source \"" + given.name +
                       "\" is not among those the model was fitted with. Name "
                       "the cohort as it was then.");
    }
  }
}

std::vector<ExpressionCohort> make_cohorts(
    const DatasetInput& input, const ArchitectureConfig& architecture,
    const Dataset* known, const GeneMap& gene_of, int threads) {
  if (known != nullptr) check_cohort_names(input, *known);
  const ExpressionConfig config = expression_config(architecture);
  const auto make = [&](const ExpressionInput& given,
                        const ExpressionCohort* edges) {
    ExpressionInput cohort = given;
    cohort.sample_order = order_by_content(cohort, threads);
    return make_expression_cohort(cohort, config, input.n_genes, edges,
                                  /*compact=*/true, threads);
  };
  std::vector<ExpressionCohort> out;
  if (known == nullptr) {
    for (const auto& cohort : input.cohorts) {
      out.push_back(make(cohort, nullptr));
    }
    return out;
  }
  for (const auto& cohort : known->cohorts) {
    const ExpressionInput* given = find_cohort(input, cohort.name);
    if (given == nullptr) {
      out.push_back(carry_over(cohort, gene_of));
      unfold_levels(threads, &out.back());
    } else {
      const ExpressionCohort edges = edges_only(cohort, gene_of);
      out.push_back(make(*given, &edges));
    }
  }
  return out;
}

// ---- Network ----

CsrGraph make_network(const DatasetInput& input, const Dataset* known,
                      const GeneMap& gene_of) {
  if (!input.edge_from.empty() || !input.edge_to.empty()) {
    return make_graph(input.n_genes, input.edge_from, input.edge_to,
                      input.edge_weight);
  }
  if (known == nullptr) return {};
  return remap_graph(known->network, gene_of);
}

/// The known pairs whose genes this universe has.
PairSet carry_over(const PairSet& known, const GeneMap& gene_of,
                   std::int64_t n_known) {
  const GeneMap new_gene = inverse_map(gene_of, n_known);
  PairSet pairs;
  for (std::size_t i = 0; i < known.a.size(); ++i) {
    const auto a = new_gene[at(known.a[i])], b = new_gene[at(known.b[i])];
    if (a < 0 || b < 0) continue;
    pairs.a.push_back(std::min(a, b));
    pairs.b.push_back(std::max(a, b));
    pairs.label.push_back(known.label[i]);
  }
  return pairs;
}

/// A gene is in the graph if it has an edge or any node feature of its own.
std::vector<std::uint8_t> genes_in_graph(const Dataset& data) {
  auto in_graph = genes_with_edges(data.network, data.n_genes);
  for (const auto& block : data.blocks) {
    for (std::size_t g = 0; g < in_graph.size(); ++g) {
      in_graph[g] |= block.present[g];
    }
  }
  return in_graph;
}

/// Gene vectors and graph membership of the genes both universes have.
void carry_gene_vectors(const Dataset& known, const GeneMap& gene_of,
                        Dataset* data) {
  const auto n = static_cast<Eigen::Index>(gene_of.size());
  data->in_graph.assign(gene_of.size(), 0);
  if (known.gene_vectors.size() == 0) return;
  data->gene_vectors = Matrix::Zero(n, known.gene_vectors.cols());
  for (Eigen::Index g = 0; g < n; ++g) {
    const std::int32_t cohort = gene_of[at(g)];
    if (cohort < 0) continue;
    data->gene_vectors.row(g) = known.gene_vectors.row(cohort);
    data->in_graph[at(g)] = known.in_graph[at(cohort)];
  }
}

}  // namespace

ExpressionConfig expression_config(const ArchitectureConfig& architecture) {
  ExpressionConfig out;
  out.bins = architecture.bins;
  if (architecture.binning == "rank") out.binning = BinMethod::rank;
  out.smooth = architecture.smooth;
  if (architecture.descriptors == "paper") {
    out.descriptors = DescriptorSet::paper;
  }
  for (const auto& name : architecture.transforms) {
    if (name == "z") out.transforms.push_back(Transform::z);
    if (name == "log") out.transforms.push_back(Transform::log);
    if (name == "z_log") out.transforms.push_back(Transform::z_log);
  }
  return out;
}

Dataset make_dataset(const DatasetInput& input,
                     const ArchitectureConfig& architecture,
                     const Dataset* known, const GeneMap& gene_of,
                     std::uint64_t seed, int threads) {
  Dataset data;
  data.n_genes = input.n_genes;
  if (known != nullptr) {
    data.known = carry_over(known->known, gene_of, known->n_genes);
  }
  data.cohorts = make_cohorts(input, architecture, known, gene_of, threads);
  data.network = make_network(input, known, gene_of);
  const bool graph_given =
      !input.edge_from.empty() || input.embeddings != nullptr;
  if (known != nullptr && !graph_given) {
    carry_gene_vectors(*known, gene_of, &data);
    std::vector<NodeBlock> spaces;
    for (const auto& space : known->spaces) {
      spaces.push_back(known_rows(space, gene_of));
    }
    data.spaces = std::move(spaces);
    return data;
  }
  data.blocks = make_blocks(input, architecture, data.cohorts, data.network,
                            known, gene_of, seed, threads);
  data.in_graph = genes_in_graph(data);
  return data;
}

}  // namespace musl
