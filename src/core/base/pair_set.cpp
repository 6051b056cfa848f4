#include "base/pair_set.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/matrix.h"

namespace musl {

PairSet joined(const PairSet& first, const PairSet& second) {
  PairSet all = first;
  all.a.insert(all.a.end(), second.a.begin(), second.a.end());
  all.b.insert(all.b.end(), second.b.begin(), second.b.end());
  all.label.insert(all.label.end(), second.label.begin(), second.label.end());
  if (!all.has_labels()) all.label.clear();
  return all;
}

PairSet some_pairs(const PairSet& pairs, std::int64_t first,
                   std::int64_t last) {
  const auto cut = [&](const std::vector<std::int32_t>& x) {
    return std::vector<std::int32_t>(x.begin() + first, x.begin() + last);
  };
  return {cut(pairs.a), cut(pairs.b), {}};
}

void check_pairs(const PairSet& pairs, std::int64_t n_genes) {
  if (pairs.a.size() != pairs.b.size() ||
      !(pairs.label.empty() || pairs.has_labels())) {
    throw ShapeError(
        "Pairs must have as many first as second genes and labels.");
  }
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    for (const std::int32_t gene : {pairs.a[i], pairs.b[i]}) {
      if (gene < 0 || gene >= n_genes) {
        throw GeneError("Gene index " + std::to_string(gene) + " of pair " +
                        std::to_string(i) + " is outside 0 to " +
                        std::to_string(n_genes - 1) + ".");
      }
    }
  }
}

std::int64_t pair_key(std::int32_t a, std::int32_t b, std::int64_t n_genes) {
  return static_cast<std::int64_t>(std::min(a, b)) * n_genes + std::max(a, b);
}

std::vector<std::int64_t> pair_keys(const PairSet& pairs,
                                    std::int64_t n_genes) {
  check_pairs(pairs, n_genes);
  std::vector<std::int64_t> keys;
  keys.reserve(pairs.a.size());
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    keys.push_back(pair_key(pairs.a[i], pairs.b[i], n_genes));
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

PairSet pairs_of(const std::vector<std::int64_t>& keys, std::int64_t n_genes) {
  PairSet out;
  for (const std::int64_t key : keys) {
    out.a.push_back(static_cast<std::int32_t>(key / n_genes));
    out.b.push_back(static_cast<std::int32_t>(key % n_genes));
  }
  return out;
}

std::vector<std::int64_t> pair_degree(const PairSet& pairs,
                                      std::int64_t n_genes,
                                      bool positives_only) {
  std::vector<std::int64_t> degree(static_cast<std::size_t>(n_genes), 0);
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    if (positives_only && pairs.label[i] < 0.5f) continue;
    ++degree[static_cast<std::size_t>(pairs.a[i])];
    ++degree[static_cast<std::size_t>(pairs.b[i])];
  }
  return degree;
}

namespace {

constexpr int kMostCode = 127;
constexpr int kScaleBits = 16;

float largest_of(const float* row, std::size_t n) {
  float largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    // Treats NaN as larger than all numbers.
    if (!(std::abs(row[i]) <= largest)) largest = std::abs(row[i]);
    if (std::isnan(largest)) break;
  }
  return largest;
}

float scale_of(float largest) {
  int exponent = 0;
  const double share =
      std::frexp(static_cast<double>(largest) / kMostCode, &exponent);
  return static_cast<float>(std::ldexp(
      std::nearbyint(std::ldexp(share, kScaleBits)), exponent - kScaleBits));
}

/// The nearest code; always 0 if the scale is 0.
std::int8_t code_of(float x, float scale) {
  if (scale == 0) return 0;
  const double nearest = std::nearbyint(static_cast<double>(x) / scale);
  return static_cast<std::int8_t>(
      std::clamp<double>(nearest, -kMostCode, kMostCode));
}

}  // namespace

void round_row(float* row, std::size_t n) {
  const float largest = largest_of(row, n);
  if (!std::isfinite(largest)) return;
  const float scale = scale_of(largest);
  for (std::size_t i = 0; i < n; ++i) {
    row[i] = static_cast<float>(code_of(row[i], scale)) * scale;
  }
}

bool code_row(const float* row, std::size_t n, std::int8_t* codes,
              float* scale) {
  const float largest = largest_of(row, n);
  if (!std::isfinite(largest)) return false;
  *scale = scale_of(largest);
  for (std::size_t i = 0; i < n; ++i) {
    codes[i] = code_of(row[i], *scale);
    const float back = static_cast<float>(codes[i]) * *scale;
    if (bits_of(back) != bits_of(row[i])) return false;
  }
  return true;
}

void row_of_codes(const std::int8_t* codes, std::size_t n, float scale,
                  float* row) {
  for (std::size_t i = 0; i < n; ++i) {
    row[i] = static_cast<float>(codes[i]) * scale;
  }
}

}  // namespace musl
