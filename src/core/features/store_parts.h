#pragma once

#include "musl/evidence.h"

namespace musl {

/// A member of a store with its name in archives.
template <class Value>
struct StorePart {
  const char* name;
  Value EvidenceStore::*member;
};

template <class Value>
StorePart<Value> part(const char* name, Value EvidenceStore::*member) {
  return {name, member};
}

/// Calls visit(first, others...) for what each kind has one of; the others
/// belong to the first. Archives and other universes read the same list, so
/// that they cannot drift apart.
template <class Visit>
void for_parts(const Visit& visit) {
  using Store = EvidenceStore;
  visit(part("network", &Store::network),
        part("network_rows", &Store::network_rows));
  visit(part("terms", &Store::terms), part("term_rows", &Store::term_rows));
  visit(part("families", &Store::families),
        part("family_rows", &Store::family_rows),
        part("family_twins", &Store::family_twins));
  visit(part("modules", &Store::modules));
  visit(part("wide_rows", &Store::wide_rows));
  visit(part("pathway_rows", &Store::pathway_rows));
  visit(part("layout", &Store::layout));
  visit(part("words", &Store::words));
  visit(part("paralogs", &Store::paralogs));
}

}  // namespace musl
