#include "store/line_expression.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/numbers.h"
#include "store/part.h"

namespace musl {

namespace {

constexpr double kSteps = 16;  // a unit of the level
constexpr double kLastCode = 255;

std::uint8_t code_of(double level) {
  return static_cast<std::uint8_t>(
      std::min(kLastCode, 1 + std::round(kSteps * level)));
}

/// Adds columns of codes; both are over the same genes.
void add_columns(const LineExpression& from,
                 const std::vector<std::size_t>& chosen, std::int64_t n_genes,
                 LineExpression* to) {
  const std::size_t before = to->names.size(), width = before + chosen.size();
  std::vector<std::uint8_t> code;
  code.reserve(at(n_genes) * width);
  for (std::int64_t g = 0; g < n_genes; ++g) {
    const auto row = at(g);
    const std::uint8_t* old = to->code.data() + row * before;
    code.insert(code.end(), old, old + before);
    for (const std::size_t line : chosen) {
      code.push_back(from.code[row * from.names.size() + line]);
    }
  }
  for (const std::size_t line : chosen) to->names.push_back(from.names[line]);
  to->code = std::move(code);
}

LineExpression make_lines(const EvidenceInput& input, std::uint64_t /*seed*/,
                          int /*threads*/) {
  return make_line_expression(input.part<LinesInput>(), input.n_genes);
}

void take_lines(const Field& from, EvidenceInput* to) {
  auto& out = to->part<LinesInput>();
  out.value = from["value"].numbers;
  out.gene_of_row = from["gene_of_row"].integers();
  out.names = from["names"].texts;
  out.kept = from["kept"].bytes;
}

const bool kLinesAreAPart =
    register_part(part_kind<LineExpression, make_lines>("lines", take_lines,
                                                        /*if_empty=*/true));

}  // namespace

float LineExpression::level(std::int32_t gene, std::size_t line) const {
  const auto found = code[at(gene) * names.size() + line];
  if (found == 0) return kFloatNaN;
  return static_cast<float>((found - 1) / kSteps);
}

std::vector<float> LineExpression::levels(std::int32_t line) const {
  std::vector<float> out;
  if (line < 0) return out;
  const auto n = size_of(code) / size_of(names);
  for (std::int32_t gene = 0; gene < n; ++gene) {
    out.push_back(level(gene, at(line)));
  }
  return out;
}

LineExpression make_line_expression(const LinesInput& input,
                                    std::int64_t n_genes) {
  LineExpression out;
  if (input.names.empty()) return out;
  std::vector<std::size_t> place(input.names.size());
  for (std::size_t i = 0; i < place.size(); ++i) {
    place[i] = out.names.size();
    if (input.kept[i] != 0) out.names.push_back(input.names[i]);
  }
  const std::size_t width = out.names.size();
  out.code.assign(at(n_genes) * width, 0);
  std::vector<std::int64_t> known(at(n_genes), 0), above = known;
  const double* value = input.value;
  for (std::size_t line = 0; line < place.size(); ++line) {
    for (const std::int32_t gene : input.gene_of_row) {
      const double level = *value++;
      if (gene < 0 || gene >= n_genes || std::isnan(level)) continue;
      ++known[at(gene)];
      if (level > kExpressedLevel) ++above[at(gene)];
      if (input.kept[line] == 0) continue;
      out.code[at(gene) * width + place[line]] = code_of(level);
    }
  }
  for (std::size_t g = 0; g < known.size(); ++g) {
    const auto n = static_cast<float>(known[g]);
    out.expressed.push_back(n > 0 ? static_cast<float>(above[g]) / n
                                  : kFloatNaN);
  }
  return out;
}

LineExpression remapped(const LineExpression& lines,
                        const std::vector<std::int32_t>& gene_of) {
  LineExpression out;
  out.names = lines.names;
  if (lines.expressed.empty()) return out;
  const std::size_t width = lines.names.size();
  out.code.assign(gene_of.size() * width, 0);
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    const std::int32_t from = gene_of[g];
    out.expressed.push_back(from < 0 ? kFloatNaN : lines.expressed[at(from)]);
    if (from < 0) continue;
    std::copy_n(lines.code.data() + at(from) * width, width,
                out.code.data() + g * width);
  }
  return out;
}

void complete(const LineExpression& known, LineExpression* fresh) {
  if (known.expressed.empty()) return;
  const auto n_genes = size_of(known.expressed);
  if (fresh->expressed.empty()) fresh->expressed.assign(at(n_genes), kFloatNaN);
  fill_unknown(known.expressed, &fresh->expressed);
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < known.names.size(); ++i) {
    const auto& there = fresh->names;
    if (std::find(there.begin(), there.end(), known.names[i]) == there.end()) {
      missing.push_back(i);
    }
  }
  add_columns(known, missing, n_genes, fresh);
}

bool fits(const LineExpression& lines, std::int64_t n) {
  return fits(lines.expressed, n) &&
         size_of(lines.code) == n * size_of(lines.names) &&
         (lines.names.empty() || !lines.expressed.empty());
}

}  // namespace musl
