#include "model/backend.h"

#include "nn/base/device.h"
#include "nn/embed/embed_proteins.h"
#include "nn/model/backend_functions.h"

extern "C" {

/// The backend of this library.
const musl::Backend* musl_backend() {
  namespace nn = musl::nn;
  static const musl::Backend the_backend = {
      nn::device_info,       nn::resolve_device,
      nn::encoder_list,      nn::fit,
      nn::fit_member,        nn::join_members,
      nn::read_networks,     nn::train_neural,
      nn::embed_proteins,    nn::fit_interactions,
      nn::read_interactions, nn::fit_sites,
      nn::read_sites};
  return &the_backend;
}

}  // extern "C"
