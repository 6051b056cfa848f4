#include "nn/kernels/pooled_stage.h"

#include "nn/kernels/map_stage.h"
#include "nn/kernels/wide_stage.h"
#include "nn/kernels/winograd_stage.h"

namespace musl::nn {
namespace {

Tensor run_stage(const Tensor& maps, const Tensor& weight, const Tensor& bias,
                 Tensor* silent) {
  if (has_wide_stage(maps, weight)) {
    return wide_stage(maps, weight, bias, silent);
  }
  return has_winograd_stage(maps, weight)
             ? winograd_stage(maps, weight, bias, silent)
             : map_stage(maps, weight, bias, silent);
}

class PooledStage : public torch::autograd::Function<PooledStage> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context,
                        const Tensor& maps, const Tensor& weight,
                        const Tensor& bias) {
    Tensor silent;
    auto out = run_stage(maps, weight, bias, &silent);
    context->save_for_backward({maps, weight, silent});
    context->saved_data["of_maps"] = maps.requires_grad();
    return out;
  }

  static torch::autograd::variable_list backward(
      torch::autograd::AutogradContext* context,
      torch::autograd::variable_list upstream) {
    const auto saved = context->get_saved_variables();
    const auto &maps = saved[0], &weight = saved[1], &silent = saved[2];
    const auto found =
        has_winograd_stage(maps, weight)
            ? winograd_gradients(maps, weight, silent, upstream[0],
                                 context->saved_data["of_maps"].toBool())
            : map_gradients(maps, weight, silent, upstream[0]);
    return {found.maps, found.weight, found.bias};
  }
};

}  // namespace

bool has_pooled_stage(const Tensor& maps, const Tensor& weight) {
  return has_winograd_stage(maps, weight) || has_map_stage(maps, weight);
}

Tensor pooled_stage(const Tensor& maps, const Tensor& weight,
                    const Tensor& bias) {
  const bool gradients =
      c10::GradMode::is_enabled() &&
      (maps.requires_grad() || weight.requires_grad() || bias.requires_grad());
  return gradients ? PooledStage::apply(maps, weight, bias)
                   : run_stage(maps, weight, bias, /*silent=*/nullptr);
}

}  // namespace musl::nn
