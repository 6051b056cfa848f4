#include "nn/learn/strategy.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {
namespace {

/// Each branch apart, then "fuse" with the encoders frozen.
[[maybe_unused]] const bool branches_registered = register_strategy(
    "branches",
    [](const ArchitectureConfig& arch, const ControlConfig& control) {
      std::vector<Phase> phases;
      for (std::size_t i = 0; i < arch.encoders.size(); ++i) {
        phases.push_back(branch_phase(arch, i, control));
      }
      Phase fuse = phase_of("fuse", control);
      fuse.trained = fusion_modules();
      fuse.losses.push_back({"bce", kFused});
      add_alignment(arch, &fuse);
      phases.push_back(fuse);
      return phases;
    });

}  // namespace
}  // namespace musl::nn
