#include "nn/train/steps.h"

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "base/error.h"
#include "base/rng.h"
#include "nn/base/boundary.h"
#include "nn/base/parameters.h"
#include "nn/train/batch_gradient.h"
#include "nn/train/trainer.h"

namespace musl::nn {

namespace {

constexpr std::size_t kMostAhead = 8;  // steps of a device

NamedParameters choose_parameters(const torch::nn::Module& module,
                                  const Phase& phase) {
  NamedParameters chosen;
  const NamedParameters all = parameters_of(module);
  for (std::size_t i = 0; i < all.names.size(); ++i) {
    const bool train = trains(phase, all.names[i]);
    all.tensors[i].set_requires_grad(train);
    if (!train) continue;
    chosen.names.push_back(all.names[i]);
    chosen.tensors.push_back(all.tensors[i]);
  }
  return chosen;
}

}  // namespace

Steps::Steps(Learner* learner, const TrainSettings& settings,
             const Phase& phase, std::atomic<std::int64_t>* at_once)
    : learner_(*learner),
      settings_(settings),
      chosen_(choose_parameters(learner->module(), phase)),
      context_{*learner, phase, chosen_.tensors, settings.threads, at_once},
      optimiser_(chosen_.names, chosen_.tensors, phase.weight_decay) {}

std::vector<BatchResult> Steps::take(const std::vector<std::int64_t>& items,
                                     double rate, const TrainEvent& event,
                                     std::uint64_t phase_seed, const Tick& tick,
                                     bool is_last) {
  const std::uint64_t seed =
      derive_seed(phase_seed, static_cast<std::uint64_t>(event.epoch),
                  static_cast<std::uint64_t>(event.batch));
  const auto gradient = [&] {
    try {
      return batch_gradient(context_, items, seed, tick);
    } catch (const std::exception& error) {
      if (!is_out_of_memory(error) || !learner_.free_memory()) throw;
      *context_.at_once = learner_.chunk_size();  // memory is free again
    }
    return batch_gradient(context_, items, seed, tick);
  };
  BatchResult result = gradient();
  result.unread_norm = clip_gradients(&result.gradients, settings_.clip);
  optimiser_.step(result.gradients, rate, settings_.threads);
  result.gradients.clear();
  unread_.push_back(std::move(result));
  taken_.emplace_back(event, rate);
  // Whoever reads them waits for the device.
  const bool runs_ahead = !is_last && !chosen_.tensors.front().is_cpu();
  if (runs_ahead && unread_.size() < kMostAhead) return {};
  return read();
}

std::vector<BatchResult> Steps::read() {
  read_numbers(&unread_);
  for (std::size_t i = 0; i < unread_.size(); ++i) {
    const auto& [event, rate] = taken_[i];
    check_finite(unread_[i].objective, "loss", event, rate);
    check_finite(unread_[i].norm, "gradient norm", event, rate);
  }
  taken_.clear();
  return std::exchange(unread_, {});
}

void check_finite(double value, const std::string& what,
                  const TrainEvent& event, double rate) {
  if (std::isfinite(value)) return;
  std::ostringstream text;
  text << "Training diverged: the " << what << " is not finite in phase \""
       << event.phase << "\", epoch " << event.epoch << ", batch "
       << event.batch << ", at the learning rate " << rate
       << ". Use a smaller learning_rate.";
  throw DivergedError(text.str());
}

}  // namespace musl::nn
