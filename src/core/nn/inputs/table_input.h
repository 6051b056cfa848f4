#pragma once

#include <string>
#include <utility>

#include "nn/inputs/pair_input.h"

namespace musl::nn {

/// A user's table of pair features as an input of the same name: its columns,
/// standardised on the training pairs; missing values are set to the mean.
/// Present for pairs in the table.
class TableInput : public PairInput {
 public:
  explicit TableInput(std::string table) : table_(std::move(table)) {}

  [[nodiscard]] std::string name() const override { return table_; }
  [[nodiscard]] std::vector<std::string> reads() const override {
    return {"table:" + table_};
  }
  [[nodiscard]] Shape shape(const Dataset& data,
                            const Preprocess& preprocess) const override;
  void learn(const LearnContext& context, Preprocess* out) const override;
  [[nodiscard]] bool available(const Dataset& data) const override;
  [[nodiscard]] bool present(const InputContext& context, std::int32_t a,
                             std::int32_t b) const override;
  void make(const InputContext& context, const PairSet& pairs,
            std::int64_t width, float* out) const override;
  [[nodiscard]] std::vector<std::string> terms(
      const InputContext& context) const override;
  void check(const KnownSizes& known, const Dataset& data) const override;
  using PairInput::check;

 private:
  std::string table_;
};

}  // namespace musl::nn
