#include "muse/atom_classes.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/numbers.h"
#include "muse/molecule.h"

namespace musl {
namespace {

using Number = std::int64_t;

Number bond_kind(const Bond& bond) {
  return static_cast<Number>(bond.order) + (bond.in_ring ? kBondOrders : 0);
}

bool alike(const Atom& a, const Atom& b) {
  return a.element == b.element && a.degree == b.degree &&
         a.hydrogens == b.hydrogens && a.charge == b.charge &&
         a.in_ring == b.in_ring && a.aromatic == b.aromatic;
}

/// Numbers of classes by their hashes; equal hashes are told apart.
class ClassTable {
 public:
  /// most   classes that it may have to hold
  /// merge  false: it finds nothing
  ClassTable(std::size_t most, bool merge) {
    std::size_t size = 1;
    while (size < 2 * most) size *= 2;
    if (merge) place_.assign(size, -1);
  }

  /// The class of that hash for which same(class) holds; from now on `next` if
  /// there is none.
  template <typename Same>
  Number number(std::uint64_t hash, const Same& same, Number next) {
    if (place_.empty()) return next;
    const std::size_t last = place_.size() - 1;
    std::size_t slot = (hash ^ (hash >> 32)) & last;
    for (; place_[slot] >= 0; slot = (slot + 1) & last) {
      if (same(place_[slot])) return place_[slot];
    }
    return place_[slot] = next;
  }

 private:
  std::vector<Number> place_;  // -1: empty
};

class Refinement {
 public:
  Refinement(const std::vector<const Molecule*>& molecules, bool merge)
      : merge_(merge) {
    for (const auto* molecule : molecules) add(*molecule);
    start();
  }

  AtomStep step() {
    AtomStep result;
    send(&result);
    receive(&result);
    return result;
  }

  /// What is left to tell: where each molecule's atoms are.
  void finish(AtomClasses* result) {
    result->start = std::move(start_);
    for (std::size_t m = 1; m < first_atom_.size(); ++m) {
      in_order(hash_, class_.begin() + first_atom_[m - 1],
               class_.begin() + first_atom_[m]);
      result->molecule_offset.push_back(first_atom_[m]);
    }
    result->atom_class = std::move(class_);
  }

 private:
  using Place = std::vector<Number>::iterator;

  /// Sorts numbers by what they stand for.
  static void in_order(const std::vector<std::uint64_t>& hash, Place from,
                       Place to) {
    std::sort(from, to, [&](Number a, Number b) {
      const auto x = hash[at(a)], y = hash[at(b)];
      return x != y ? x < y : a < b;
    });
  }

  void add(const Molecule& molecule) {
    const BondsOfAtoms bonds(molecule);
    const std::size_t first = atoms_.size();
    for (std::size_t a = 0; a < molecule.atoms.size(); ++a) {
      atoms_.push_back(&molecule.atoms[a]);
      for (auto i = bonds.offset[a]; i < bonds.offset[a + 1]; ++i) {
        const Bond& bond = molecule.bonds[bonds.bond[i]];
        neighbour_.push_back(first + other_end(bond, a));
        kind_.push_back(bond_kind(bond));
      }
      offset_.push_back(size_of(neighbour_));
    }
    first_atom_.push_back(size_of(atoms_));
  }

  void start() {
    ClassTable table(atoms_.size(), merge_);
    for (const auto* atom : atoms_) {
      const auto same = [&](Number c) { return alike(start_[at(c)], *atom); };
      const auto hash = atom_hash(*atom);
      class_.push_back(table.number(hash, same, size_of(start_)));
      if (class_.back() < size_of(start_)) continue;
      start_.push_back(*atom);
      hash_.push_back(hash);
    }
  }

  /// Numbers the messages and lists those of each atom.
  void send(AtomStep* result) {
    std::vector<Number> known(
        merge_ ? hash_.size() * at(kBondKinds) : std::size_t{0}, -1);
    received_.clear();
    message_hash_.clear();
    for (std::size_t i = 0; i < neighbour_.size(); ++i) {
      const Number sender = class_[neighbour_[i]];
      Number number = size_of(result->sender);
      if (merge_) {
        auto& place = known[at(sender * kBondKinds + kind_[i])];
        if (place < 0) place = number;
        number = place;
      }
      received_.push_back(number);
      if (number < size_of(result->sender)) continue;
      result->sender.push_back(sender);
      result->bond.push_back(kind_[i]);
      message_hash_.push_back(
          mixed(static_cast<std::uint64_t>(kind_[i] + 1), hash_[at(sender)]));
    }
  }

  /// Puts atoms that were of one class and receive the same into one class.
  void receive(AtomStep* result) {
    ClassTable table(atoms_.size(), merge_);
    std::vector<std::uint64_t> wider;
    for (std::size_t a = 0; a < atoms_.size(); ++a) {
      const auto from = received_.begin() + offset_[a];
      const auto to = received_.begin() + offset_[a + 1];
      in_order(message_hash_, from, to);
      auto hash = mixed(1, hash_[at(class_[a])]);
      for (auto each = from; each != to; ++each) {
        hash = mixed(hash, message_hash_[at(*each)]);
      }
      const auto same = [&](Number c) {
        const auto all = result->message.begin();
        return result->before[at(c)] == class_[a] &&
               std::equal(all + result->offset[at(c)],
                          all + result->offset[at(c) + 1], from, to);
      };
      const Number found = table.number(hash, same, size_of(wider));
      if (found == size_of(wider)) {
        result->before.push_back(class_[a]);
        result->message.insert(result->message.end(), from, to);
        result->offset.push_back(size_of(result->message));
        wider.push_back(hash);
      }
      class_[a] = found;
    }
    hash_ = std::move(wider);
  }

  bool merge_;
  std::vector<const Atom*> atoms_;
  std::vector<Number> first_atom_{0};   // of each molecule
  std::vector<Number> offset_{0};       // of each atom
  std::vector<std::size_t> neighbour_;  // the atom at each bond's other end
  std::vector<Number> kind_;            // of each bond's end
  std::vector<Atom> start_;
  std::vector<Number> class_;        // of each atom, now
  std::vector<std::uint64_t> hash_;  // of each class, now
  std::vector<Number> received_;     // messages of each atom, as neighbour_
  std::vector<std::uint64_t> message_hash_;
};

}  // namespace

AtomClasses atom_classes(const std::vector<const Molecule*>& molecules,
                         int n_steps, bool merge) {
  Refinement refinement(molecules, merge);
  AtomClasses result;
  for (int i = 0; i < n_steps; ++i) result.steps.push_back(refinement.step());
  refinement.finish(&result);
  return result;
}

}  // namespace musl
