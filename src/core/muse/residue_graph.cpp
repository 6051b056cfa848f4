#include "muse/residue_graph.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/numbers.h"
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

namespace {

using Vector3 = Eigen::Vector3d;

constexpr std::array<double, 4> kRadii = {6.0, 10.0, 14.0, 20.0};
constexpr std::array<double, 4> kCrowd = {6.0, 20.0, 45.0, 110.0};
constexpr std::array<double, 4> kAway = {5.0, 7.0, 10.0, 20.0};
constexpr double kHalfSphere = 13.0, kHalfCrowd = 25.0;  // Angstrom, residues
constexpr double kFlat = 1e-6;  // length below which there is no direction

/// Axes of a residue in its columns.
struct Frame {
  bool known = false;
  Vector3 outward = Vector3::Zero(), along = Vector3::Zero(),
          across = Vector3::Zero();

  [[nodiscard]] Vector3 inside(const Vector3& x) const {
    return {outward.dot(x), along.dot(x), across.dot(x)};
  }
};

/// Both bonds at unit length, so that their sum and difference are at right
/// angles.
Frame frame_of(const Trace& chain, Eigen::Index i) {
  Frame frame;
  if (!chain.has(i - 1, i + 1)) return frame;
  const Vector3 back = (chain.place(i - 1) - chain.place(i)).normalized();
  const Vector3 on = (chain.place(i + 1) - chain.place(i)).normalized();
  const Vector3 outward = -(back + on), along = on - back;
  if (!(outward.norm() > kFlat) || !(along.norm() > kFlat)) return frame;
  frame.known = true;
  frame.outward = outward.normalized();
  frame.along = along.normalized();
  frame.across = frame.outward.cross(frame.along);
  return frame;
}

double ratio(double x, double y) { return y > kFlat ? x / y : 0.0; }

/// Fills the columns about the residues near residue i.
void put_near(const Trace& chain, Eigen::Index i, float* out) {
  const Vector3 here = chain.place(i);
  const Frame frame = frame_of(chain, i);
  std::array<int, kRadii.size()> count{};
  std::array<Vector3, kRadii.size()> sum;
  sum.fill(Vector3::Zero());
  std::array<int, 2> half{};
  for (const auto& [squared, j] : chain.near(i, kRadii.back())) {
    const Vector3 step = chain.place(j) - here;
    for (std::size_t r = 0; r < kRadii.size(); ++r) {
      if (squared > kRadii[r] * kRadii[r]) continue;
      ++count[r];
      sum[r] += step;
    }
    if (frame.known && squared <= kHalfSphere * kHalfSphere) {
      ++half[frame.outward.dot(step) >= 0 ? 0 : 1];
    }
  }
  for (std::size_t r = 0; r < kRadii.size(); ++r) {
    out[r] = static_cast<float>(count[r] / kCrowd[r]);
  }
  out[4] = static_cast<float>(half[0] / kHalfCrowd);
  out[5] = static_cast<float>(half[1] / kHalfCrowd);
  for (std::size_t r = 1; r < kRadii.size(); ++r) {
    const double away = ratio(sum[r].norm(), count[r]);
    out[5 + r] = static_cast<float>(away / kAway[r - 1]);
  }
  out[10] =
      static_cast<float>(-ratio(frame.outward.dot(sum[2]), sum[2].norm()));
}

}  // namespace

Matrix residue_neighbourhood(const Matrix& coordinates) {
  const Trace chain(coordinates);
  Matrix out = Matrix::Zero(chain.length(), kNeighbourhood);
  Vector3 middle = Vector3::Zero();
  double n = 0;
  for (Eigen::Index i = 0; i < chain.length(); ++i) {
    if (!chain.has(i)) continue;
    middle += chain.place(i);
    ++n;
  }
  middle /= std::max(n, 1.0);
  double squares = 0;
  for (Eigen::Index i = 0; i < chain.length(); ++i) {
    if (chain.has(i)) squares += (chain.place(i) - middle).squaredNorm();
  }
  const double spread = std::sqrt(ratio(squares, n));
  const double size = std::log(std::max(n, 1.0)) / 7.0;
  for (Eigen::Index i = 0; i < chain.length(); ++i) {
    if (!chain.has(i)) continue;
    float* row = out.row(i).data();
    put_near(chain, i, row);
    const double away = (chain.place(i) - middle).norm();
    const auto end = std::min(i, chain.length() - 1 - i);
    row[9] = static_cast<float>(away / kAway.back());
    row[11] = static_cast<float>(ratio(away, spread));
    row[12] = static_cast<float>(size);
    row[13] = static_cast<float>(std::min(1.0, static_cast<double>(end) / 50));
  }
  return out;
}

Matrix edge_orientations(const ResidueGraph& graph, const Matrix& coordinates) {
  const Trace chain(coordinates);
  std::vector<Frame> frames;
  for (Eigen::Index i = 0; i < chain.length(); ++i) {
    frames.push_back(frame_of(chain, i));
  }
  Matrix out = Matrix::Zero(graph.n_edges(), kOrientations);
  for (Eigen::Index i = 0; i < graph.length(); ++i) {
    for (auto e = graph.offset[at(i)]; e < graph.offset[at(i) + 1]; ++e) {
      const auto j = graph.neighbour[at(e)];
      const Vector3 step = (chain.place(j) - chain.place(i)).normalized();
      const Frame &own = frames[at(i)], &other = frames[at(j)];
      Eigen::Matrix<double, 1, kOrientations> values;
      values << own.inside(step).transpose(), other.inside(-step).transpose(),
          own.outward.dot(other.outward), own.along.dot(other.along);
      out.row(e) = values.cast<float>();
    }
  }
  return out;
}

}  // namespace musl
