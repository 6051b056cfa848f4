#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "musl/archive.h"
#include "musl/csr_graph.h"
#include "musl/dataset.h"
#include "musl/direction.h"
#include "musl/expression.h"
#include "musl/matrix.h"
#include "musl/pair_set.h"

namespace musl {

/// Sets of genes: terms of an annotation, protein families, modules.
struct GeneSetsInput {
  std::vector<std::int32_t> gene;  // one entry a membership; may be >= G
  std::vector<std::int32_t> set;   // from 0
  std::vector<std::int32_t> branch_of_set;  // indices of `branches`
  std::vector<std::string> branches;
};

/// A column of numbers per gene with a name.
struct GeneColumn {
  std::string name;
  /// "expression", "dependent", "fitness", "essential" or "gene".
  std::string role;
  std::vector<float> value;  // (G), NaN where unknown
};

/// Genes whose proteins align, each pair once. Indices >= G are outside the
/// universe: they count for ranks and numbers of paralogs but are not stored.
struct ParalogsInput {
  std::vector<std::int32_t> a, b;
  /// Identical residues per column of the alignment; share of the less covered
  /// protein that it covers. 0 to 1.
  std::vector<float> identity, coverage;
  std::vector<float> score;  // orders the paralogs of a gene, higher is closer
  /// (G) 1 if a gene's protein was compared with others; empty: no table.
  std::vector<std::uint8_t> searched;
};

/// Expression of genes in cell lines: log2(x + 1) of TPM or the like, x = 1
/// being expressed.
struct LinesInput {
  const double* value = nullptr;  // (rows, L) by columns; NaN where unknown
  std::vector<std::int32_t> gene_of_row;  // -1 or >= G: outside the universe
  std::vector<std::string> names;         // (L); empty: absent
  std::vector<std::uint8_t> kept;  // (L) 1 for lines whose levels are stored
};

/// A table of pairs that a user brings: numbers by name.
struct PairTableInput {
  std::string name;
  std::vector<std::string> columns;
  PairSet pairs;  // without labels
  Matrix value;   // (pairs, columns), NaN where unknown
};

/// Inputs of evidence beside those of every model, over one universe of G
/// genes. Empty fields are absent. In sets, indices >= G are outside the
/// universe: they count for the sizes of sets but are not stored.
struct EvidenceInput : DatasetInput {
  GeneSetsInput terms, families, modules;
  /// Annotation of single genes: terms of many genes, and pathways.
  GeneSetsInput wide, pathways;
  Matrix layout;  // (G, 2) positions of co-essential genes, NaN where unknown
  std::vector<std::string> sequences;  // (G) proteins, "" where unknown
  ParalogsInput paralogs;
  std::vector<GeneColumn> genes;
  LinesInput lines;
  std::vector<PairTableInput> tables;
  std::vector<Alteration> direction;
  int bits = 8;  // of each entry of unit rows, 3 to 8
};

/// Sets of each gene in compressed rows.
struct GeneSets {
  std::vector<std::int64_t> offset;  // (G + 1); empty: absent
  std::vector<std::int32_t> set;     // ascending in each row
  std::vector<float> size;           // (T) genes of each set
  std::vector<std::int32_t> branch;  // (T)
  std::vector<std::string> branches;
  float n_annotated = 0;  // genes with a set, also outside the universe

  [[nodiscard]] bool empty() const { return offset.empty(); }
  [[nodiscard]] std::int64_t count(std::int32_t gene) const {
    const auto i = static_cast<std::size_t>(gene);
    return offset[i + 1] - offset[i];
  }
};

/// Paralogs of each gene in compressed rows.
struct Paralogs {
  std::vector<std::int64_t> offset;       // (G + 1); empty: absent
  std::vector<std::int32_t> gene;         // ascending in each row
  std::vector<float> identity, coverage;  // of the alignment, 0 to 1
  std::vector<float> rank;   // of `gene` among the row's paralogs, from 1
  std::vector<float> count;  // (G) paralogs, outside the universe too; NaN
                             // where the protein is unknown

  [[nodiscard]] bool empty() const { return offset.empty(); }
};

/// Words of four residues in the protein of each gene, in compressed rows.
struct ProteinWords {
  std::vector<std::int64_t> offset;  // (G + 1); empty: absent
  std::vector<std::int32_t> word;    // ascending in each row

  [[nodiscard]] bool empty() const { return offset.empty(); }
};

/// A user's table, in compressed rows of the lower gene of each pair.
struct PairTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::int64_t> offset;   // (G + 1)
  std::vector<std::int32_t> partner;  // the higher gene, ascending in each row
  Matrix value;                       // (pairs, columns)

  /// The row of a pair in `value`, -1 for none.
  [[nodiscard]] std::int64_t find(std::int32_t a, std::int32_t b) const;
};

/// Rows of unit length stored as integers: the product of two rows is a sum of
/// integers, exact in any order, and a row uses a byte per column.
struct UnitRows {
  std::int64_t width = 0;         // 0: absent
  std::vector<std::int8_t> code;  // (G, width)
  std::vector<float> scale;       // (G) 0 where a gene has no row

