#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "musl/matrix.h"

namespace musl {

/// Points in cubes as wide as a radius, so that a search around a point visits
/// only 27 cubes.
class CellGrid {
 public:
  /// coordinates  (L, 3), kept by reference
  /// known        (L) whether a point exists
  CellGrid(const Matrix& coordinates, const std::vector<bool>& known,
           double radius);

  /// Adds squared distance and number of each other point within the radius of
  /// point i, in no particular order.
  void find_near(Eigen::Index i,
                 std::vector<std::pair<double, std::int32_t>>* near) const;

 private:
  using Cell = std::int64_t;

  [[nodiscard]] Cell axis(Eigen::Index i, int axis) const;
  void find_in_run(Eigen::Index i, Cell first, Cell last,
                   std::vector<std::pair<double, std::int32_t>>* near) const;

  const Matrix& coordinates_;
  double radius_;
  std::vector<std::pair<Cell, std::int32_t>> points_;  // ascending
};

}  // namespace musl
