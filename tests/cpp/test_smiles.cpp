#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "muse/molecule.h"
#include "muse/smiles.h"

namespace musl {
namespace {

/// What textbooks say of a substance: its formula's hydrogens and heavier
/// atoms, its independent rings, its charge.
struct Known {
  std::string name, smiles;
  int heavy, hydrogens, rings, fragments, charge;
};

const std::vector<Known>& substances() {
  static const std::vector<Known> all = {
      {"methane CH4", "C", 1, 4, 0, 1, 0},
      {"water H2O", "O", 1, 2, 0, 1, 0},
      {"benzene C6H6", "c1ccccc1", 6, 6, 1, 1, 0},
      {"benzene, written out", "C1=CC=CC=C1", 6, 6, 1, 1, 0},
      {"benzene, aromatic bonds", "C1:C:C:C:C:C:1", 6, 6, 1, 1, 0},
      {"tetrahexacontane C64H130", std::string(64, 'C'), 64, 130, 0, 1, 0},
      {"pyridine C5H5N", "c1ccncc1", 6, 5, 1, 1, 0},
      {"pyrrole C4H5N", "c1cc[nH]c1", 5, 5, 1, 1, 0},
      {"1-methylpyrrole C5H7N", "Cn1cccc1", 6, 7, 1, 1, 0},
      {"furan C4H4O", "o1cccc1", 5, 4, 1, 1, 0},
      {"thiophene C4H4S", "s1cccc1", 5, 4, 1, 1, 0},
      {"selenophene C4H4Se", "c1cc[se]c1", 5, 4, 1, 1, 0},
      {"arsabenzene C5H5As", "c1cc[as]cc1", 6, 5, 1, 1, 0},
      {"4-pyridone C5H5NO", "O=c1cc[nH]cc1", 7, 5, 1, 1, 0},
      {"naphthalene C10H8", "c1ccc2ccccc2c1", 10, 8, 2, 1, 0},
      {"biphenyl C12H10", "c1ccccc1c2ccccc2", 12, 10, 2, 1, 0},
      {"cubane C8H8", "C12C3C4C1C5C2C3C45", 8, 8, 5, 1, 0},
      {"caffeine C8H10N4O2", "Cn1c(=O)c2c(ncn2C)n(C)c1=O", 14, 10, 2, 1, 0},
      {"aspirin C9H8O4", "CC(=O)Oc1ccccc1C(=O)O", 13, 8, 1, 1, 0},
      {"imatinib C29H31N7O",
       "Cc1ccc(cc1Nc2nccc(n2)c3cccnc3)NC(=O)c4ccc(cc4)CN5CCN(CC5)C", 37, 31, 5,
       1, 0},
      {"glucose C6H12O6", "OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O", 12, 12, 1,
       1, 0},
      {"acetonitrile C2H3N", "CC#N", 3, 3, 0, 1, 0},
      {"dimethyl sulfoxide C2H6OS", "CS(=O)C", 4, 6, 0, 1, 0},
      {"sulfuric acid H2SO4", "OS(=O)(=O)O", 5, 2, 0, 1, 0},
      {"phosphoric acid H3PO4", "OP(=O)(O)O", 5, 3, 0, 1, 0},
      {"nitrobenzene C6H5NO2", "c1ccccc1N(=O)=O", 9, 5, 1, 1, 0},
      {"nitrobenzene, charged", "c1ccccc1[N+](=O)[O-]", 9, 5, 1, 1, 0},
      {"chloroform CHCl3", "ClC(Cl)Cl", 4, 1, 0, 1, 0},
      {"bromoiodomethane CH2BrI", "BrCI", 3, 2, 0, 1, 0},
      {"boric acid H3BO3", "OB(O)O", 4, 3, 0, 1, 0},
      {"glycine's zwitterion C2H5NO2", "[NH3+]CC(=O)[O-]", 5, 5, 0, 1, 0},
      {"ammonium NH4+", "[NH4+]", 1, 4, 0, 1, 1},
      {"calcium chloride", "[Ca++].[Cl-].[Cl-]", 3, 0, 0, 3, 0},
      {"iron(III)", "[Fe+3]", 1, 0, 0, 1, 3},
      {"sodium acetate C2H3NaO2", "[Na+].CC([O-])=O", 5, 3, 0, 2, 0},
      {"2-butene, trans C4H8", "C/C=C/C", 4, 8, 0, 1, 0},
      {"alanine C3H7NO2", "N[C@@H](C)C(=O)O", 6, 7, 0, 1, 0},
      {"heavy water", "[2H]O[2H]", 1, 2, 0, 1, 0},
      {"water, hydrogens as atoms", "[H]O[H]", 1, 2, 0, 1, 0},
      {"ethane with all its hydrogens", "[H]C([H])([H])C([H])([H])[H]", 2, 6, 0,
       1, 0},
      {"cyclohexane, two digits", "C%10CCCCC%10", 6, 12, 1, 1, 0},
      {"cyclohexene, bond at a ring's number", "C=1CCCCC1", 6, 10, 1, 1, 0},
      {"ring number used twice C8H14", "C1CC1CCC1CC1", 8, 14, 2, 1, 0},
      {"ethane over a dot", "C1.C1", 2, 6, 0, 1, 0},
      {"uranium hexafluoride", "F[U](F)(F)(F)(F)F", 7, 0, 0, 1, 0}};
  return all;
}

int rings(const Molecule& molecule) {  // Euler's formula
  return static_cast<int>(molecule.bonds.size()) -
         static_cast<int>(molecule.atoms.size()) + molecule.fragments;
}

template <typename Value>
int sum_over_atoms(const Molecule& molecule, Value value) {
  return std::accumulate(
      molecule.atoms.begin(), molecule.atoms.end(), 0,
      [&](int sum, const Atom& atom) { return sum + atom.*value; });
}

TEST(Smiles, ReadsSubstancesToTheirFormulas) {
  for (const auto& known : substances()) {
    const auto molecule = read_smiles(known.smiles);
    EXPECT_EQ(static_cast<int>(molecule.atoms.size()), known.heavy)
        << known.name;
    EXPECT_EQ(sum_over_atoms(molecule, &Atom::hydrogens), known.hydrogens)
        << known.name;
    EXPECT_EQ(rings(molecule), known.rings) << known.name;
    EXPECT_EQ(molecule.fragments, known.fragments) << known.name;
    EXPECT_EQ(sum_over_atoms(molecule, &Atom::charge), known.charge)
        << known.name;
    EXPECT_EQ(sum_over_atoms(molecule, &Atom::degree),
              2 * static_cast<int>(molecule.bonds.size()))
        << known.name;
  }
}

TEST(Smiles, TellsElementsDegreesAndOrders) {
  const auto molecule = read_smiles("ClC#N");
  ASSERT_EQ(molecule.atoms.size(), 3U);
  EXPECT_EQ(molecule.atoms[0].element, 17);
  EXPECT_EQ(molecule.atoms[1].element, 6);
  EXPECT_EQ(molecule.atoms[2].element, 7);
  EXPECT_EQ(molecule.atoms[1].degree, 2);
  EXPECT_EQ(molecule.bonds[0].order, BondOrder::single);
  EXPECT_EQ(molecule.bonds[1].order, BondOrder::triple);
  const std::vector<std::pair<const char*, int>> hydrogens = {
      {"B", 3}, {"C", 4}, {"N", 3},  {"O", 2},  {"P", 3},
      {"S", 2}, {"F", 1}, {"Cl", 1}, {"Br", 1}, {"I", 1}};
  for (const auto& [alone, n] : hydrogens) {
    EXPECT_EQ(read_smiles(alone).atoms[0].hydrogens, n) << alone;
  }
  EXPECT_EQ(read_smiles("[Og]").atoms[0].element, 118);
  EXPECT_EQ(read_smiles("[Se]").atoms[0].element, 34);
  EXPECT_EQ(read_smiles("[Sc]").atoms[0].element, 21);
  EXPECT_EQ(read_smiles("*").atoms[0].element, 0);
  EXPECT_EQ(read_smiles("C$C").bonds[0].order, BondOrder::quadruple);
}

// Its bond would be lost with the atom.
TEST(Smiles, AHydrogenWithAnotherBondThanASingleOneStaysAnAtom) {
  const auto molecule = read_smiles("C(=[H])[H]");
  ASSERT_EQ(molecule.atoms.size(), 2U);
  EXPECT_EQ(molecule.atoms[1].element, 1);
  ASSERT_EQ(molecule.bonds.size(), 1U);
  EXPECT_EQ(molecule.bonds[0].order, BondOrder::twofold);
  EXPECT_EQ(molecule.atoms[0].hydrogens, 2);  // 4 less the twofold bond
}

TEST(Smiles, ABondThatIsNotWrittenIsAromaticInRingsAlone) {
  const auto biphenyl = read_smiles("c1ccccc1c2ccccc2");
  int aromatic = 0;
  for (const Bond& bond : biphenyl.bonds) {
    EXPECT_EQ(bond.in_ring, bond.order == BondOrder::aromatic);
    aromatic += bond.order == BondOrder::aromatic ? 1 : 0;
  }
  EXPECT_EQ(aromatic, 12);
  EXPECT_EQ(biphenyl.bonds.size(), 13U);
  EXPECT_EQ(read_smiles("C1=CC=CC=C1").bonds[0].order, BondOrder::twofold);
  // A direction in a ring is none of an order.
  EXPECT_EQ(read_smiles("c1/cccc\\c1").bonds[0].order, BondOrder::aromatic);
}

TEST(Smiles, FindsWhichAtomsLieInRings) {
  // Two rings, a chain between them that lies in none.
  const auto molecule = read_smiles("CC1CC1CCC1CCC1");
  std::string found;
  for (const Atom& atom : molecule.atoms) found += atom.in_ring ? 'r' : '-';
  EXPECT_EQ(found, "-rrr--rrrr");
}

TEST(Smiles, LeavesOutIsotopesChiralityClassesAndDirections) {
  const auto plain = read_smiles("NC(C)(F)C=CCl");
  const auto marked = read_smiles("N[13C@TH1:7](C)(F)/C=C\\Cl");
  ASSERT_EQ(plain.atoms.size(), marked.atoms.size());
  for (std::size_t i = 0; i < plain.atoms.size(); ++i) {
    EXPECT_EQ(plain.atoms[i].element, marked.atoms[i].element);
    EXPECT_EQ(plain.atoms[i].hydrogens, marked.atoms[i].hydrogens);
  }
  for (std::size_t i = 0; i < plain.bonds.size(); ++i) {
    EXPECT_EQ(plain.bonds[i].order, marked.bonds[i].order);
  }
}

TEST(Smiles, ReadsThousandsOfBranchesWithoutDepth) {
  std::string nested;
  for (int i = 0; i < 3333; ++i) nested += "C(";
  nested += "C" + std::string(3333, ')');
  EXPECT_EQ(nested.size(), kMostSmiles);
  EXPECT_EQ(read_smiles(nested).atoms.size(), 3334U);
  EXPECT_EQ(rings(read_smiles("C1" + std::string(9996, 'C') + "C1")), 1);
}

TEST(Smiles, ReadsChargesOfUpTo15) {
  EXPECT_EQ(read_smiles("[C+15]").atoms[0].charge, 15);
  EXPECT_EQ(read_smiles("[C" + std::string(15, '-') + "]").atoms[0].charge,
            -15);
}

std::string refusal(const std::string& smiles) {
  try {
    (void)read_smiles(smiles);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none: it was read";
}

TEST(Smiles, RefusesWithThePlaceAndTheReason) {
  const std::vector<std::vector<std::string>> cases = {
      {"", "place 1 must be an atom, not the end"},
      {"CX", "place 2 must stand in brackets"},
      {"C?", "place 2 must be an atom, not `?`"},
      {"C C", "place 2 must be an atom, not a blank or foreign byte"},
      {"C1CC", "place 2 opens a ring that nothing closes"},
      {"C%1", "place 4 must be one of two digits after `%`, not the end"},
      {"C(C", "place 2 opens a branch that nothing closes"},
      {"CC)C", "place 3 closes a branch that nothing opens"},
      {"C()C", "place 3 must be an atom before the end of a branch"},
      {"(C)C", "place 1 must be an atom before a branch"},
      {"C=", "place 3 must be an atom, not the end"},
      {"C==C", "place 3 must be an atom before a bond, not `=`"},
      {"=C", "place 1 must be an atom before a bond"},
      {".C", "place 1 must be an atom before a dot"},
      {"C..C", "place 3 must be an atom before a dot"},
      {"C.", "place 3 must be an atom, not the end"},
      {"1CC1", "place 1 must be an atom before a ring's number"},
      {"C11", "place 3 binds an atom to itself"},
      {"C12CC12", "place 7 binds two atoms that are bound already"},
      {"C1C1", "place 4 binds two atoms that are bound already"},
      {"C=1CCC#1", "place 8 closes a ring with another bond than place 3"},
      {"[C", "place 3 must be `]`, not the end"},
      {"[", "place 2 must be an element, not the end"},
      {"[Xx]", "place 2 is no element"},
      {"[C+99]", "place 3 is a charge beyond 15"},
      {"[C+16]", "place 3 is a charge beyond 15"},
      {"[C" + std::string(16, '-') + "]", "place 3 is a charge beyond 15"},
      {"[C@TH]", "place 6 must be a digit, not `]`"},
      {"[CH3:]", "place 6 must be an atom's class"},
      {std::string("C\0C", 3), "place 2 must be an atom, not a blank"}};
  for (const auto& each : cases) {
    EXPECT_NE(refusal(each[0]).find(each[1]), std::string::npos)
        << each[0] << ": " << refusal(each[0]);
  }
  EXPECT_NE(refusal(std::string(10001, 'C')).find("place 10001"),
            std::string::npos);
}

TEST(Smiles, AnyCharactersAreAMoleculeOrAnErrorOfOurs) {
  const std::string alphabet = "CNOcnos()[]=#-+@H123%./\\*:BrCl";
  Rng rng(5);
  int read = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::uint64_t n = 1 + rng.below(12); n > 0; --n) {
      text += alphabet[rng.below(alphabet.size())];
    }
    try {
      const auto molecule = read_smiles(text);
      ++read;
      EXPECT_GE(molecule.fragments, 1);
      EXPECT_GE(rings(molecule), 0);
      for (const Bond& bond : molecule.bonds) EXPECT_LT(bond.a, bond.b);
    } catch (const InputError&) {
    }
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace musl
