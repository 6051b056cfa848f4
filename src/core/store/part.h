#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "graph/csr_graph.h"
#include "store/alterations.h"
#include "store/gene_store.h"
#include "store/part_archive.h"
#include "store/unit_rows.h"

namespace musl {

/// What a store does with a part. A kind is one file, which registers it; no
/// other code names it.
///
/// The part is a type with `empty()` and `fields(part, visit)`, which calls
/// visit(name, field) for what has values of genes and visit.label(path, text)
/// for names. A field has values of genes in order (floats, rows of a matrix or
/// of UnitRows) or is a type with `tensors(field, name, visit)`, for which
/// remapped() and fits() are overloaded. complete() may be overloaded for the
/// part, fits_together() for conditions on several fields.
struct PartKind {
  std::string name;  // of its input
  /// Whether archives hold it also if it is empty, as those of format 1 do with
  /// the parts of their time.
  bool if_empty = false;
  void (*take)(const Field& input, EvidenceInput* to) = nullptr;
  /// Null if a feature group makes it.
  void (*make)(const EvidenceInput& input, std::uint64_t seed, int threads,
               GeneStore* store) = nullptr;
  void (*remap)(const GeneStore& from, const std::vector<std::int32_t>& gene_of,
                GeneStore* to) = nullptr;
  void (*complete)(const GeneStore& known, GeneStore* fresh) = nullptr;
  bool (*empty)(const GeneStore& store) = nullptr;
  void (*write)(const GeneStore& store,
                const class PartWriter& writer) = nullptr;
  /// FormatError if it does not fit the number of genes.
  void (*read)(const class PartReader& reader, GeneStore* store) = nullptr;
};

/// Adds a kind; returns true (for a static initialiser).
bool register_part(PartKind kind);
/// All kinds by name.
[[nodiscard]] const std::vector<PartKind>& part_kinds();

/// Rows in the format of archives, whose numbers of genes must agree.
[[nodiscard]] bool are_row_offsets(const std::vector<std::int64_t>& offset,
                                   std::int64_t n, std::int64_t n_entries);
/// Whether all are numbers from 0 to n - 1.
[[nodiscard]] bool are_below(const std::vector<std::int32_t>& x,
                             std::int64_t n);

// ---- What fields are ----

/// Over other genes; see remap_evidence().
[[nodiscard]] std::vector<float> remapped(
    const std::vector<float>& values, const std::vector<std::int32_t>& gene_of);
[[nodiscard]] UnitRows remapped(const UnitRows& rows,
                                const std::vector<std::int32_t>& gene_of);
[[nodiscard]] CsrGraph remapped(const CsrGraph& graph,
                                const std::vector<std::int32_t>& gene_of);
[[nodiscard]] Matrix remapped(const Matrix& rows,
                              const std::vector<std::int32_t>& gene_of);

/// Whether a field that was read fits n genes.
[[nodiscard]] bool fits(const std::vector<float>& values, std::int64_t n);
[[nodiscard]] bool fits(UnitRows& rows, std::int64_t n);  // sets the width
[[nodiscard]] bool fits(const CsrGraph& graph, std::int64_t n);
[[nodiscard]] bool fits(const Matrix& rows, std::int64_t n);

/// Rows of entries at new places.
template <class Value>
void remap_rows(const std::vector<std::int64_t>& offset,
                const std::vector<Value>& value,
                const std::vector<std::int32_t>& gene_of,
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

/// A visitor that does something with each field.
template <class Do>
struct EachField {
  Do act;

  template <class Field>
  void operator()(const std::string& name, Field& x) const {
    act(name, x);
  }
  template <class Label>
  void label(const std::string& /*path*/, Label& /*x*/) const {}
  template <class List>
  void list(const std::string& /*path*/, List& /*x*/,
            bool /*if_empty*/ = true) const {}
  template <class Map>
  void keys(const std::string& /*path*/, Map& /*x*/) const {}
};
template <class Do, class Part>
void for_fields(Part* part, const Do& act) {
  Part::fields(*part, EachField<Do>{act});
}

// ---- What most parts do ----

/// FormatError unless a condition on the evidence of a model holds.
void require_evidence(bool holds, const std::string& what);
void require_fit(bool holds, const std::string& name);

template <class Part>
[[nodiscard]] bool fits_together(const Part& /*part*/) {
  return true;
}

template <class Named>
std::true_type is_list(const NamedList<Named>* list);
std::false_type is_list(const void* other);

/// Takes a part that is absent, or the entries of a list whose names are new.
template <class Part>
void complete(const Part& known, Part* fresh) {
  if constexpr (decltype(is_list(fresh))::value) {
    for (const auto& one : known) {
      if (find_named(*fresh, one.name) == nullptr) fresh->push_back(one);
    }
  } else if (fresh->empty()) {
    *fresh = known;
  }
}
inline void complete(const KindVectors& known, KindVectors* fresh) {
  fresh->insert(known.begin(), known.end());
}

/// The kind of a part; `make` and `take` are to be added.
template <class Part>
[[nodiscard]] PartKind part_kind(const std::string& name) {
  PartKind out;
  out.name = name;
  out.remap = [](const GeneStore& from,
                 const std::vector<std::int32_t>& gene_of, GeneStore* to) {
    Part moved = from.part<Part>();
    for_fields(&moved, [&](const std::string& /*name*/, auto& field) {
      field = remapped(field, gene_of);
    });
    to->part<Part>() = std::move(moved);
  };
  out.complete = [](const GeneStore& known, GeneStore* fresh) {
    complete(known.part<Part>(), &fresh->part<Part>());
  };
  out.empty = [](const GeneStore& store) { return store.part<Part>().empty(); };
  out.write = [](const GeneStore& store, const PartWriter& writer) {
    Part::fields(store.part<Part>(), writer);
  };
  out.read = [](const PartReader& reader, GeneStore* store) {
    Part& part = store->part<Part>();
    Part::fields(part, reader);
    for_fields(&part, [n = store->n_genes](const std::string& field, auto& x) {
      require_fit(fits(x, n), field);
    });
    require_fit(fits_together(part), "it");
  };
  return out;
}

/// With what makes it of the inputs.
template <class Part, Part (*kMake)(const EvidenceInput& input,
                                    std::uint64_t seed, int threads)>
[[nodiscard]] PartKind part_kind(const std::string& name,
                                 void (*take)(const Field& input,
                                              EvidenceInput* to) = nullptr,
                                 bool if_empty = false) {
  PartKind out = part_kind<Part>(name);
  out.take = take;
  out.if_empty = if_empty;
  out.make = [](const EvidenceInput& input, std::uint64_t seed, int threads,
                GeneStore* store) {
    store->part<Part>() = kMake(input, seed, threads);
  };
  return out;
}

}  // namespace musl
