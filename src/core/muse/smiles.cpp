#include "muse/smiles.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/numbers.h"
#include "muse/molecule.h"
#include "muse/ring_search.h"
#include "muse/smiles_text.h"

namespace musl {
namespace {

constexpr int kHydrogen = 1;
constexpr std::size_t kRingNumbers = 100;  // 0 to 99
constexpr char kNoBond = '\0';             // none is written

/// A bond's direction does not affect the graph, and may also occur in an
/// aromatic ring.
char without_direction(char bond) {
  return bond == '/' || bond == '\\' ? kNoBond : bond;
}

bool is_bond(char c) {
  return c != kNoBond &&
         std::string_view("-=#$:/\\").find(c) != std::string_view::npos;
}

BondOrder order_of(char bond) {
  // As the orders are declared.
  const auto place = std::string_view("-=#$:").find(bond);
  return place == std::string_view::npos ? BondOrder::single
                                         : static_cast<BondOrder>(place);
}

/// Valences of each end that a bond takes; an aromatic one takes one, and the
/// ring another of each atom.
int valences_of(BondOrder order) {
  return order == BondOrder::aromatic ? 1 : static_cast<int>(order) + 1;
}

/// Reads atoms and bonds as they are written.
class SmilesReader {
 public:
  explicit SmilesReader(std::string_view smiles) : text_(smiles) {}

  void read() {
    while (!text_.at_end()) take_next();
    finish();
  }

  Molecule molecule;
  std::vector<bool> in_brackets;  // (atoms)
  std::vector<bool> unwritten;    // (bonds) no symbol is given

 private:
  enum class Last { start, atom, ring, open, close, bond, dot };

  struct Ring {
    std::int32_t atom = 0;
    char bond = kNoBond;
    std::size_t place = 0;
  };
  struct Branch {
    std::int32_t atom = 0;
    std::size_t place = 0;
  };

  void take_next() {
    const char c = text_.peek();
    if (c == '(') {
      open_branch();
    } else if (c == ')') {
      close_branch();
    } else if (is_bond(c)) {
      take_bond();
    } else if (c == '.') {
      take_dot();
    } else if (c == '%' || text_.at_digit()) {
      take_ring();
    } else {
      take_atom();
    }
  }

  [[nodiscard]] bool after_atom() const {
    return last_ == Last::atom || last_ == Last::ring || last_ == Last::close;
  }

  void require_atom_before(const std::string& what) const {
    if (!after_atom()) text_.refuse_next("must be an atom before " + what);
  }

  void open_branch() {
    require_atom_before("a branch");
    branches_.push_back({current_, text_.place()});
    text_.take();
    last_ = Last::open;
  }

  void close_branch() {
    if (branches_.empty()) {
      SmilesText::refuse(text_.place(), "closes a branch that nothing opens");
    }
    require_atom_before("the end of a branch");
    current_ = branches_.back().atom;
    branches_.pop_back();
    text_.take();
    last_ = Last::close;
  }

  void take_bond() {
    if (last_ != Last::open) require_atom_before("a bond");
    bond_ = without_direction(text_.take());
    last_ = Last::bond;
  }

  void take_dot() {
    if (last_ != Last::open) require_atom_before("a dot");
    text_.take();
    last_ = Last::dot;
  }

  void take_atom() {
    const std::size_t place = text_.place();
    const bool brackets = text_.peek() == '[';
    const Atom atom =
        brackets ? take_bracket_atom(&text_) : take_organic_atom(&text_);
    const auto number = static_cast<std::int32_t>(molecule.atoms.size());
    molecule.atoms.push_back(atom);
    in_brackets.push_back(brackets);
    if (last_ != Last::start && last_ != Last::dot) {
      add_bond(current_, number, bond_, place);
    }
    bond_ = kNoBond;
    current_ = number;
    last_ = Last::atom;
  }

  std::size_t take_ring_number() {
    if (!text_.take_if('%')) return at(text_.take() - '0');
    std::size_t number = 0;
    for (int i = 0; i < 2; ++i) {
      if (!text_.at_digit()) {
        text_.refuse_next("must be one of two digits after `%`");
      }
      number = 10 * number + at(text_.take() - '0');
    }
    return number;
  }

  void take_ring() {
    if (last_ != Last::bond) require_atom_before("a ring's number");
    const std::size_t place = text_.place();
    auto& ring = rings_[take_ring_number()];
    const char bond = std::exchange(bond_, kNoBond);
    last_ = Last::ring;
    if (!ring) {
      ring = Ring{current_, bond, place};
      return;
    }
    const Ring start = *std::exchange(ring, std::nullopt);
    if (bond != kNoBond && start.bond != kNoBond && bond != start.bond) {
      SmilesText::refuse(place, "closes a ring with another bond than place " +
                                    std::to_string(start.place) + " opens it");
    }
    add_bond(start.atom, current_, bond == kNoBond ? start.bond : bond, place);
  }

