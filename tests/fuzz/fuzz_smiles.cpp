// SMILES.
#include "fuzz.h"
#include "muse/smiles.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  return musl::fuzz::run(data, size, [](const std::string& bytes) {
    const auto molecule = musl::read_smiles(bytes);
    const auto n_atoms = static_cast<std::int64_t>(molecule.atoms.size());
    const auto n_bonds = static_cast<std::int64_t>(molecule.bonds.size());
    musl::fuzz::require(n_atoms >= 1 && molecule.fragments >= 1);
    musl::fuzz::require(n_bonds - n_atoms + molecule.fragments >= 0);
    std::int64_t degrees = 0;
    for (const auto& atom : molecule.atoms) {
      musl::fuzz::require(atom.element >= 0 && atom.element <= 118);
      musl::fuzz::require(atom.hydrogens >= 0);
      degrees += atom.degree;
    }
    musl::fuzz::require(degrees == 2 * n_bonds);
    for (const auto& bond : molecule.bonds) {
      musl::fuzz::require(0 <= bond.a && bond.a < bond.b && bond.b < n_atoms);
    }
  });
}
