#include "store/unit_rows.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/numbers.h"
#include "store/part.h"

namespace musl {

namespace {

const bool kVectorsAreRegistered = [] {
  PartKind kind = part_kind<KindVectors>("vectors");
  kind.if_empty = true;
  return register_part(kind);
}();

}  // namespace

UnitRows make_unit_rows(const Matrix& x, int bits) {
  const auto largest_code = static_cast<float>((1 << (bits - 1)) - 1);
  UnitRows out;
  out.width = x.cols();
  out.code.assign(at(x.size()), 0);
  out.scale.assign(at(x.rows()), 0);
  for (Eigen::Index g = 0; g < x.rows(); ++g) {
    const float largest = x.cols() == 0 ? 0 : x.row(g).cwiseAbs().maxCoeff();
    if (!(largest > 0) || !std::isfinite(largest)) continue;
    std::int8_t* code = out.code.data() + g * x.cols();
    std::int64_t squares = 0;
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const auto rounded =
          static_cast<int>(std::lround(x(g, j) / largest * largest_code));
      code[j] = static_cast<std::int8_t>(rounded);
      squares += static_cast<std::int64_t>(rounded) * rounded;
    }
    // From the length of the codes, so that a row's cosine with itself is 1.
    out.scale[at(g)] =
        static_cast<float>(1 / std::sqrt(static_cast<double>(squares)));
  }
  return out;
}

float UnitRows::product(std::int32_t a, std::int32_t b) const {
  if (empty() || !has(a) || !has(b)) return kFloatNaN;
  const std::int8_t* x = code.data() + a * width;
  const std::int8_t* y = code.data() + b * width;
  std::int32_t sum = 0;
  for (std::int64_t j = 0; j < width; ++j) {
    sum += static_cast<std::int32_t>(x[j]) * static_cast<std::int32_t>(y[j]);
  }
  const float cosine = static_cast<float>(sum) * (scale[at(a)] * scale[at(b)]);
  return std::clamp(cosine, -1.0F, 1.0F);
}

void UnitRows::add_row(std::int32_t gene, float by, float* out) const {
  if (empty() || gene < 0) return;
  const float factor = scale[at(gene)] * by;
  const std::int8_t* row = code.data() + gene * width;
  for (std::int64_t j = 0; j < width; ++j) {
    out[j] += factor * static_cast<float>(row[j]);
  }
}

float UnitRows::unit_scale() const {
  return std::sqrt(static_cast<float>(width));
}

}  // namespace musl
