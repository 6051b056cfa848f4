#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/events.h"
#include "data/config.h"
#include "io/archive.h"
#include "nn/base/device.h"
#include "nn/base/parameters.h"
#include "nn/train/trainer.h"

// The members of a model of nodes: networks of the same shape, trained one by
// one.

namespace musl::nn {

/// Converts events of one member to those of the whole; `sink` must outlive it.
[[nodiscard]] inline EventSink member_sink(const EventSink& sink, int member,
                                           int members) {
  if (!sink) return {};
  return [&sink, member, members](const TrainEvent& event) {
    TrainEvent whole = event;
    whole.phase_index += member * event.n_phases;
    whole.n_phases *= members;
    return sink(whole);
  };
}

/// Prefix of a member's weights in a model file.
[[nodiscard]] inline std::string member_weights(std::size_t member) {
  return "weights/" + std::to_string(member) + "/";
}

template <class Net>
[[nodiscard]] std::int64_t count_parameters(const std::vector<Net>& nets) {
  std::int64_t n = 0;
  for (const auto& net : nets) n += parameters_of(*net).count();
  return n;
}

/// Moves the networks to the best device; not before the first score, since a
/// process that has a GPU at work cannot fork.
template <class Net>
[[nodiscard]] torch::Device moved_to_device(std::vector<Net>* nets) {
  const torch::Device device = device_of("auto");
  for (auto& net : *nets) net->to(device);
  return device;
}

template <class Net>
void put_members(const std::vector<Net>& nets, Archive* archive) {
  for (std::size_t i = 0; i < nets.size(); ++i) {
    put_parameters(member_weights(i), parameters_of(*nets[i]), archive);
  }
}

template <class Net, class Shape>
[[nodiscard]] std::vector<Net> read_members(int members, const Shape& shape,
                                            const Archive& archive) {
  std::vector<Net> nets;
  for (int i = 0; i < members; ++i) {
    Net net(shape);
    copy_parameters(archive, member_weights(static_cast<std::size_t>(i)),
                    parameters_of(*net));
    nets.push_back(net);
  }
  return nets;
}

/// Trains a member and records it in `fit`. False if it was cancelled before it
/// was usable: the previous members form the model. Throws CancelledError if
/// there are none.
template <class Fit>
[[nodiscard]] bool train_one(Learner* learner, const TrainSettings& settings,
                             int member, Fit* fit) {
  TrainOutcome outcome;
  try {
    outcome = train(learner, settings);
  } catch (const CancelledError&) {
    if (member == 0) throw;
    fit->cancelled = true;
    return false;
  }
  for (auto& record : outcome.history) {
    record.member = member + 1;
    fit->history.push_back(std::move(record));
  }
  fit->cancelled = outcome.cancelled;
  fit->converged = fit->converged && outcome.converged;
  return true;
}

}  // namespace musl::nn
