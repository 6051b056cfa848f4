#pragma once

#include <Eigen/Geometry>
#include <string>

#include "base/matrix.h"
#include "base/rng.h"

namespace musl {

/// A walk in steps of 3.8 Angstrom, drawn to its middle by `pull`: the larger,
/// the more crowded are residues.
inline Matrix random_chain(Eigen::Index length, Rng* rng, float pull = 0.05F) {
  Matrix place(length, 3);
  Eigen::RowVector3f at = Eigen::RowVector3f::Zero();
  for (Eigen::Index i = 0; i < length; ++i) {
    Eigen::RowVector3f step;
    for (int k = 0; k < 3; ++k) step[k] = static_cast<float>(rng->normal());
    at += 3.8F * (step - pull * at).normalized();
    place.row(i) = at;
  }
  return place;
}

inline std::string random_letters(Eigen::Index length, Rng* rng) {
  std::string text;
  for (Eigen::Index i = 0; i < length; ++i) {
    text += "ACDEFGHIKLMNPQRSTVWY"[rng->below(20)];
  }
  return text;
}

/// Turned about an axis and moved.
inline Matrix moved_chain(const Matrix& place) {
  const Eigen::Vector3f axis = Eigen::Vector3f(1, -2, 0.5F).normalized();
  const Eigen::Matrix3f turn = Eigen::AngleAxisf(1.1F, axis).toRotationMatrix();
  Matrix out = place * turn.transpose();
  out.rowwise() += Eigen::RowVector3f(5, -3, 8);
  return out;
}

}  // namespace musl
