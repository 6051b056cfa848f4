#include "muse/residue_graph.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "musl/error.h"

namespace musl {
namespace {

using Vector3 = Eigen::Vector3d;

constexpr double kFarthest = 1e6;  // Angstrom; no structure is so large
constexpr int kAngleColumns = 6;
constexpr double kOnALine = 1e-6;  // sine below which three points are on one

void check_sizes(std::int64_t length, const Matrix& coordinates,
                 const Matrix& user) {
  if (coordinates.rows() != length || coordinates.cols() != 3) {
    throw ShapeError("Coordinates must have " + std::to_string(length) +
                     " rows, one a residue, and 3 columns; found " +
                     std::to_string(coordinates.rows()) + " x " +
                     std::to_string(coordinates.cols()) + ".");
  }
  if (user.cols() > 0 && user.rows() != length) {
    throw ShapeError("Columns of residues must have " + std::to_string(length) +
                     " rows, one a residue; found " +
                     std::to_string(user.rows()) + ".");
  }
  if (!user.allFinite()) {
    throw InputError("Columns of residues must be finite numbers.");
  }
}

/// Which residues have all three coordinates.
std::vector<bool> known_places(const Matrix& coordinates) {
  std::vector<bool> known(static_cast<std::size_t>(coordinates.rows()));
  for (Eigen::Index i = 0; i < coordinates.rows(); ++i) {
    const auto place = coordinates.row(i);
    known[static_cast<std::size_t>(i)] = !place.hasNaN();
    if (place.hasNaN()) continue;
    if (!(place.cwiseAbs().maxCoeff() <= kFarthest)) {
      throw InputError(
          "Coordinates must be Angstrom, at most a million; "
          "residue " +
          std::to_string(i + 1) + " lies beyond.");
    }
  }
  if (std::find(known.begin(), known.end(), true) == known.end()) {
    throw InputError(
        "Coordinates must be there for at least one residue; all are missing.\n"
        "Give the sequence alone instead.");
  }
  return known;
}

/// C-alpha atoms of a chain, for computing angles.
class Trace {
 public:
  Trace(const Matrix& coordinates, const std::vector<bool>& known)
      : coordinates_(coordinates), known_(known) {}

  /// Whether residues first to last (inclusive) are in the chain and known.
  [[nodiscard]] bool has(Eigen::Index first, Eigen::Index last) const {
    if (first < 0 || last >= coordinates_.rows()) return false;
    for (auto i = first; i <= last; ++i) {
      if (!known_[static_cast<std::size_t>(i)]) return false;
    }
    return true;
  }
  /// From residue i to the next.
  [[nodiscard]] Vector3 step(Eigen::Index i) const {
    return (coordinates_.row(i + 1).cast<double>() -
            coordinates_.row(i).cast<double>())
        .transpose();
  }

 private:
  const Matrix& coordinates_;
  const std::vector<bool>& known_;
};

/// Sine and cosine of the angle at residue i.
void put_bend(const Trace& trace, Eigen::Index i, float* out) {
  if (!trace.has(i - 1, i + 1)) return;
  const Vector3 back = -trace.step(i - 1), on = trace.step(i);
  const double lengths = back.norm() * on.norm();
  if (!(lengths > 0.0)) return;
  out[0] = static_cast<float>(back.cross(on).norm() / lengths);
  out[1] = static_cast<float>(back.dot(on) / lengths);
}

/// Sine and cosine of the dihedral of residues first to first + 3.
/// Source: the IUPAC convention, positive for a right-handed turn.
void put_dihedral(const Trace& trace, Eigen::Index first, float* out) {
  if (!trace.has(first, first + 3)) return;
  const Vector3 a = trace.step(first), b = trace.step(first + 1),
                c = trace.step(first + 2);
  const Vector3 left = a.cross(b), right = b.cross(c);
  const double lengths = left.norm() * right.norm();
  const double flat =
      kOnALine * kOnALine * a.norm() * b.squaredNorm() * c.norm();
  if (!(lengths > flat)) return;
  out[0] = static_cast<float>(b.dot(left.cross(right)) / (b.norm() * lengths));
  out[1] = static_cast<float>(left.dot(right) / lengths);
}

Matrix make_angles(const Matrix& coordinates, const std::vector<bool>& known) {
  const Trace trace(coordinates, known);
  Matrix angles = Matrix::Zero(coordinates.rows(), kAngleColumns);
  for (Eigen::Index i = 0; i < coordinates.rows(); ++i) {
    float* row = angles.row(i).data();
    put_bend(trace, i, row);
    put_dihedral(trace, i - 2, row + 2);
    put_dihedral(trace, i - 1, row + 4);
  }
  return angles;
}

void add_neighbours(const Matrix& coordinates, const std::vector<bool>& known,
                    ResidueGraph* graph) {
  for (Eigen::Index i = 0; i < coordinates.rows(); ++i) {
    auto near = near_residues(coordinates, known, i, kResidueRadius);
    const auto kept = std::min<std::size_t>(near.size(), kMostNeighbours);
    std::partial_sort(near.begin(),
                      near.begin() + static_cast<std::ptrdiff_t>(kept),
                      near.end());
    for (std::size_t k = 0; k < kept; ++k) {
      graph->neighbour.push_back(near[k].second);
      graph->distance.push_back(static_cast<float>(std::sqrt(near[k].first)));
    }
    graph->offset.push_back(graph->n_edges());
  }
}

}  // namespace

NearResidues near_residues(const Matrix& coordinates,
                           const std::vector<bool>& known, Eigen::Index i,
                           double radius) {
  NearResidues near;
  if (!known[static_cast<std::size_t>(i)]) return near;
  const Eigen::RowVector3d place = coordinates.row(i).cast<double>();
  for (Eigen::Index j = 0; j < coordinates.rows(); ++j) {
    if (j == i || !known[static_cast<std::size_t>(j)]) continue;
    const double squared =
        (place - coordinates.row(j).cast<double>()).squaredNorm();
    if (squared <= radius * radius) {
      near.emplace_back(squared, static_cast<std::int32_t>(j));
    }
  }
  return near;
}

ResidueGraph make_residue_graph(std::string_view sequence,
                                const Matrix& coordinates, const Matrix& user) {
  ResidueGraph graph;
  graph.code = residue_codes(sequence);
  check_sizes(graph.length(), coordinates, user);
  const auto known = known_places(coordinates);
  graph.angles = make_angles(coordinates, known);
  graph.user = user.cols() > 0 ? user : Matrix(graph.length(), 0);
  graph.offset.assign(1, 0);
  add_neighbours(coordinates, known, &graph);
  return graph;
}

}  // namespace musl
