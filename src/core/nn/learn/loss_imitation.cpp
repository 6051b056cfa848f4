#include "nn/learn/loss_kind.h"

namespace musl::nn {
namespace {

/// The mean squared distance of an encoder's vector from its target vector, for
/// pairs that have both.
Tensor imitation(const TermInput& input) {
  const NetOutput& out = input.output.all();
  const auto m = input.net.branch_of(input.term.branch);
  const Tensor& vector = out.encoded.at(static_cast<std::size_t>(m));  // (B, D)
  Tensor each = (vector - input.target.value).square().mean(1);        // (B)
  each = each * out.available.select(1, m);
  if (input.target.weight.defined()) each = each * input.target.weight;
  return each.sum();
}

[[maybe_unused]] const bool kImitationRegistered =
    register_loss({"imitation", imitation});

}  // namespace
}  // namespace musl::nn
