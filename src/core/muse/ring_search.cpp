#include "muse/ring_search.h"

#include <algorithm>
#include <cstddef>

#include "base/numbers.h"
#include "muse/molecule.h"

namespace musl {

namespace {

/// Depth-first search with an explicit stack, since a molecule may be one long
/// chain. A bond to a new atom is a bridge if nothing below that atom reaches
/// back above it; all others are in a ring. Source: Tarjan (1974), A note on
/// finding the bridges of a graph.
class RingSearch {
 public:
  explicit RingSearch(Molecule* molecule)
      : molecule_(molecule),
        bonds_(*molecule),
        order_(molecule->atoms.size(), 0),
        lowest_(molecule->atoms.size(), 0) {}

  void run() {
    for (Bond& bond : molecule_->bonds) bond.in_ring = true;
    for (std::size_t atom = 0; atom < order_.size(); ++atom) {
      if (order_[atom] > 0) continue;
      ++molecule_->fragments;
      search(atom);
    }
  }

 private:
  static constexpr std::size_t kNoBond = at(-1);

  struct Visit {
    std::size_t atom, from_bond, next;
  };

  void visit(std::size_t atom, std::size_t from_bond) {
    order_[atom] = lowest_[atom] = ++clock_;
    stack_.push_back({atom, from_bond, bonds_.offset[atom]});
  }

  void search(std::size_t root) {
    visit(root, kNoBond);
    while (!stack_.empty()) {
      Visit& top = stack_.back();
      if (top.next == bonds_.offset[top.atom + 1]) {
        leave();
        continue;
      }
      const std::size_t number = bonds_.bond[top.next++];
      if (number == top.from_bond) continue;
      const auto other = other_end(molecule_->bonds[number], top.atom);
      if (order_[other] == 0) {
        visit(other, number);
      } else {
        lowest_[top.atom] = std::min(lowest_[top.atom], order_[other]);
      }
    }
  }

  void leave() {
    const Visit done = stack_.back();
    stack_.pop_back();
    if (stack_.empty()) return;
    const std::size_t above = stack_.back().atom;
    lowest_[above] = std::min(lowest_[above], lowest_[done.atom]);
    if (lowest_[done.atom] > order_[above]) {
      molecule_->bonds[done.from_bond].in_ring = false;
    }
  }

  Molecule* molecule_;
  BondsOfAtoms bonds_;
  std::vector<std::size_t> order_, lowest_;  // 1 is the first visited
  std::vector<Visit> stack_;
  std::size_t clock_ = 0;
};

}  // namespace

void find_rings(Molecule* molecule) {
  molecule->fragments = 0;
  RingSearch(molecule).run();
  for (const Bond& bond : molecule->bonds) {
    if (!bond.in_ring) continue;
    molecule->atoms[at(bond.a)].in_ring = true;
    molecule->atoms[at(bond.b)].in_ring = true;
  }
}

}  // namespace musl