  void add_bond(std::int32_t from, std::int32_t to, char bond,
                std::size_t place) {
    if (from == to) SmilesText::refuse(place, "binds an atom to itself");
    const auto [a, b] = std::minmax(from, to);
    const auto key =
        static_cast<std::uint64_t>(a) << 32 | static_cast<std::uint64_t>(b);
    if (!bound_.insert(key).second) {
      SmilesText::refuse(place, "binds two atoms that are bound already");
    }
    molecule.bonds.push_back({a, b, order_of(bond), false});
    unwritten.push_back(bond == kNoBond);
  }

  void finish() const {
    if (last_ == Last::bond || last_ == Last::dot || last_ == Last::open) {
      text_.refuse_next("must be an atom");
    }
    if (!branches_.empty()) {
      SmilesText::refuse(branches_.back().place,
                         "opens a branch that nothing closes");
    }
    for (const auto& ring : rings_) {
      if (ring) {
        SmilesText::refuse(ring->place, "opens a ring that nothing closes");
      }
    }
  }

  SmilesText text_;
  Last last_ = Last::start;
  std::int32_t current_ = 0;
  char bond_ = kNoBond;
  std::vector<Branch> branches_;
  std::array<std::optional<Ring>, kRingNumbers> rings_;
  std::unordered_set<std::uint64_t> bound_;
};

/// A bond without a symbol is aromatic between aromatic atoms of a ring.
void settle_unwritten(const std::vector<bool>& unwritten, Molecule* molecule) {
  for (std::size_t i = 0; i < unwritten.size(); ++i) {
    Bond& bond = molecule->bonds[i];
    if (unwritten[i] && bond.in_ring && molecule->atoms[at(bond.a)].aromatic &&
        molecule->atoms[at(bond.b)].aromatic) {
      bond.order = BondOrder::aromatic;
    }
  }
}

void add_hydrogens(const std::vector<bool>& in_brackets, Molecule* molecule) {
  std::vector<int> taken(molecule->atoms.size());
  std::vector<bool> in_aromatic(molecule->atoms.size());
  for (const Bond& bond : molecule->bonds) {
    for (const auto atom : {at(bond.a), at(bond.b)}) {
      taken[atom] += valences_of(bond.order);
      if (bond.order == BondOrder::aromatic) in_aromatic[atom] = true;
    }
  }
  for (std::size_t i = 0; i < taken.size(); ++i) {
    Atom& atom = molecule->atoms[i];
    if (in_brackets[i]) continue;
    const bool aromatic = atom.aromatic || in_aromatic[i];
    atom.hydrogens = implicit_hydrogens(
        atom.element, taken[i] + (aromatic ? 1 : 0), aromatic);
  }
}

/// Whether each atom is a hydrogen that its only neighbour can count.
/// `neighbour` receives the other end of an atom's last bond.
std::vector<bool> plain_hydrogens(const Molecule& molecule,
                                  std::vector<std::size_t>* neighbour) {
  std::vector<int> degree(molecule.atoms.size());
  std::vector<bool> single(molecule.atoms.size(), true);
  for (const Bond& bond : molecule.bonds) {
    const auto a = at(bond.a), b = at(bond.b);
    (*neighbour)[a] = b;
    (*neighbour)[b] = a;
    for (const auto atom : {a, b}) {
      ++degree[atom];
      if (bond.order != BondOrder::single) single[atom] = false;
    }
  }
  std::vector<bool> plain(molecule.atoms.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const Atom& atom = molecule.atoms[i];
    plain[i] = atom.element == kHydrogen && atom.charge == 0 &&
               atom.hydrogens == 0 && degree[i] == 1 && single[i] &&
               molecule.atoms[(*neighbour)[i]].element != kHydrogen;
  }
  return plain;
}

/// Removes explicit hydrogen atoms and counts them at their neighbours.
void fold_hydrogens(Molecule* molecule) {
  std::vector<std::size_t> neighbour(molecule->atoms.size());
  const auto plain = plain_hydrogens(*molecule, &neighbour);
  std::vector<std::int32_t> number(molecule->atoms.size(), -1);
  std::vector<Atom> atoms;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (plain[i]) ++molecule->atoms[neighbour[i]].hydrogens;
  }
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (plain[i]) continue;
    number[i] = static_cast<std::int32_t>(atoms.size());
    atoms.push_back(molecule->atoms[i]);
  }
  std::vector<Bond> bonds;
  for (Bond bond : molecule->bonds) {
    bond.a = number[at(bond.a)];
    bond.b = number[at(bond.b)];
    if (bond.a < 0 || bond.b < 0) continue;
    ++atoms[at(bond.a)].degree;
    ++atoms[at(bond.b)].degree;
    bonds.push_back(bond);
  }
  molecule->atoms = std::move(atoms);
  molecule->bonds = std::move(bonds);
}

}  // namespace

Molecule read_smiles(std::string_view smiles) {
  if (smiles.empty()) SmilesText::refuse(1, "must be an atom, not the end");
  if (smiles.size() > kMostSmiles) {
    SmilesText::refuse(kMostSmiles + 1, "is beyond the longest that is read");
  }
  SmilesReader reader(smiles);
  reader.read();
  Molecule& molecule = reader.molecule;
  find_rings(&molecule);
  settle_unwritten(reader.unwritten, &molecule);
  add_hydrogens(reader.in_brackets, &molecule);
  fold_hydrogens(&molecule);
  return std::move(molecule);
}

}  // namespace musl
