#include <algorithm>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "features/line_expression.h"
#include "features/paralogs.h"
#include "musl/error.h"
#include "musl/evidence.h"

namespace musl {

namespace {

using GeneMap = std::vector<std::int32_t>;

std::vector<float> remap(const std::vector<float>& values,
                         const GeneMap& gene_of) {
  if (values.empty()) return {};
  std::vector<float> out(gene_of.size(), kFloatNaN);
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] >= 0) out[g] = values[at(gene_of[g])];
  }
  return out;
}

UnitRows remap(const UnitRows& rows, const GeneMap& gene_of) {
  UnitRows out;
  out.width = rows.width;
  if (rows.empty()) return out;
  out.scale.assign(gene_of.size(), 0);
  out.code.assign(gene_of.size() * at(rows.width), 0);
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] < 0) continue;
    out.scale[g] = rows.scale[at(gene_of[g])];
    const std::int8_t* from = rows.code.data() + gene_of[g] * rows.width;
    std::copy(from, from + rows.width,
              out.code.data() + static_cast<std::int64_t>(g) * rows.width);
  }
  return out;
}

/// Rows of entries at new places.
template <class Value>
void remap_rows(const std::vector<std::int64_t>& offset,
                const std::vector<Value>& value, const GeneMap& gene_of,
                std::vector<std::int64_t>* new_offset,
                std::vector<Value>* new_value) {
  if (offset.empty()) return;
  new_offset->assign(1, 0);
  for (const std::int32_t from : gene_of) {
    if (from >= 0) {
      new_value->insert(new_value->end(), value.begin() + offset[at(from)],
                        value.begin() + offset[at(from) + 1]);
    }
    new_offset->push_back(static_cast<std::int64_t>(new_value->size()));
  }
}

GeneSets remap(const GeneSets& sets, const GeneMap& gene_of) {
  GeneSets out = sets;
  out.offset.clear();
  out.set.clear();
  remap_rows(sets.offset, sets.set, gene_of, &out.offset, &out.set);
  return out;
}

/// Edges between genes that both universes have.
CsrGraph remap(const CsrGraph& graph, const GeneMap& gene_of) {
  if (graph.empty()) return {};
  GeneMap new_of(at(graph.n_nodes()), -1);
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] >= 0) new_of[at(gene_of[g])] = static_cast<std::int32_t>(g);
  }
  std::vector<std::int32_t> from, to;
  std::vector<float> weight;
  for (std::int64_t i = 0; i < graph.n_nodes(); ++i) {
    for (auto k = graph.offset[at(i)]; k < graph.offset[at(i + 1)]; ++k) {
      const std::int32_t j = graph.neighbour[at(k)];
      if (i >= j || new_of[at(i)] < 0 || new_of[at(j)] < 0) continue;
      from.push_back(new_of[at(i)]);
      to.push_back(new_of[at(j)]);
      weight.push_back(graph.weight[at(k)]);
    }
  }
  return make_graph(static_cast<std::int64_t>(gene_of.size()), from, to,
                    weight);
}

Matrix remap_layout(const Matrix& layout, const GeneMap& gene_of) {
  Matrix out = Matrix::Constant(static_cast<Eigen::Index>(gene_of.size()),
                                layout.cols(), kFloatNaN);
  if (layout.cols() == 0) return out;
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] < 0) continue;
    out.row(static_cast<Eigen::Index>(g)) = layout.row(gene_of[g]);
  }
  return out;
}

/// Appends the entries of `known` whose name `fresh` lacks.
template <class Named>
void add_missing(const std::vector<Named>& known, std::vector<Named>* fresh) {
  for (const Named& one : known) {
    const bool there =
        std::any_of(fresh->begin(), fresh->end(),
                    [&](const Named& x) { return x.name == one.name; });
    if (!there) fresh->push_back(one);
  }
}

}  // namespace

EvidenceStore remap_evidence(const EvidenceStore& store,
                             const std::vector<std::int32_t>& gene_of) {
  for (const std::int32_t gene : gene_of) {
    if (gene < -1 || gene >= store.n_genes) {
      throw GeneError("A gene of the new universe is at " +
                      std::to_string(gene) + " of " +
                      std::to_string(store.n_genes) + " known genes.");
    }
  }
  EvidenceStore out;
  out.n_genes = static_cast<std::int64_t>(gene_of.size());
  out.network = remap(store.network, gene_of);
  out.network_rows = remap(store.network_rows, gene_of);
  out.terms = remap(store.terms, gene_of);
  out.families = remap(store.families, gene_of);
  out.modules = remap(store.modules, gene_of);
  out.term_rows = remap(store.term_rows, gene_of);
  out.family_rows = remap(store.family_rows, gene_of);
  out.wide_rows = remap(store.wide_rows, gene_of);
  out.pathway_rows = remap(store.pathway_rows, gene_of);
  out.family_twins = remap(store.family_twins, gene_of);
  out.layout = remap_layout(store.layout, gene_of);
  remap_rows(store.word_offset, store.word, gene_of, &out.word_offset,
             &out.word);
  out.paralogs = remap_paralogs(store.paralogs, gene_of);
  for (const auto& cohort : store.cohorts) {
    out.cohorts.push_back(
        {cohort.name, remap(cohort.mean, gene_of), remap(cohort.sd, gene_of),
         remap(cohort.profile, gene_of), remap(cohort.expressed, gene_of)});
  }
  for (const auto& column : store.genes) {
    out.genes.push_back(
        {column.name, column.role, remap(column.value, gene_of)});
  }
  out.lines = remap_lines(store.lines, gene_of);
  return out;
}

EvidenceStore complete_evidence(EvidenceStore fresh,
                                const EvidenceStore& known) {
  if (fresh.n_genes != known.n_genes) {
    throw ShapeError("Both stores must be over the same genes.");
  }
  if (fresh.network.empty()) {
    fresh.network = known.network;
    fresh.network_rows = known.network_rows;
  }
  if (fresh.terms.empty()) {
    fresh.terms = known.terms;
    fresh.term_rows = known.term_rows;
  }
  if (fresh.families.empty()) {
    fresh.families = known.families;
    fresh.family_rows = known.family_rows;
    fresh.family_twins = known.family_twins;
  }
  if (fresh.wide_rows.empty()) fresh.wide_rows = known.wide_rows;
  if (fresh.pathway_rows.empty()) fresh.pathway_rows = known.pathway_rows;
  if (fresh.modules.empty()) fresh.modules = known.modules;
  if (fresh.layout.cols() == 0) fresh.layout = known.layout;
  if (fresh.word_offset.empty()) {
    fresh.word_offset = known.word_offset;
    fresh.word = known.word;
  }
  if (fresh.paralogs.empty()) fresh.paralogs = known.paralogs;
  add_missing(known.cohorts, &fresh.cohorts);
  add_missing(known.genes, &fresh.genes);
  complete_lines(known.lines, &fresh.lines);
  return fresh;
}

}  // namespace musl
