#pragma once

#include <type_traits>

#include "model/backend.h"

// What this library implements of model/backend.h, by file.

namespace musl::nn {

template <class Pointer>
using FunctionOf = std::remove_pointer_t<Pointer>;

FunctionOf<decltype(Backend::encoder_list)> encoder_list;
FunctionOf<decltype(Backend::read_networks)> read_networks;
FunctionOf<decltype(Backend::fit)> fit;
FunctionOf<decltype(Backend::fit_member)> fit_member;
FunctionOf<decltype(Backend::join_members)> join_members;
FunctionOf<decltype(Backend::train_neural)> train_neural;
FunctionOf<decltype(Backend::fit_interactions)> fit_interactions;
FunctionOf<decltype(Backend::read_interactions)> read_interactions;
FunctionOf<decltype(Backend::fit_sites)> fit_sites;
FunctionOf<decltype(Backend::read_sites)> read_sites;

}  // namespace musl::nn
