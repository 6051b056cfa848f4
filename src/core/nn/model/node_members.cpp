#include "nn/model/node_members.h"

namespace musl::nn {

EventSink member_sink(const EventSink& sink, int member, int members) {
  if (!sink) return {};
  return [&sink, member, members](const TrainEvent& event) {
    TrainEvent whole = event;
    whole.phase_index += member * event.n_phases;
    whole.n_phases *= members;
    return sink(whole);
  };
}

void check_member_control(const ControlConfig& control, int members) {
  validate(control);
  if (members < 1 || members > 100) {
    throw InputError("`members` must be at least 1 and at most 100, not " +
                     std::to_string(members) + ".");
  }
  if (!control.checkpoint.empty()) {
    throw InputError("A network of interactions writes no checkpoints.");
  }
}

std::string member_weights(std::size_t member) {
  return "weights/" + std::to_string(member) + "/";
}

}  // namespace musl::nn
