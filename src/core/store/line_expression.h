#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace musl {

/// The level, log2(x + 1), above which a gene counts as expressed.
inline constexpr float kExpressedLevel = 1;

/// Expression of genes in cell lines: log2(x + 1) of TPM or the like, x = 1
/// being expressed.
struct LinesInput {
  const double* value = nullptr;  // (rows, L) by columns; NaN where unknown
  std::vector<std::int32_t> gene_of_row;  // -1 or >= G: outside the universe
  std::vector<std::string> names;         // (L); empty: absent
  std::vector<std::uint8_t> kept;  // (L) 1 for lines whose levels are stored
};

/// Expression of genes in cell lines.
struct LineExpression {
  std::vector<float> expressed;    // (G) share of all lines with a level above
                                   // 1; NaN where unknown; empty: no lines
  std::vector<std::string> names;  // (L) of the lines with levels
  std::vector<std::uint8_t> code;  // (G, L) 1 + 16 times the level; 0: unknown

  /// log2(x + 1) to 1/32, at most 15.875; NaN where unknown.
  [[nodiscard]] float level(std::int32_t gene, std::size_t line) const;
  /// (G) of all genes; empty for line -1, which is none.
  [[nodiscard]] std::vector<float> levels(std::int32_t line) const;

  [[nodiscard]] bool empty() const { return expressed.empty(); }
  template <class Self, class Visit>
  static void tensors(Self& x, const std::string& name, const Visit& visit) {
    visit(name + "/expressed", x.expressed);
    visit(name + "/code", x.code);
  }
  template <class Self, class Visit>
  static void fields(Self& x, const Visit& visit) {
    visit.label("lines", x.names);
    visit("lines", x);
  }
};

[[nodiscard]] LineExpression make_line_expression(const LinesInput& input,
                                                  std::int64_t n_genes);

/// Over other genes, as remap_evidence().
[[nodiscard]] LineExpression remapped(const LineExpression& lines,
                                      const std::vector<std::int32_t>& gene_of);

/// Appends the lines of `known` whose names `fresh` lacks, and its shares where
/// those of `fresh` are unknown.
void complete(const LineExpression& known, LineExpression* fresh);

[[nodiscard]] bool fits(const LineExpression& lines, std::int64_t n);

}  // namespace musl
