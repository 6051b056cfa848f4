#include "expression/histogram_maps.h"

#include <algorithm>
#include <cmath>

#include "base/matrix.h"
#include "expression/histogram.h"

namespace musl {

namespace {

using RowMap = Eigen::Map<Matrix>;

/// Channel c of a cohort: assay i of gene a against assay j of gene b in a
/// view.
struct Channel {
  int view = 0;
  int i = 0;
  int j = 0;
};

int n_assays(const ExpressionCohort& cohort) {
  return static_cast<int>(cohort.assays.size());
}

Channel channel_at(const ExpressionCohort& cohort, int c) {
  const int assays = n_assays(cohort);
  const int within = c % (assays * assays);
  return {c / (assays * assays), within / assays, within % assays};
}

int mirror_of(const ExpressionCohort& cohort, int c) {
  const int assays = n_assays(cohort);
  const Channel channel = channel_at(cohort, c);
  return (channel.view * assays + channel.j) * assays + channel.i;
}

/// (K, K) weights of a Gaussian: entry (i, k) is the part of a sample in bin i
/// that goes to bin k. Rows sum to 1. Empty without smoothing.
Matrix smoothing_weights(const ExpressionConfig& config) {
  if (!(config.smooth > 0)) return {};
  Matrix weights = Matrix::Zero(config.bins, config.bins);
  for (int i = 0; i < config.bins; ++i) {
    for (int k = 0; k < config.bins; ++k) {
      const double distance = (i - k) / config.smooth;
      if (std::abs(distance) > 4) continue;
      weights(i, k) = static_cast<float>(std::exp(-0.5 * distance * distance));
    }
    weights.row(i) /= weights.row(i).sum();
  }
  return weights;
}

/// Makes the raw channels of pairs of one cohort.
class MapMaker {
 public:
  explicit MapMaker(const ExpressionCohort& cohort)
      : cohort_(cohort),
        weights_(smoothing_weights(cohort.config)),
        counts_(static_cast<std::size_t>(cells())) {}

  /// Counts or scaled maps, (raw_channels, K, K).
  void make(std::int32_t a, std::int32_t b, bool scaled, float* out) {
    const std::int32_t row_a = cohort_.row_of_gene[static_cast<std::size_t>(a)];
    const std::int32_t row_b = cohort_.row_of_gene[static_cast<std::size_t>(b)];
    for (int c = 0; c < raw_channels(cohort_); ++c) {
      const Channel channel = channel_at(cohort_, c);
      joint_histogram(codes(channel.view, channel.i, row_a),
                      codes(channel.view, channel.j, row_b), cohort_.n_samples,
                      cohort_.config.bins, counts_.data());
      present(scaled, out + c * cells());
    }
  }

  [[nodiscard]] std::ptrdiff_t cells() const {
    return std::ptrdiff_t{cohort_.config.bins} * cohort_.config.bins;
  }

 private:
  [[nodiscard]] const std::uint8_t* codes(int view, int assay,
                                          std::int32_t row) const {
    return cohort_
        .view(static_cast<std::size_t>(view), static_cast<std::size_t>(assay))
        .codes.row(row)
        .data();
  }

  void present(bool scaled, float* out) {
    const int bins = cohort_.config.bins;
    const std::int64_t n = cohort_.n_samples;
    if (scaled && weights_.size() == 0) {
      scale_histogram(counts_.data(), n, bins, out);
      return;
    }
    std::copy(counts_.begin(), counts_.end(), out);
    if (n == 0 || weights_.size() == 0) return;
    RowMap map(out, bins, bins);
    smoothed_ = (weights_.transpose() * map * weights_).eval();
    map = smoothed_;
    if (!scaled) return;
    std::transform(out, out + cells(), out, [n](float count) {
      return scaled_share(count / static_cast<double>(n));
    });
  }

