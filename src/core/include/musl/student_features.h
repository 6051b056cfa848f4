#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "musl/archive.h"
#include "musl/dataset.h"
#include "musl/interface.h"
#include "musl/matrix.h"
#include "musl/pair_set.h"
#include "musl/partners.h"
#include "musl/prediction.h"

namespace musl {

/// Inputs of a student for a pair: sum, distance and product of the genes'
/// leading principal axes (of the model's gene vectors, marginals and presence
/// in the cohorts), features of known partners, correlations and topology. All
/// symmetric, all cheap.
class StudentFeatures {
 public:
  /// gene_vectors  (G, W) PairScorer::gene_vectors(), W may be 0
  /// data, partners  must outlive this
  StudentFeatures(const Dataset& data, const KnownPartners& partners,
                  const Matrix& gene_vectors);

  [[nodiscard]] int columns() const;
  /// Features of pairs [first, first + n), (n, columns()). Reentrant; fast if
  /// consecutive pairs share their first gene.
  void make(const PairSet& pairs, std::int64_t first, std::int64_t n,
            float* out) const;

 private:
  void put_axes(std::int32_t a, std::int32_t b, float* out) const;
  float* put_cohorts(std::int32_t a, std::int32_t b, float* out) const;

  const Dataset& data_;
  const KnownPartners& partners_;
  Matrix axes_;  // (G, A)
};

/// A small perceptron that imitates a model's scores. The backend implements
/// it.
class Student : public Interface {
 public:
  /// (n) on the model's scale.
  [[nodiscard]] virtual std::vector<float> score(
      const PairSet& pairs, int threads, const Tick& tick = {}) const = 0;
  [[nodiscard]] virtual Archive to_archive() const = 0;
};

}  // namespace musl
