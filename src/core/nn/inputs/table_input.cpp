#include "nn/inputs/table_input.h"

#include <algorithm>
#include <cmath>

namespace musl::nn {

TableInput::Shape TableInput::shape(const Dataset&,
                                    const Preprocess& preprocess) const {
  const auto& mean = preprocess.pair_scaler(table_).mean;
  if (mean.empty()) return {};
  return {static_cast<std::int64_t>(mean.size())};
}

void TableInput::learn(const LearnContext& context, Preprocess* out) const {
  const auto* table = find_table(context.data.pair_tables, table_);
  if (table == nullptr) return;
  out->pair_scalers[table_] = fit_table_scaler(*table, context.training);
}

bool TableInput::available(const Dataset& data) const {
  return find_table(data.pair_tables, table_) != nullptr;
}

bool TableInput::present(const InputContext& context, std::int32_t a,
                         std::int32_t b) const {
  const auto* table = find_table(context.data.pair_tables, table_);
  return table != nullptr && table->find(a, b) != nullptr;
}

void TableInput::make(const InputContext& context, const PairSet& pairs,
                      std::int64_t width, float* out) const {
  const auto* table = find_table(context.data.pair_tables, table_);
  const Scaler& scaler = context.preprocess.pair_scaler(table_);
  for (std::size_t i = 0; i < pairs.a.size(); ++i, out += width) {
    const float* values =
        table == nullptr ? nullptr : table->find(pairs.a[i], pairs.b[i]);
    if (values == nullptr) {
      std::fill_n(out, width, 0.0f);
      continue;
    }
    for (std::size_t c = 0; c < static_cast<std::size_t>(width); ++c) {
      out[c] = std::isfinite(values[c]) ? values[c] : scaler.mean[c];
    }
    scaler.apply(out, 1);
  }
}

std::vector<std::string> TableInput::terms(const InputContext& context) const {
  const auto* table = find_table(context.data.pair_tables, table_);
  if (table == nullptr) return {};
  return table->features().columns;
}

void TableInput::check(const KnownSizes& known, const Dataset& data) const {
  const auto* table = find_table(data.pair_tables, table_);
  if (table == nullptr) return;  // the modality is masked
  require_equal(table->n_columns(),
                static_cast<std::int64_t>(
                    known.preprocess.pair_scaler(table_).mean.size()),
                "columns in table \"" + table_ + "\"");
}

}  // namespace musl::nn
