#include "nn/model/plan.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "nn/base/weights.h"
#include "nn/encoders/encoder.h"
#include "nn/inputs/pair_input.h"
#include "nn/learn/strategy.h"
#include "nn/nets/musl_net.h"

namespace musl::nn {

namespace {

using Names = std::vector<std::string>;

/// "adapter" of "adapter.graph".
std::string group_of(const std::string& module) {
  return module.substr(0, module.find('.'));
}

/// The chosen ones of `modules`; a completely chosen group by its name.
Names told(const Names& modules, const Names& chosen) {
  std::map<std::string, std::pair<int, int>> count;  // chosen, and all
  for (const auto& module : modules) ++count[group_of(module)].second;
  for (const auto& module : chosen) ++count[group_of(module)].first;
  Names names;
  for (const auto& module : chosen) {
    const std::string group = group_of(module);
    const bool whole = count[group].first == count[group].second;
    const std::string& name = whole ? group : module;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
  }
  return names;
}

/// Those of `modules` with a parameter that has one of the prefixes.
Names with_prefix(const Names& modules, const Names& prefixes) {
  Names chosen;
  for (const auto& module : modules) {
    const Names own = {module + "."};
    const bool in_part =
        std::any_of(prefixes.begin(), prefixes.end(),
                    [&own](const auto& p) { return has_prefix(p, own); });
    if (in_part || has_prefix(own[0], prefixes)) chosen.push_back(module);
  }
  return chosen;
}

/// "adamw", "adamw with OGM 0.5".
std::string optimiser_text(const Phase& phase) {
  if (phase.modulation <= 0) return phase.optimiser;
  std::ostringstream text;
  text << phase.optimiser << " with OGM " << phase.modulation;
  return text.str();
}

PlannedPhase planned(const Phase& phase, const Names& modules) {
  PlannedPhase out;
  out.name = phase.name;
  const Names trained = with_prefix(modules, phase.trained);
  Names frozen;
  std::copy_if(modules.begin(), modules.end(), std::back_inserter(frozen),
               [&trained](const auto& module) {
                 return std::find(trained.begin(), trained.end(), module) ==
                        trained.end();
               });
  out.trained = told(modules, trained);
  out.frozen = told(modules, frozen);
  if (!phase.reset.empty()) {
    out.reset = told(modules, with_prefix(modules, phase.reset));
  }
  for (const auto& term : phase.losses) out.losses.push_back(term.text());
  out.monitored = phase.monitored;
  out.monitor = phase.monitor;
  out.optimiser = optimiser_text(phase);
  out.schedule = phase.schedule;
  out.learning_rate = phase.learning_rate;
  out.weight_decay = phase.weight_decay;
  out.epochs = phase.epochs;
  out.patience = phase.patience;
  return out;
}

}  // namespace

std::vector<PlannedPhase> training_plan(const ArchitectureConfig& architecture,
                                        const ControlConfig& control) {
  validate(architecture);
  validate(control);
  const Names modules = module_names(architecture);
  std::vector<PlannedPhase> plan;
  for (const auto& phase : make_phases(architecture, control)) {
    plan.push_back(planned(phase, modules));
  }
  return plan;
}

std::vector<InputInfo> input_list() {
  std::vector<InputInfo> list;
  for (const auto* input : all_inputs()) {
    const auto [shape, about] = input->text();
    list.push_back({input->name(), input->reads(), shape, about, {}});
    for (const auto& encoder : encoder_names()) {
      const auto& reads = encoder_info(encoder).reads;
      if (std::find(reads.begin(), reads.end(), input->name()) != reads.end()) {
        list.back().encoders.push_back(encoder);
      }
    }
  }
  return list;
}

std::vector<EncoderReads> encoder_list() {
  std::vector<EncoderReads> list;
  for (const auto& name : encoder_names()) {
    list.push_back({name, encoder_info(name).reads});
  }
  return list;
}

}  // namespace musl::nn
