#pragma once

#include <cstdint>
#include <vector>

#include "musl/drift.h"
#include "musl/matrix.h"

namespace musl {

/// Samples of a matrix (R, S) genes x samples, which must outlive them, with
/// logged values.
class LoggedSamples {
 public:
  /// All samples; linear values are logged when read: log10(x + 0.01).
  LoggedSamples(const RMatrixView& x, bool linear);
  /// Those at `chosen`, positions among these samples.
  [[nodiscard]] LoggedSamples only(
      const std::vector<std::int64_t>& chosen) const;

  [[nodiscard]] Eigen::Index n_genes() const { return n_genes_; }
  [[nodiscard]] Eigen::Index n_samples() const {
    return static_cast<Eigen::Index>(columns_.size());
  }
  /// (genes, samples) a few genes from `first` on, which stay in the cache.
  void read(Eigen::Index first, Eigen::ArrayXXd* block) const;

 private:
  LoggedSamples() = default;

  std::vector<const double*> columns_;
  Eigen::Index n_genes_ = 0;
  bool linear_ = false;
};

/// Replaces linear values by log10(x + 0.01).
void log_values(Eigen::Ref<Eigen::ArrayXXd> x);

[[nodiscard]] GeneMoments moments_of(const LoggedSamples& samples);

/// See mean_correlations(). `moments` are moments_of(samples).
[[nodiscard]] std::vector<double> correlations_of(const LoggedSamples& samples,
                                                  const GeneMoments& moments);

}  // namespace musl