  [[nodiscard]] bool empty() const { return width == 0; }
  [[nodiscard]] bool has(std::int32_t gene) const {
    return scale[static_cast<std::size_t>(gene)] > 0;
  }
  /// Cosine of two rows; NaN if one is absent.
  [[nodiscard]] float product(std::int32_t a, std::int32_t b) const;
  /// Adds the gene's row times `by` to `out` (width); nothing if it has none.
  void add_row(std::int32_t gene, float by, float* out) const;
  /// What gives the entries of a row a mean square of 1.
  [[nodiscard]] float unit_scale() const;
};

/// Rows of x (G, F) scaled to unit length; zero rows are absent. Entries are
/// integers of so many bits, the row's largest being the largest of these: with
/// 8 (127) cosines are accurate to .005, with 4 (7) to .1 at worst.
[[nodiscard]] UnitRows make_unit_rows(const Matrix& x, int bits = 8);

/// The part of an expression cohort that evidence reads.
struct ExpressionEvidence {
  std::string name;
  std::vector<float> mean, sd;  // (G) of logged values, NaN where absent
  UnitRows profile;             // standardised over samples
  /// (G) share of samples that express a gene, NaN where absent; empty where
  /// values do not tell: see make_expression_evidence().
  std::vector<float> expressed;
};

/// Expression of genes in cell lines.
struct LineExpression {
  std::vector<float> expressed;    // (G) share of all lines with a level above
                                   // 1; NaN where unknown; empty: no lines
  std::vector<std::string> names;  // (L) of the lines with levels
  std::vector<std::uint8_t> code;  // (G, L) 1 + 16 times the level; 0: unknown

  /// log2(x + 1) to 1/32, at most 15.875; NaN where unknown.
  [[nodiscard]] float level(std::int32_t gene, std::size_t line) const;
};

/// All per-gene data from which the columns of a pair are computed.
struct GeneStore {
  std::int64_t n_genes = 0;
  CsrGraph network;
  UnitRows network_rows;  // of its spectral embedding
  GeneSets terms, families, modules;
  UnitRows term_rows, family_rows;
  UnitRows wide_rows, pathway_rows;  // of sets that are not stored
  std::vector<float> family_twins;   // (G) genes with the same set of families
  Matrix layout;                     // (G, 2)
  ProteinWords words;
  Paralogs paralogs;
  std::vector<ExpressionEvidence> cohorts;
  std::vector<GeneColumn> genes;
  std::vector<PairTable> tables;
  /// Vectors of genes by the kind of features that has them.
  std::map<std::string, UnitRows> vectors;
  LineExpression lines;
  /// Whether losing one gene makes cell lines need others more or less.
  std::vector<Alteration> direction;
};

/// Computes all per-gene data.
///
/// seed  of the decompositions' starting vectors; has little effect on cosines
///
/// Cohorts with more than 128 samples are stored on their 128 leading axes.
[[nodiscard]] GeneStore make_evidence_store(const EvidenceInput& input,
                                            std::uint64_t seed, int threads);

/// The store over another universe: gene_of (G') gives the index of each new
/// gene in `store`, -1 for genes it lacks.
[[nodiscard]] GeneStore remap_evidence(
    const GeneStore& store, const std::vector<std::int32_t>& gene_of);

/// Copies from `known` what `fresh` lacks (a network, a cohort or a table by
/// name, a column of the gene table, a cell line); both are over the same
/// universe.
[[nodiscard]] GeneStore complete_evidence(GeneStore fresh,
                                          const GeneStore& known);

/// A column of the pair table.
struct EvidenceColumn {
  std::string name;
  std::string group;      // "network", "annotation", "families", "sequence",
                          // "modules", "fitness", "gene_table", "expression",
                          // "coexpression", "tables" or another kind
  bool of_pair = false;   // relates the two genes; else describes either
  int monotone = 0;       // +1, -1: more can't make lethality less, more likely
  bool evidence = false;  // in the second set, on its natural scale
  std::string words;      // what it says, as explanations tell it
  /// Whether it helps only where pairs are measured: models of recorded pairs
  /// leave it out.
  bool of_measured = false;
};

/// The columns of this store, in order: those for learners (NaN if missing),
/// then those of pair evidence (0 if there is none).
[[nodiscard]] std::vector<EvidenceColumn> evidence_columns(
    const GeneStore& store);

/// All columns of pairs, (B, evidence_columns()). Symmetric: the same bits for
/// (a, b) and (b, a). GeneError for an index outside the universe.
[[nodiscard]] Matrix pair_evidence(const GeneStore& store, const PairSet& pairs,
                                   int threads);

/// (G, 0 to 2 axes) leading coordinates of each gene in the network's spectral
/// embedding and on the principal axes of the embeddings, of those that the
/// input has; NaN for genes without an embedding.
[[nodiscard]] Matrix gene_coordinates(const DatasetInput& input, int axes,
                                      std::uint64_t seed, int threads);

/// Tensors of a store under `prefix`, and the store they hold.
void put_evidence(const std::string& prefix, const GeneStore& store,
                  Archive* archive);
[[nodiscard]] GeneStore read_evidence(const std::string& prefix,
                                      const Archive& archive);

}  // namespace musl
