#pragma once

#include <cstdint>
#include <vector>

#include "store/gene_store.h"

namespace musl {

/// Of a gene that a smaller share of cell lines expresses, loss says nothing.
constexpr double kHardlyExpressed = .1;

/// How far a level counts as expressed: 1 / (1 + exp(-3 (level - 1))); NaN for
/// NaN.
[[nodiscard]] float expressed_at(float level);

/// (G) Share of cell lines that express each gene; of a gene that they do not
/// tell of, the mean over the cohorts that tell (their share of samples) and
/// the columns of expression (expressed_at() of the level). NaN if unknown.
[[nodiscard]] std::vector<float> expressed_share(const GeneStore& store);

/// (G) Share of cell lines that depend on each gene: the highest of the columns
/// of that role, else of the flags of essential genes, as 0 or 1. NaN if
/// unknown.
[[nodiscard]] std::vector<float> dependent_share(const GeneStore& store);

/// What is known of genes as candidates, (G) each; NaN where unknown.
struct GeneFacts {
  std::vector<float> dependent;      // share of cell lines that need the gene
  std::vector<float> expressed;      // share of cell lines that express it, or
                                     // expressed_at() of its level in one line
  std::vector<std::uint8_t> judged;  // 1: the store knows anything of the gene
  bool in_line = false;              // `expressed` tells of one line
  /// Number of lines that `expressed` is a share of, if below 50; else 0.
  int few_lines = 0;
  /// Share of samples that express the gene, the highest over the cohorts.
  std::vector<float> sampled{};
};

/// line  of the store's lines, in which genes are to be expressed; -1: any
[[nodiscard]] GeneFacts gene_facts(const GeneStore& store,
                                   std::int32_t line = -1);

}  // namespace musl