  const ExpressionCohort& cohort_;
  Matrix weights_, smoothed_;
  std::vector<std::uint32_t> counts_;
};

/// Writes the swap-invariant maps of the raw maps of one pair.
void fold_maps(const ExpressionCohort& cohort, const float* raw, float* out) {
  const int bins = cohort.config.bins;
  const std::ptrdiff_t cells = std::ptrdiff_t{bins} * bins;
  for (int c = 0; c < raw_channels(cohort); ++c) {
    const int mirror = mirror_of(cohort, c);
    if (mirror < c) continue;
    const float* map = raw + c * cells;
    const float* other = raw + mirror * cells;
    float* sum = out;
    float* difference = out + cells;
    for (int i = 0; i < bins; ++i) {
      for (int j = 0; j < bins; ++j) {
        const float x = map[i * bins + j];
        const float y = other[j * bins + i];
        sum[i * bins + j] = (x + y) / 2;
        difference[i * bins + j] = std::abs(x - y) / 2;
      }
    }
    out += 2 * cells;
  }
}

}  // namespace

int raw_channels(const ExpressionCohort& cohort) {
  const int assays = n_assays(cohort);
  return static_cast<int>(cohort.n_views()) * assays * assays;
}

int symmetric_channels(const ExpressionCohort& cohort) {
  int maps = 0;
  for (int c = 0; c < raw_channels(cohort); ++c) {
    if (mirror_of(cohort, c) >= c) maps += 2;
  }
  return maps;
}

void pair_histogram(const ExpressionCohort& cohort, std::int32_t a,
                    std::int32_t b, bool scaled, float* out) {
  MapMaker maker(cohort);
  if (cohort.has_pair(a, b)) {
    maker.make(a, b, scaled, out);
  } else {
    std::fill(out, out + raw_channels(cohort) * maker.cells(), 0.0f);
  }
}

void independent_histogram(const ExpressionCohort& cohort, std::int32_t a,
                           std::int32_t b, float* out) {
  pair_histogram(cohort, a, b, /*scaled=*/false, out);
  const int bins = cohort.config.bins;
  const std::ptrdiff_t cells = std::ptrdiff_t{bins} * bins;
  for (int c = 0; c < raw_channels(cohort); ++c, out += cells) {
    RowMap map(out, bins, bins);
    const float n = map.sum();
    if (!(n > 0)) continue;
    const Eigen::VectorXf rows = map.rowwise().sum() / n;
    const Eigen::VectorXf columns = map.colwise().sum().transpose() / n;
    map = (rows * columns.transpose()).unaryExpr([](float share) {
      return scaled_share(share);
    });
  }
}

void unscale_histogram(std::vector<double>* values) {
  std::transform(values->begin(), values->end(), values->begin(),
                 share_of_scaled);
}

std::vector<int> mirror_channels(const ExpressionCohort& cohort) {
  std::vector<int> mirrors;
  mirrors.reserve(static_cast<std::size_t>(raw_channels(cohort)));
  for (int c = 0; c < raw_channels(cohort); ++c) {
    mirrors.push_back(mirror_of(cohort, c));
  }
  return mirrors;
}

void histogram_batch(const std::vector<ExpressionCohort>& cohorts,
                     const PairSet& pairs, float* out) {
  std::int64_t pair_size = 0;
  for (const auto& cohort : cohorts) {
    pair_size += std::int64_t{symmetric_channels(cohort)} * cohort.config.bins *
                 cohort.config.bins;
  }
  std::vector<float> raw;
  std::int64_t offset = 0;  // of the cohort within a pair
  for (const auto& cohort : cohorts) {
    MapMaker maker(cohort);
    const std::ptrdiff_t raw_size = raw_channels(cohort) * maker.cells();
    const std::ptrdiff_t size = symmetric_channels(cohort) * maker.cells();
    raw.resize(static_cast<std::size_t>(raw_size));
    for (std::int64_t p = 0; p < pairs.size(); ++p) {
      const auto pair = static_cast<std::size_t>(p);
      // One order of the genes, so that rounding is the same for (b, a).
      const std::int32_t a = std::min(pairs.a[pair], pairs.b[pair]);
      const std::int32_t b = std::max(pairs.a[pair], pairs.b[pair]);
      float* maps = out + p * pair_size + offset;
      if (!cohort.has_pair(a, b)) {
        std::fill(maps, maps + size, 0.0f);
        continue;
      }
      maker.make(a, b, /*scaled=*/true, raw.data());
      fold_maps(cohort, raw.data(), maps);
    }
    offset += size;
  }
}

}  // namespace musl
