#pragma once

#include <string>
#include <vector>

#include "store/gene_columns.h"
#include "store/gene_sets.h"
#include "store/gene_store.h"

namespace musl {

/// A kind of relation that a store knows between genes.
enum class Relation { kNeighbours, kTerms, kModules };

/// Whether the column tells how much cells need a gene: dependency or fitness.
[[nodiscard]] bool tells_need(const GeneColumn& column);

/// What a column says: its name, without the underscores.
[[nodiscard]] std::string words_of(const GeneColumn& column);

/// "neighbours", "terms" or "modules".
[[nodiscard]] std::string relation_name(Relation relation);

/// The relations that the store has.
[[nodiscard]] std::vector<Relation> relations_of(const GeneStore& store);

/// Mean of the known values in each set, with 3 values of the mean of all genes
/// among them: (T).
[[nodiscard]] std::vector<double> set_means(const GeneSets& sets,
                                            const std::vector<float>& value);

/// The mean value of the genes that are related to each gene, without its own:
/// (G), NaN for genes without such a relation.
///
/// Neighbours weigh by their edge, with one neighbour of the mean of all genes
/// among them. For terms and modules, the mean over the gene's sets of the mean
/// of each set's other genes, with 3 genes of the mean of all among them; terms
/// weigh by the square of their information, modules by 1 / size.
[[nodiscard]] std::vector<float> related_means(const GeneStore& store,
                                               Relation relation,
                                               const std::vector<float>& value);

/// Mean of the known values; 0 if none is known.
[[nodiscard]] double mean_known(const std::vector<float>& value);

/// (T) the weight of each term among others: the square of its information.
[[nodiscard]] std::vector<double> term_weights(const GeneSets& terms);

}  // namespace musl
