#include <algorithm>
#include <cmath>

#include "musl/error.h"
#include "nn/learn/target_source.h"

namespace musl::nn {
namespace {

/// The labels of the pairs. Unlabelled pairs do not count.
class Label : public TargetSource {
 public:
  [[nodiscard]] Target of(const PairSet& pairs) const override {
    const auto& label = pairs.label;
    Target target{torch::tensor(label, torch::kFloat32), {}};
    const auto is_missing = [](float x) { return std::isnan(x); };
    if (std::none_of(label.begin(), label.end(), is_missing)) return target;
    const Tensor known = target.value.isnan().logical_not();  // (B)
    target.weight = known.to(torch::kFloat32);
    target.value =
        torch::where(known, target.value, torch::zeros_like(target.value));
    return target;
  }
};

[[maybe_unused]] const bool kLabelRegistered =
    register_target("label", [](const std::string& argument) {
      if (!argument.empty()) {
        throw InputError("The target \"label\" takes no argument, not \"" +
                         argument + "\".");
      }
      return std::make_unique<Label>();
    });

}  // namespace
}  // namespace musl::nn
