#include "muse/node_kernel.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/parallel.h"
#include "judge/kernel_ridge.h"
#include "muse/molecule.h"
#include "muse/smiles.h"
#include "protein/kmers.h"

namespace musl {

namespace {

constexpr int kReach = 2;  // bonds

/// Columns less their mean, over their sd; constant ones become 0.
Eigen::MatrixXd unit_columns(const Matrix& x) {
  Eigen::MatrixXd out = x.cast<double>();
  for (Eigen::Index c = 0; c < out.cols(); ++c) {
    out.col(c).array() -= out.col(c).mean();
    const double sd =
        std::sqrt(out.col(c).squaredNorm() / static_cast<double>(out.rows()));
    if (sd > 1e-9) {
      out.col(c) /= sd;
    } else {
      out.col(c).setZero();
    }
  }
  return out;
}

Eigen::MatrixXd sequence_words(const std::vector<std::string>& sequences,
                               int threads) {
  const Matrix single =
      kmer_shares(sequences, 1, ResidueAlphabet::amino_acids, threads);
  const Matrix triads =
      kmer_shares(sequences, 3, ResidueAlphabet::conjoint, threads);
  Matrix words(single.rows(), single.cols() + triads.cols());
  words << single, triads;
  return unit_columns(words);
}

/// Hashes of the neighbourhood of all atoms, ascending.
std::vector<std::uint64_t> neighbourhood(const Molecule& molecule) {
  const BondsOfAtoms bonds(molecule);
  std::vector<std::uint64_t> hash, all;
  for (const auto& atom : molecule.atoms) hash.push_back(atom_hash(atom));
  all = hash;
  for (int reach = 1; reach <= kReach; ++reach) {
    std::vector<std::uint64_t> wider;
    for (std::size_t i = 0; i < hash.size(); ++i) {
      std::vector<std::uint64_t> around;
      for (auto at = bonds.offset[i]; at < bonds.offset[i + 1]; ++at) {
        const Bond& bond = molecule.bonds[bonds.bond[at]];
        around.push_back(mixed(static_cast<std::uint64_t>(bond.order) + 1,
                               hash[other_end(bond, i)]));
      }
      std::sort(around.begin(), around.end());
      auto own = mixed(static_cast<std::uint64_t>(reach), hash[i]);
      for (const auto one : around) own = mixed(own, one);
      wider.push_back(own);
    }
    hash = wider;
    all.insert(all.end(), hash.begin(), hash.end());
  }
  std::sort(all.begin(), all.end());
  return all;
}

/// Common entries of two ascending lists over the entries of either.
double tanimoto(const std::vector<std::uint64_t>& a,
                const std::vector<std::uint64_t>& b) {
  auto x = a.begin(), y = b.begin();
  std::size_t common = 0;
  while (x != a.end() && y != b.end()) {
    const auto p = *x, q = *y;
    if (p == q) ++common;
    if (p <= q) ++x;
    if (q <= p) ++y;
  }
  const auto either = a.size() + b.size() - common;
  return either == 0
             ? 1
             : static_cast<double>(common) / static_cast<double>(either);
}

Eigen::MatrixXd molecule_distances(const std::vector<std::string>& smiles,
                                   int threads) {
  std::vector<std::vector<std::uint64_t>> parts;
  parts.reserve(smiles.size());
  for (const auto& one : smiles)
    parts.push_back(neighbourhood(read_smiles(one)));
  const auto n = static_cast<Eigen::Index>(smiles.size());
  Eigen::MatrixXd out(n, n);
  parallel_for(n, threads, [&](std::int64_t j) {
    for (Eigen::Index i = 0; i < n; ++i) {
      out(i, j) = 1 - tanimoto(parts[static_cast<std::size_t>(i)],
                               parts[static_cast<std::size_t>(j)]);
    }
  });
  return out;
}

}  // namespace

Eigen::MatrixXd node_distances(const NodeSet& nodes, int threads) {
  switch (nodes.kind) {
    case NodeKind::features:
      return squared_distances(nodes.features.cast<double>(), threads);
    case NodeKind::smiles:
      return molecule_distances(nodes.text, threads);
    case NodeKind::sequence:
    case NodeKind::residues:
      break;
  }
  return squared_distances(sequence_words(nodes.text, threads), threads);
}

}  // namespace musl
