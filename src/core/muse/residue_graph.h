#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/matrix.h"

namespace musl {

constexpr double kResidueRadius = 10.0;  // Angstrom
constexpr int kMostNeighbours = 32;

/// Residues of a chain and their neighbours in space.
///
/// offset, neighbour, distance: for residue i, entries offset[i] to
/// offset[i + 1] are its nearest other residues within kResidueRadius, at most
/// kMostNeighbours, nearest first, ties by index. Because of this limit, i may
/// have neighbour j without j having i.
struct ResidueGraph {
  std::vector<std::int8_t> code;        // (L)
  Matrix angles;                        // (L, 6), see residue_features()
  Matrix user;                          // (L, U)
  std::vector<std::int64_t> offset;     // (L + 1)
  std::vector<std::int32_t> neighbour;  // (E)
  std::vector<float> distance;          // (E) Angstrom
  Matrix orientation;  // (E, O) further columns of edges, or none

  [[nodiscard]] std::int64_t length() const {
    return static_cast<std::int64_t>(code.size());
  }
  [[nodiscard]] std::int64_t n_edges() const {
    return static_cast<std::int64_t>(neighbour.size());
  }
};

/// Squared distance and number of residues.
using NearResidues = std::vector<std::pair<double, std::int32_t>>;

/// C-alpha atoms of a chain, (L, 3) in Angstrom, which must outlive this. A
/// residue with a NaN is not known.
class Trace {
 public:
  explicit Trace(const Matrix& coordinates);

  [[nodiscard]] Eigen::Index length() const { return coordinates_.rows(); }
  /// Whether residues first to last (inclusive) are in the chain and known.
  [[nodiscard]] bool has(Eigen::Index first, Eigen::Index last) const;
  [[nodiscard]] bool has(Eigen::Index i) const { return has(i, i); }
  [[nodiscard]] Eigen::Vector3d place(Eigen::Index i) const {
    return coordinates_.row(i).cast<double>().transpose();
  }
  /// The other known residues within the radius of residue i, ascending; none
  /// if it is not known itself.
  [[nodiscard]] NearResidues near(Eigen::Index i, double radius) const;

 private:
  const Matrix& coordinates_;
  std::vector<bool> known_;
};

/// The graph of a chain.
///
/// sequence     one letter a residue
/// coordinates  (L, 3) C-alpha in Angstrom; a residue with a NaN is missing: it
///              has no neighbours and is not a neighbour
/// user         (L, U) further columns of each residue, as from DSSP; (0, 0) or
///              (L, 0): none
///
/// InputError for a sequence that residue_codes() refuses, coordinates that are
/// all missing, infinite or beyond a million Angstrom, and user columns that
/// are not finite; ShapeError if sizes differ. A chain of one residue has no
/// edges.
[[nodiscard]] ResidueGraph make_residue_graph(std::string_view sequence,
                                              const Matrix& coordinates,
                                              const Matrix& user = {});

}  // namespace musl
