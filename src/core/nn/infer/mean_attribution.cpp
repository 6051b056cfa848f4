#include "nn/infer/mean_attribution.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

namespace musl::nn {

namespace {

/// Calls visit(x, y) for each number of two attributions of a pair that differs
/// by member.
template <typename Visit>
void visit_numbers(Attribution* x, const Attribution& y, const Visit& visit) {
  visit(&x->score, y.score);
  visit(&x->reference_score, y.reference_score);
  visit(&x->error, y.error);
  for (std::size_t i = 0; i < x->inputs.size(); ++i) {
    auto& to = x->inputs[i];
    const auto& from = y.inputs[i];
    for (std::size_t k = 0; k < to.contribution.size(); ++k) {
      visit(&to.value[k], from.value[k]);
      visit(&to.reference[k], from.reference[k]);
      visit(&to.contribution[k], from.contribution[k]);
    }
  }
  for (std::size_t i = 0; i < x->branches.size(); ++i) {
    visit(&x->branches[i].logit, y.branches[i].logit);
    visit(&x->branches[i].gate, y.branches[i].gate);
  }
  for (std::size_t i = 0; i < x->partners.size(); ++i) {
    visit(&x->partners[i].contribution, y.partners[i].contribution);
  }
  for (std::size_t i = 0; i < x->neighbours.size(); ++i) {
    visit(&x->neighbours[i].contribution, y.neighbours[i].contribution);
  }
}

}  // namespace

Attribution mean_attribution(const std::vector<Attribution>& of_members) {
  const double share = 1.0 / static_cast<double>(of_members.size());
  Attribution mean = of_members.front();
  visit_numbers(&mean, mean, [=](double* to, double) { *to *= share; });
  for (std::size_t i = 1; i < of_members.size(); ++i) {
    visit_numbers(&mean, of_members[i],
                  [=](double* to, double from) { *to += share * from; });
    mean.steps = std::max(mean.steps, of_members[i].steps);
  }
  return mean;
}

}  // namespace musl::nn
