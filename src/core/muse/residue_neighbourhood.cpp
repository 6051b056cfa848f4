#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

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

class Chain {
 public:
  explicit Chain(const Matrix& coordinates) : coordinates_(coordinates) {
    for (Eigen::Index i = 0; i < coordinates.rows(); ++i) {
      known_.push_back(!coordinates.row(i).hasNaN());
    }
    for (Eigen::Index i = 0; i < coordinates.rows(); ++i) {
      frames_.push_back(make_frame(i));
    }
  }

  [[nodiscard]] Eigen::Index length() const { return coordinates_.rows(); }
  [[nodiscard]] const std::vector<bool>& known() const { return known_; }
  [[nodiscard]] bool has(Eigen::Index i) const {
    return i >= 0 && i < length() && known_[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] Vector3 place(Eigen::Index i) const {
    return coordinates_.row(i).cast<double>().transpose();
  }
  [[nodiscard]] const Frame& frame(Eigen::Index i) const {
    return frames_[static_cast<std::size_t>(i)];
  }

 private:
  /// Both bonds at unit length, so that their sum and difference are at right
  /// angles.
  [[nodiscard]] Frame make_frame(Eigen::Index i) const {
    Frame frame;
    if (!has(i - 1) || !has(i) || !has(i + 1)) return frame;
    const Vector3 back = (place(i - 1) - place(i)).normalized();
    const Vector3 on = (place(i + 1) - place(i)).normalized();
    const Vector3 outward = -(back + on), along = on - back;
    if (!(outward.norm() > kFlat) || !(along.norm() > kFlat)) return frame;
    frame.known = true;
    frame.outward = outward.normalized();
    frame.along = along.normalized();
    frame.across = frame.outward.cross(frame.along);
    return frame;
  }

  const Matrix& coordinates_;
  std::vector<bool> known_;
  std::vector<Frame> frames_;
};

double ratio(double x, double y) { return y > kFlat ? x / y : 0.0; }

/// Fills the columns about the residues near residue i.
void put_near(const Chain& chain, Eigen::Index i, const NearResidues& near,
              float* out) {
  const Vector3 here = chain.place(i);
  const Frame& frame = chain.frame(i);
  std::array<int, kRadii.size()> count{};
  std::array<Vector3, kRadii.size()> sum;
  sum.fill(Vector3::Zero());
  std::array<int, 2> half{};
  for (const auto& [squared, j] : near) {
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
  const Chain chain(coordinates);
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
    put_near(chain, i,
             near_residues(coordinates, chain.known(), i, kRadii.back()), row);
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
  const Chain chain(coordinates);
  Matrix out = Matrix::Zero(graph.n_edges(), kOrientations);
  for (Eigen::Index i = 0; i < graph.length(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    for (auto e = graph.offset[row]; e < graph.offset[row + 1]; ++e) {
      const auto j = graph.neighbour[static_cast<std::size_t>(e)];
      const Vector3 step = (chain.place(j) - chain.place(i)).normalized();
      const Frame &own = chain.frame(i), &other = chain.frame(j);
      Eigen::Matrix<double, 1, kOrientations> values;
      values << own.inside(step).transpose(), other.inside(-step).transpose(),
          own.outward.dot(other.outward), own.along.dot(other.along);
      out.row(e) = values.cast<float>();
    }
  }
  return out;
}

}  // namespace musl
