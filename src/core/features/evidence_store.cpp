#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "features/expression_evidence.h"
#include "features/gene_sets.h"
#include "features/line_expression.h"
#include "features/paralogs.h"
#include "features/protein_words.h"
#include "musl/error.h"
#include "musl/evidence.h"

namespace musl {

namespace {

constexpr int kNetworkAxes = 64;
constexpr int kTermAxes = 128;
constexpr int kFamilyAxes = 64;
constexpr int kPathwayAxes = 32;
// A term of one gene relates no pair; a term of too many genes says little
// about a pair.
constexpr float kSmallestTerm = 2;
constexpr float kLargestTerm = 300;

/// Of sets of at least two genes.
UnitRows rows_of_sets(const GeneSetsInput& input, std::int64_t n_genes,
                      int axes, int bits, std::uint64_t seed, int threads) {
  const float all = std::numeric_limits<float>::infinity();
  const GeneSets sets = make_gene_sets(input, n_genes, kSmallestTerm, all);
  if (sets.empty()) return {};
  return make_unit_rows(gene_set_axes(sets, axes, seed, threads), bits);
}

void check_bits(int bits) {
  if (bits < 3 || bits > 8) {
    throw InputError("Unit rows have 3 to 8 bits an entry, not " +
                     std::to_string(bits) + ".");
  }
}

void check_column(const GeneColumn& column, std::int64_t n_genes) {
  if (static_cast<std::int64_t>(column.value.size()) != n_genes) {
    throw ShapeError("Gene column \"" + column.name + "\" must have " +
                     std::to_string(n_genes) + " values, not " +
                     std::to_string(column.value.size()) + ".");
  }
  if (std::any_of(column.value.begin(), column.value.end(),
                  [](float v) { return std::isinf(v); })) {
    throw InputError("Gene column \"" + column.name + "\" must be finite.");
  }
}

}  // namespace

EvidenceStore make_evidence_store(const EvidenceInput& input,
                                  std::uint64_t seed, int threads) {
  check_bits(input.bits);
  const std::int64_t n = input.n_genes;
  const int bits = input.bits;
  const float all = std::numeric_limits<float>::infinity();
  EvidenceStore out;
  out.n_genes = n;
  if (!input.edge_from.empty()) {
    out.network =
        make_graph(n, input.edge_from, input.edge_to, input.edge_weight);
    out.network_rows = make_unit_rows(
        spectral_embedding(out.network, kNetworkAxes, seed, threads), bits);
  }
  out.terms = make_gene_sets(input.terms, n, kSmallestTerm, kLargestTerm);
  if (!out.terms.empty()) {
    out.term_rows = make_unit_rows(
        gene_set_axes(out.terms, kTermAxes, seed, threads), bits);
  }
  out.families = make_gene_sets(input.families, n, 1, all);
  if (!out.families.empty()) {
    out.family_rows = make_unit_rows(
        gene_set_axes(out.families, kFamilyAxes, seed, threads), bits);
    out.family_twins = count_twins(out.families);
  }
  out.modules = make_gene_sets(input.modules, n, 1, all);
  out.wide_rows = rows_of_sets(input.wide, n, kTermAxes, bits, seed, threads);
  out.pathway_rows =
      rows_of_sets(input.pathways, n, kPathwayAxes, bits, seed, threads);
  out.layout = input.layout;
  put_words(input.sequences, &out);
  out.paralogs = make_paralogs(input.paralogs, n);
  for (const auto& cohort : input.cohorts) {
    out.cohorts.push_back(make_expression_evidence(cohort, n, threads, bits));
  }
  for (const auto& column : input.genes) check_column(column, n);
  out.genes = input.genes;
  out.lines = make_line_expression(input.lines, n);
  return out;
}

}  // namespace musl
