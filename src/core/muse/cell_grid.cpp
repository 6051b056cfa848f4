#include "muse/cell_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace musl {
namespace {

/// Cubes of one axis, more than needed for a coordinate of a million over a
/// radius.
constexpr std::int64_t kAxis = std::int64_t{1} << 20;

std::int64_t cell_number(std::int64_t x, std::int64_t y, std::int64_t z) {
  return (x * kAxis + y) * kAxis + z;
}

}  // namespace

CellGrid::CellGrid(const Matrix& coordinates, const std::vector<bool>& known,
                   double radius)
    : coordinates_(coordinates), radius_(radius) {
  for (Eigen::Index i = 0; i < coordinates.rows(); ++i) {
    if (!known[static_cast<std::size_t>(i)]) continue;
    points_.emplace_back(cell_number(axis(i, 0), axis(i, 1), axis(i, 2)),
                         static_cast<std::int32_t>(i));
  }
  std::sort(points_.begin(), points_.end());
}

CellGrid::Cell CellGrid::axis(Eigen::Index i, int axis) const {
  return kAxis / 2 + static_cast<Cell>(std::floor(
                         static_cast<double>(coordinates_(i, axis)) / radius_));
}

void CellGrid::find_near(
    Eigen::Index i, std::vector<std::pair<double, std::int32_t>>* near) const {
  const Cell x = axis(i, 0), y = axis(i, 1), z = axis(i, 2);
  for (Cell dx = -1; dx <= 1; ++dx) {
    for (Cell dy = -1; dy <= 1; ++dy) {
      // Cubes that differ only in z have consecutive numbers.
      find_in_run(i, cell_number(x + dx, y + dy, z - 1),
                  cell_number(x + dx, y + dy, z + 1), near);
    }
  }
}

void CellGrid::find_in_run(
    Eigen::Index i, Cell first, Cell last,
    std::vector<std::pair<double, std::int32_t>>* near) const {
  constexpr auto kLowest = std::numeric_limits<std::int32_t>::min();
  auto point = std::lower_bound(points_.begin(), points_.end(),
                                std::make_pair(first, kLowest));
  for (; point != points_.end() && point->first <= last; ++point) {
    if (point->second == i) continue;
    const double squared = (coordinates_.row(i).cast<double>() -
                            coordinates_.row(point->second).cast<double>())
                               .squaredNorm();
    if (squared <= radius_ * radius_)
      near->emplace_back(squared, point->second);
  }
}

}  // namespace musl
