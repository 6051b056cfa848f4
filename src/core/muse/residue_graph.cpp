#include "muse/residue_graph.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/error.h"
#include "base/numbers.h"
#include "muse/residue_codes.h"

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

void check_places(const Trace& trace) {
  bool has_any = false;
  for (Eigen::Index i = 0; i < trace.length(); ++i) {
    if (!trace.has(i)) continue;
    has_any = true;
    if (!(trace.place(i).cwiseAbs().maxCoeff() <= kFarthest)) {
      throw InputError(
          "Coordinates must be Angstrom, at most a million; "
          "residue " +
          std::to_string(i + 1) + " lies beyond.");
    }
  }
  if (has_any) return;
  throw InputError(
      "Coordinates must be there for at least one residue; all are missing.\n"
      "Give the sequence alone instead.");
}

/// From residue i to the next.
Vector3 step(const Trace& trace, Eigen::Index i) {
  return trace.place(i + 1) - trace.place(i);
}

/// Sine and cosine of the angle at residue i.
void put_bend(const Trace& trace, Eigen::Index i, float* out) {
  if (!trace.has(i - 1, i + 1)) return;
  const Vector3 back = -step(trace, i - 1), on = step(trace, i);
  const double lengths = back.norm() * on.norm();
  if (!(lengths > 0.0)) return;
  out[0] = static_cast<float>(back.cross(on).norm() / lengths);
  out[1] = static_cast<float>(back.dot(on) / lengths);
}

/// Sine and cosine of the dihedral of residues first to first + 3.
/// Source: the IUPAC convention, positive for a right-handed turn.
void put_dihedral(const Trace& trace, Eigen::Index first, float* out) {
  if (!trace.has(first, first + 3)) return;
  const Vector3 a = step(trace, first), b = step(trace, first + 1),
                c = step(trace, first + 2);
  const Vector3 left = a.cross(b), right = b.cross(c);
  const double lengths = left.norm() * right.norm();
  const double flat =
      kOnALine * kOnALine * a.norm() * b.squaredNorm() * c.norm();
  if (!(lengths > flat)) return;
  out[0] = static_cast<float>(b.dot(left.cross(right)) / (b.norm() * lengths));
  out[1] = static_cast<float>(left.dot(right) / lengths);
}

Matrix make_angles(const Trace& trace) {
  Matrix angles = Matrix::Zero(trace.length(), kAngleColumns);
  for (Eigen::Index i = 0; i < trace.length(); ++i) {
    float* row = angles.row(i).data();
    put_bend(trace, i, row);
    put_dihedral(trace, i - 2, row + 2);
    put_dihedral(trace, i - 1, row + 4);
  }
  return angles;
}

void add_neighbours(const Trace& trace, ResidueGraph* graph) {
  for (Eigen::Index i = 0; i < trace.length(); ++i) {
    auto near = trace.near(i, kResidueRadius);
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

Trace::Trace(const Matrix& coordinates) : coordinates_(coordinates) {
  for (Eigen::Index i = 0; i < coordinates.rows(); ++i) {
    known_.push_back(!coordinates.row(i).hasNaN());
  }
}

bool Trace::has(Eigen::Index first, Eigen::Index last) const {
  if (first < 0 || last >= length()) return false;
  for (auto i = first; i <= last; ++i) {
    if (!known_[at(i)]) return false;
  }
  return true;
}

NearResidues Trace::near(Eigen::Index i, double radius) const {
  NearResidues near;
  if (!has(i)) return near;
  const Vector3 here = place(i);
  for (Eigen::Index j = 0; j < length(); ++j) {
    if (j == i || !known_[at(j)]) continue;
    const double squared = (here - place(j)).squaredNorm();
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
  const Trace trace(coordinates);
  check_places(trace);
  graph.angles = make_angles(trace);
  graph.user = user.cols() > 0 ? user : Matrix(graph.length(), 0);
  graph.offset.assign(1, 0);
  add_neighbours(trace, &graph);
  return graph;
}

}  // namespace musl
