#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/matrix.h"

namespace musl {

constexpr int kResidueCodes = 21;    // the 20 amino acids, and unknown
constexpr int kUnknownResidue = 20;  // X, and B, J, O, U, Z
constexpr std::int64_t kMostResidues = 30000;

constexpr double kResidueRadius = 10.0;  // Angstrom
constexpr int kMostNeighbours = 32;

/// Columns of residue_features(): one-hot (20), physico-chemical (7), C-alpha
/// angles (6); those of the user follow.
constexpr int kResidueColumns = 33;
/// Columns of edge_features(): distance (16), sequence offset (8).
constexpr int kEdgeColumns = 24;

/// 0 to 19 for the amino acids in the order ACDEFGHIKLMNPQRSTVWY, either case;
/// kUnknownResidue for X, B, J, O, U, Z; -1 for any other character.
[[nodiscard]] int residue_code(char letter);

/// The codes of a sequence. InputError, with the position (1-based), for an
/// invalid character, an empty sequence, and one longer than kMostResidues.
[[nodiscard]] std::vector<std::int8_t> residue_codes(std::string_view sequence);

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

/// Fills out (L, kResidueColumns + U), row-major:
///   20  one-hot of the amino acid; zeros for an unknown one
///    7  hydropathy, volume, charge, polarity, isoelectric point, helix
///       propensity, aromaticity, each about -1 to 1; zeros for an unknown one
///    6  sine and cosine of the angle at i of C-alpha i - 1, i, i + 1, and of
///       the dihedrals (i - 2, i - 1, i, i + 1) and (i - 1, i, i + 1, i + 2);
///       zeros where one of these is missing or three lie on a line
///    U  the user's
/// A mirror image of a chain changes only the signs of the two sines of
/// dihedrals (user columns aside): only these distinguish chirality.
void residue_features(const ResidueGraph& graph, float* out);

/// Fills out (E, kEdgeColumns + O), row-major: 16 Gaussians of the distance,
/// centres evenly from 0 to 20 Angstrom, width 20 / 16, and 0 below e^-16; sine
/// and cosine of the sequence offset (neighbour minus residue) times 1, .1, .01
/// and .001; then the graph's orientations. The first 24 are invariant under
/// reflection. Source: Ingraham et al. (2019),
/// Generative models for graph-based protein design, section 3.1; they have no
/// coarser offsets than .0001.
void edge_features(const ResidueGraph& graph, float* out);

/// Number of columns of residue_neighbourhood().
constexpr int kNeighbourhood = 14;
/// Number of columns of edge_orientations().
constexpr int kOrientations = 8;

/// Neighbourhood of each residue of a chain, (L, kNeighbourhood), each about 0
/// to 1; zeros if the residue has no coordinates:
///   4  residues within 6, 10, 14 and 20 Angstrom, over 6, 20, 45 and 110
///   2  those within 13 Angstrom before and behind the plane through the
///      residue that is normal to its outward direction, over 25
///   4  distance of the residue from the middle of those within 10, 14 and 20
///      Angstrom, and of all, over 5, 7, 10 and 20
///   1  cosine between the outward direction and that from the middle of those
///      within 14 Angstrom
///   1  distance from the middle of the chain over the chain's root mean square
///      distance
///   2  log of the number of residues over 7, and the distance to the nearer
///      end of the sequence over 50, at most 1
/// The outward direction is the one between the two bonds, away from both
/// neighbours in the sequence; zeros if one is missing. The columns are
/// invariant under rotation, translation and reflection.
/// Source: Hamelryck (2005), Proteins 59:38, for the half spheres.
///
/// coordinates  (L, 3) Angstrom, a residue with a NaN is missing
[[nodiscard]] Matrix residue_neighbourhood(const Matrix& coordinates);

/// Relative orientation of the residues of each edge, (E, kOrientations): the
/// direction of the neighbour in the frame of the residue (3), that of the
/// residue in the frame of the neighbour (3), and the cosines between both
/// outward directions and between both directions of the chain. The axes of a
/// frame are outward, along the chain, and their cross product; a residue that
/// lacks either neighbour in the sequence has no frame, and columns that need
/// it are 0.
/// A mirror image changes the sign of columns 3 and 6. Source: Ingraham et al.
/// (2019), Generative models for graph-based protein design, section 3.1, with
/// other axes.
[[nodiscard]] Matrix edge_orientations(const ResidueGraph& graph,
                                       const Matrix& coordinates);

}  // namespace musl
