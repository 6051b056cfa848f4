#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "muse/atom_classes.h"
#include "muse/molecule.h"
#include "muse/smiles.h"
#include "shuffled_molecule.h"

namespace musl {
namespace {

constexpr int kSteps = 3;

std::vector<Molecule> read_all(const std::vector<std::string>& smiles) {
  std::vector<Molecule> molecules;
  for (const auto& each : smiles) molecules.push_back(read_smiles(each));
  return molecules;
}

std::vector<Molecule> some_molecules() {
  return read_all({"Cn1c(=O)c2c(ncn2C)n(C)c1=O", "C", "CC(=O)Oc1ccccc1C(=O)O",
                   "[Na+].CC([O-])=O", "C#CC1CC1", "c1ccccc1", "CC(C)(C)C",
                   "Cn1c(=O)c2c(ncn2C)n(C)c1=O", "CC(=O)Nc1ccc(O)cc1"});
}

std::vector<const Molecule*> pointers(const std::vector<Molecule>& molecules) {
  std::vector<const Molecule*> result;
  for (const auto& each : molecules) result.push_back(&each);
  return result;
}

std::string text_of(const Atom& atom) {
  std::string text;
  for (const int value :
       {atom.element, atom.degree, atom.hydrogens, atom.charge,
        static_cast<int>(atom.in_ring), static_cast<int>(atom.aromatic)}) {
    text += std::to_string(value) + ",";
  }
  return text;
}

std::string joined(const std::string& own, std::vector<std::string> around) {
  std::sort(around.begin(), around.end());
  std::string text = "(" + own;
  for (const auto& each : around) text += "|" + each;
  return text + ")";
}

std::string kind_text(std::int64_t kind) { return std::to_string(kind) + ":"; }

/// An atom and what lies up to `reach` bonds away, written out as a tree.
std::string neighbourhood(const Molecule& molecule, std::int32_t atom,
                          int reach) {
  if (reach == 0)
    return text_of(molecule.atoms[static_cast<std::size_t>(atom)]);
  std::vector<std::string> around;
  for (const Bond& bond : molecule.bonds) {
    if (bond.a != atom && bond.b != atom) continue;
    const auto other = bond.a == atom ? bond.b : bond.a;
    const int kind = static_cast<int>(bond.order) + (bond.in_ring ? 5 : 0);
    around.push_back(kind_text(kind) +
                     neighbourhood(molecule, other, reach - 1));
  }
  return joined(neighbourhood(molecule, atom, reach - 1), around);
}

/// The same of each class, from its messages; the last has those of step s.
std::vector<std::vector<std::string>> written(const AtomClasses& classes) {
  std::vector<std::vector<std::string>> text(1);
  for (const auto& atom : classes.start) text[0].push_back(text_of(atom));
  for (const auto& step : classes.steps) {
    const auto& last = text.back();
    std::vector<std::string> next;
    for (std::size_t c = 0; c < step.before.size(); ++c) {
      std::vector<std::string> around;
      for (auto m = step.offset[c]; m < step.offset[c + 1]; ++m) {
        const auto message =
            static_cast<std::size_t>(step.message[static_cast<std::size_t>(m)]);
        around.push_back(kind_text(step.bond[message]) +
                         last[static_cast<std::size_t>(step.sender[message])]);
      }
      next.push_back(
          joined(last[static_cast<std::size_t>(step.before[c])], around));
    }
    text.push_back(next);
  }
  return text;
}

TEST(AtomClasses, HoldTheNeighbourhoodOfEachAtom) {
  const auto molecules = some_molecules();
  for (const bool merge : {true, false}) {
    const auto classes = atom_classes(pointers(molecules), kSteps, merge);
    const auto last = written(classes).back();
    ASSERT_EQ(classes.molecule_offset.size(), molecules.size() + 1);
    for (std::size_t m = 0; m < molecules.size(); ++m) {
      std::vector<std::string> expected, found;
      for (std::size_t a = 0; a < molecules[m].atoms.size(); ++a) {
        expected.push_back(
            neighbourhood(molecules[m], static_cast<std::int32_t>(a), kSteps));
      }
      for (auto i = classes.molecule_offset[m];
           i < classes.molecule_offset[m + 1]; ++i) {
        found.push_back(last[static_cast<std::size_t>(
            classes.atom_class[static_cast<std::size_t>(i)])]);
      }
      std::sort(expected.begin(), expected.end());
      std::sort(found.begin(), found.end());
      EXPECT_EQ(found, expected);
    }
  }
}

TEST(AtomClasses, AreOneForEachNeighbourhoodAndMessageThatOccur) {
  const auto molecules = some_molecules();
  const auto classes = atom_classes(pointers(molecules), kSteps, true);
  const auto text = written(classes);
  for (std::size_t s = 0; s < text.size(); ++s) {
    std::set<std::string> expected;
    for (const auto& molecule : molecules) {
      for (std::size_t a = 0; a < molecule.atoms.size(); ++a) {
        expected.insert(neighbourhood(molecule, static_cast<std::int32_t>(a),
                                      static_cast<int>(s)));
      }
    }
    EXPECT_EQ(std::set<std::string>(text[s].begin(), text[s].end()), expected);
    EXPECT_EQ(text[s].size(), expected.size());
  }
  for (const auto& step : classes.steps) {
    std::set<std::pair<std::int64_t, std::int64_t>> messages;
    for (std::size_t i = 0; i < step.sender.size(); ++i) {
      messages.emplace(step.sender[i], step.bond[i]);
    }
    EXPECT_EQ(messages.size(), step.sender.size());
  }
  // The carbons of benzene are all alike; neopentane has two kinds.
  const auto few = read_all({"c1ccccc1", "CC(C)(C)C"});
  const auto counted = written(atom_classes(pointers(few), kSteps, true));
  for (const auto& each : counted) EXPECT_EQ(each.size(), 3U);
}

TEST(AtomClasses, KeepAtomsApartWhereNoneMayBeMerged) {
  const auto molecules = some_molecules();
  std::size_t atoms = 0, ends = 0;
  for (const auto& each : molecules) {
    atoms += each.atoms.size();
    ends += 2 * each.bonds.size();
  }
  const auto classes = atom_classes(pointers(molecules), kSteps, false);
  EXPECT_EQ(classes.start.size(), atoms);
  for (const auto& step : classes.steps) {
    ASSERT_EQ(step.before.size(), atoms);
    EXPECT_EQ(step.sender.size(), ends);
    for (std::size_t a = 0; a < atoms; ++a) {
      EXPECT_EQ(step.before[a], static_cast<std::int64_t>(a));
    }
  }
}

/// What each class receives, in the order of its messages, by what it is.
std::map<std::string, std::vector<std::string>> received(
    const AtomClasses& classes) {
  const auto text = written(classes);
  std::map<std::string, std::vector<std::string>> result;
  for (std::size_t s = 0; s < classes.steps.size(); ++s) {
    const auto& step = classes.steps[s];
    for (std::size_t c = 0; c < step.before.size(); ++c) {
      auto& all = result[text[s + 1][c]];
      all.clear();
      for (auto m = step.offset[c]; m < step.offset[c + 1]; ++m) {
        const auto message =
            static_cast<std::size_t>(step.message[static_cast<std::size_t>(m)]);
        all.push_back(kind_text(step.bond[message]) +
                      text[s][static_cast<std::size_t>(step.sender[message])]);
      }
    }
  }
  return result;
}

/// Classes of a molecule's atoms as they are listed.
std::vector<std::string> listed(const AtomClasses& classes, std::size_t m) {
  const auto last = written(classes).back();
  std::vector<std::string> result;
  for (auto i = classes.molecule_offset[m]; i < classes.molecule_offset[m + 1];
       ++i) {
    result.push_back(last[static_cast<std::size_t>(
        classes.atom_class[static_cast<std::size_t>(i)])]);
  }
  return result;
}

TEST(AtomClasses, AreOrderedByTheirNeighbourhoodAlone) {
  const auto molecules = some_molecules();
  for (const bool merge : {true, false}) {
    const auto together = atom_classes(pointers(molecules), kSteps, merge);
    const auto all = received(together);
    for (std::size_t m = 0; m < molecules.size(); ++m) {
      const auto other = shuffled(molecules[m], 5 + m);
      for (const auto* each : {&molecules[m], &other}) {
        const auto alone = atom_classes({each}, kSteps, merge);
        EXPECT_EQ(listed(alone, 0), listed(together, m));
        for (const auto& [what, messages] : received(alone)) {
          EXPECT_EQ(messages, all.at(what));
        }
      }
    }
  }
}

TEST(AtomClasses, OfNothingAreNone) {
  for (const bool merge : {true, false}) {
    const auto classes = atom_classes({}, 2, merge);
    EXPECT_TRUE(classes.start.empty());
    EXPECT_EQ(classes.steps.size(), 2U);
    EXPECT_EQ(classes.molecule_offset, std::vector<std::int64_t>{0});
    EXPECT_TRUE(classes.atom_class.empty());
  }
}

}  // namespace
}  // namespace musl
