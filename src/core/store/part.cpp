#include "store/part.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace musl {

namespace {

// A function's static, because kinds register before main().
std::vector<PartKind>& kinds() {
  static std::vector<PartKind> all;
  return all;
}

}  // namespace

bool register_part(PartKind kind) {
  const auto place = std::upper_bound(
      kinds().begin(), kinds().end(), kind,
      [](const auto& x, const auto& y) { return x.name < y.name; });
  kinds().insert(place, std::move(kind));
  return true;
}

const std::vector<PartKind>& part_kinds() { return kinds(); }

bool are_row_offsets(const std::vector<std::int64_t>& offset, std::int64_t n,
                     std::int64_t n_entries) {
  return size_of(offset) == n + 1 && offset.front() == 0 &&
         offset.back() == n_entries &&
         std::is_sorted(offset.begin(), offset.end());
}

bool are_below(const std::vector<std::int32_t>& x, std::int64_t n) {
  return std::all_of(x.begin(), x.end(),
                     [n](std::int32_t i) { return i >= 0 && i < n; });
}

std::vector<float> remapped(const std::vector<float>& values,
                            const std::vector<std::int32_t>& gene_of) {
  if (values.empty()) return {};
  std::vector<float> out(gene_of.size(), kFloatNaN);
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] >= 0) out[g] = values[at(gene_of[g])];
  }
  return out;
}

UnitRows remapped(const UnitRows& rows,
                  const std::vector<std::int32_t>& gene_of) {
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

CsrGraph remapped(const CsrGraph& graph,
                  const std::vector<std::int32_t>& gene_of) {
  return remap_graph(graph, gene_of);
}

Matrix remapped(const Matrix& rows, const std::vector<std::int32_t>& gene_of) {
  Matrix out = Matrix::Constant(size_of(gene_of), rows.cols(), kFloatNaN);
  if (rows.cols() == 0) return out;
  for (std::size_t g = 0; g < gene_of.size(); ++g) {
    if (gene_of[g] < 0) continue;
    out.row(static_cast<Eigen::Index>(g)) = rows.row(gene_of[g]);
  }
  return out;
}

bool fits(const std::vector<float>& values, std::int64_t n) {
  return values.empty() || size_of(values) == n;
}

bool fits(UnitRows& rows, std::int64_t n) {
  if (rows.scale.empty()) return true;
  if (size_of(rows.scale) != n || size_of(rows.code) % n != 0) return false;
  rows.width = size_of(rows.code) / n;
  return true;
}

bool fits(const CsrGraph& graph, std::int64_t n) {
  return graph.empty() || graph.n_nodes() == n;
}

bool fits(const Matrix& rows, std::int64_t n) {
  return rows.cols() == 0 || rows.rows() == n;
}

void require_evidence(bool holds, const std::string& what) {
  if (!holds) throw FormatError("The evidence of a model is damaged: " + what);
}

void require_fit(bool holds, const std::string& name) {
  require_evidence(holds, "\"" + name + "\" does not fit the rest.");
}

}  // namespace musl
