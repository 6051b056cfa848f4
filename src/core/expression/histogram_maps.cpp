#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "expression/histogram_count.h"
#include "expression/profile.h"
#include "expression/profile_rows.h"
#include "musl/error.h"
#include "musl/histogram.h"
#include "musl/matrix.h"

namespace musl {

namespace {

using RowMap = Eigen::Map<Matrix>;

/// Channel c of a cohort: assay i of gene a against assay j of gene b in a
/// view, over the samples that detect a or b with ZeroPolicy::test_wise.
struct Channel {
  int view = 0;
  int i = 0;
  int j = 0;
  bool of_b = false;
};

int n_assays(const ExpressionCohort& cohort) {
  return static_cast<int>(cohort.assays.size());
}

bool tests_zeros(const ExpressionCohort& cohort) {
  return cohort.config.zeros == ZeroPolicy::test_wise;
}

int view_channels(const ExpressionCohort& cohort) {
  const int assays = n_assays(cohort);
  return assays * assays * (tests_zeros(cohort) ? 2 : 1);
}

Channel channel_at(const ExpressionCohort& cohort, int c) {
  const int assays = n_assays(cohort);
  const int of_view = c % view_channels(cohort);
  const int within = of_view % (assays * assays);
  return {c / view_channels(cohort), within / assays, within % assays,
          of_view >= assays * assays};
}

int mirror_of(const ExpressionCohort& cohort, int c) {
  const int assays = n_assays(cohort);
  const Channel channel = channel_at(cohort, c);
  const int block = tests_zeros(cohort) && !channel.of_b ? assays * assays : 0;
  return channel.view * view_channels(cohort) + block + channel.j * assays +
         channel.i;
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

/// Samples that count for either half of the channels; null means all.
struct Kept {
  std::vector<std::uint8_t> first, second;
  std::int64_t n_first = 0, n_second = 0;

  void choose(const ExpressionCohort& cohort, std::int32_t row_a,
              std::int32_t row_b) {
    const auto n = static_cast<std::size_t>(cohort.n_samples);
    const std::uint8_t* a = flag_row(cohort, row_a);
    const std::uint8_t* b = flag_row(cohort, row_b);
    const bool tested = cohort.config.zeros == ZeroPolicy::test_wise;
    first.resize(n);
    second.resize(n);
    for (std::size_t s = 0; s < n; ++s) {
      const auto detected_a = static_cast<std::uint8_t>(a[s] / kDetected);
      const auto detected_b = static_cast<std::uint8_t>(b[s] / kDetected);
      first[s] = tested ? detected_a : detected_a | detected_b;
      second[s] = detected_b;
    }
    n_first = std::accumulate(first.begin(), first.end(), std::int64_t{0});
    n_second = std::accumulate(second.begin(), second.end(), std::int64_t{0});
  }
};

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
    const ZeroPolicy zeros = cohort_.config.zeros;
    const bool choosy =
        zeros == ZeroPolicy::drop_double || zeros == ZeroPolicy::test_wise;
    if (choosy) kept_.choose(cohort_, row_a, row_b);
    for (int c = 0; c < raw_channels(cohort_); ++c) {
      const Channel channel = channel_at(cohort_, c);
      const auto& keep = channel.of_b ? kept_.second : kept_.first;
      const std::int64_t n_kept = channel.of_b ? kept_.n_second : kept_.n_first;
      count_samples(codes(channel.view, channel.i, row_a),
                    codes(channel.view, channel.j, row_b),
                    choosy ? keep.data() : nullptr, cohort_.n_samples,
                    cohort_.config.bins, counts_.data());
      present(choosy ? n_kept : cohort_.n_samples, scaled, out + c * cells());
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

  void present(std::int64_t n, bool scaled, float* out) {
    const int bins = cohort_.config.bins;
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
  Kept kept_;
};

void raw_maps(const ExpressionCohort& cohort, std::int32_t a, std::int32_t b,
              bool scaled, float* out) {
  MapMaker maker(cohort);
  if (cohort.has_pair(a, b)) {
    maker.make(a, b, scaled, out);
  } else {
    std::fill(out, out + raw_channels(cohort) * maker.cells(), 0.0f);
  }
}

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

void check_bins(const std::vector<ExpressionCohort>& cohorts) {
  for (const auto& cohort : cohorts) {
    if (cohort.config.bins == cohorts[0].config.bins) continue;
    throw ShapeError(
        "Sources must have one number of bins: \"" + cohorts[0].name +
        "\" has " + std::to_string(cohorts[0].config.bins) + ", \"" +
        cohort.name + "\" has " + std::to_string(cohort.config.bins) + ".");
  }
}

}  // namespace

int raw_channels(const ExpressionCohort& cohort) {
  return static_cast<int>(cohort.n_views()) * view_channels(cohort);
}

int symmetric_channels(const ExpressionCohort& cohort) {
  int maps = 0;
  for (int c = 0; c < raw_channels(cohort); ++c) {
    if (mirror_of(cohort, c) >= c) maps += 2;
  }
  return maps;
}

void pair_counts(const ExpressionCohort& cohort, std::int32_t a, std::int32_t b,
                 float* out) {
  raw_maps(cohort, a, b, /*scaled=*/false, out);
}

void pair_histogram(const ExpressionCohort& cohort, std::int32_t a,
                    std::int32_t b, float* out) {
  raw_maps(cohort, a, b, /*scaled=*/true, out);
}

void independent_histogram(const ExpressionCohort& cohort, std::int32_t a,
                           std::int32_t b, float* out) {
  pair_counts(cohort, a, b, out);
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
                     const PairSet& pairs, std::int64_t first, std::int64_t n,
                     float* out) {
  check_bins(cohorts);
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
    for (std::int64_t p = 0; p < n; ++p) {
      const auto pair = static_cast<std::size_t>(first + p);
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
