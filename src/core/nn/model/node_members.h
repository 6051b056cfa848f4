#pragma once

#include "musl/config.h"
#include "musl/events.h"

namespace musl::nn {

/// Events of one member of a model of nodes as a part of the whole; `sink` must
/// outlive it.
[[nodiscard]] EventSink member_sink(const EventSink& sink, int member,
                                    int members);

/// InputError for a number of members or a control that models of nodes do not
/// take.
void check_member_control(const ControlConfig& control, int members);

}  // namespace musl::nn
