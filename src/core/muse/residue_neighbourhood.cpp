#include "muse/residue_neighbourhood.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "base/numbers.h"
#include "muse/residue_graph.h"

namespace musl {

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
