#include <algorithm>
#include <string>
#include <utility>

#include "base/numbers.h"
#include "features/store_parts.h"
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
  new_offset->clear();
  new_value->clear();
  if (offset.empty()) return;
  new_offset->push_back(0);
  for (const std::int32_t from : gene_of) {
    if (from >= 0) {
      new_value->insert(new_value->end(), value.begin() + offset[at(from)],
                        value.begin() + offset[at(from) + 1]);
    }
    new_offset->push_back(size_of(*new_value));
  }
}

GeneSets remap(const GeneSets& sets, const GeneMap& gene_of) {
  GeneSets out = sets;
  remap_rows(sets.offset, sets.set, gene_of, &out.offset, &out.set);
  return out;
}

ProteinWords remap(const ProteinWords& words, const GeneMap& gene_of) {
  ProteinWords out;
  remap_rows(words.offset, words.word, gene_of, &out.offset, &out.word);
  return out;
}

CsrGraph remap(const CsrGraph& graph, const GeneMap& gene_of) {
  return remap_graph(graph, gene_of);
}

/// The layout of modules.
Matrix remap(const Matrix& layout, const GeneMap& gene_of) {
  Matrix out = Matrix::Constant(size_of(gene_of), layout.cols(), kFloatNaN);
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
    if (find_named(*fresh, one.name) == nullptr) fresh->push_back(one);
  }
}

bool is_absent(const Matrix& layout) { return layout.cols() == 0; }
template <class Value>
bool is_absent(const Value& value) {
  return value.empty();
}

}  // namespace

GeneStore remap_evidence(const GeneStore& store,
                         const std::vector<std::int32_t>& gene_of) {
  GeneStore out;
  out.n_genes = size_of(gene_of);
  for_parts([&](auto... part) {
    ((out.*part.member = remap(store.*part.member, gene_of)), ...);
  });
  for (const auto& cohort : store.cohorts) {
    out.cohorts.push_back(
        {cohort.name, remap(cohort.mean, gene_of), remap(cohort.sd, gene_of),
         remap(cohort.profile, gene_of), remap(cohort.expressed, gene_of)});
  }
  for (const auto& column : store.genes) {
    out.genes.push_back(
        {column.name, column.role, remap(column.value, gene_of)});
  }
  for (const auto& table : store.tables) {
    out.tables.push_back(remap_table(table, gene_of));
  }
  for (const auto& [name, rows] : store.vectors) {
    out.vectors[name] = remap(rows, gene_of);
  }
  out.lines = remap_lines(store.lines, gene_of);
  out.direction = remap_alterations(store.direction, gene_of);
  return out;
}

GeneStore complete_evidence(GeneStore fresh, const GeneStore& known) {
  for_parts([&](auto first, auto... others) {
    if (!is_absent(fresh.*first.member)) return;
    fresh.*first.member = known.*first.member;
    ((fresh.*others.member = known.*others.member), ...);
  });
  add_missing(known.cohorts, &fresh.cohorts);
  add_missing(known.genes, &fresh.genes);
  add_missing(known.tables, &fresh.tables);
  fresh.vectors.insert(known.vectors.begin(), known.vectors.end());
  complete_lines(known.lines, &fresh.lines);
  add_missing(known.direction, &fresh.direction);
  return fresh;
}

}  // namespace musl
