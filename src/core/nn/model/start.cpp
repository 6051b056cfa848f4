#include "nn/model/start.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/rng.h"
#include "data/partner_spaces.h"
#include "nn/encoders/encoder.h"
#include "nn/inputs/batcher.h"
#include "nn/model/backend_functions.h"
#include "nn/model/networks.h"

namespace musl::nn {

namespace {

void check_labels(const PairSet& pairs, const std::string& part,
                  std::int64_t n_genes) {
  check_pairs(pairs, n_genes);
  std::int64_t n_positive = 0;
  for (const float label : pairs.label) {
    if (label != 0.0f && label != 1.0f) {
      throw InputError("Labels of the " + part + " pairs must be 0 or 1, not " +
                       std::to_string(label) + ".");
    }
    n_positive += label == 1.0f ? 1 : 0;
  }
  if (!pairs.has_labels() || n_positive == 0 || n_positive == pairs.size()) {
    throw InputError("The " + part + " pairs must hold SL and non-SL pairs; " +
                     std::to_string(n_positive) + " of " +
                     std::to_string(pairs.size()) +
                     " are SL. Add pairs of the other class.");
  }
}

/// Whether the dataset has any input of this encoder.
bool has_input(const Dataset& data, const std::string& encoder) {
  const auto inputs = pair_inputs(encoder_info(encoder).reads);
  return std::all_of(inputs.begin(), inputs.end(), [&data](const auto* input) {
    return input->available(data);
  });
}

ArchitectureConfig with_usable_encoders(ArchitectureConfig architecture,
                                        const Dataset& data) {
  auto& names = architecture.encoders;
  names.erase(
      std::remove_if(names.begin(), names.end(),
                     [&](const auto& name) { return !has_input(data, name); }),
      names.end());
  if (names.empty()) {
    throw InputError(
        "The data holds nothing that the encoders asked for can read. Add "
        "expression, a network or embeddings.");
  }
  return architecture;
}

/// Whether the encoder reads only labelled pairs.
bool reads_pairs_alone(const std::string& encoder) {
  const auto inputs = pair_inputs(encoder_info(encoder).reads);
  return std::all_of(inputs.begin(), inputs.end(), [](const auto* input) {
    return input->reads() == std::vector<std::string>{"pairs"};
  });
}

void check_training_data(const Dataset& data,
                         const ArchitectureConfig& architecture,
                         const PairSet& training) {
  const auto& encoders = architecture.encoders;
  // Without data on genes, only known partners remain to learn from.
  if (std::all_of(encoders.begin(), encoders.end(), reads_pairs_alone)) return;
  std::vector<Modality> modalities;
  for (const auto& name : encoders) {
    modalities.push_back({name, encoder_info(name).reads});
  }
  const Preprocess nothing_learned;
  const PartnerInputs nobody_known;
  const auto use = pairs_with_data({data, nothing_learned, nobody_known},
                                   modalities, training);
  if (std::none_of(use.begin(), use.end(), [](auto x) { return x != 0; })) {
    throw InputError("None of the " + std::to_string(training.size()) +
                     " training pairs has both genes in a cohort or in the "
                     "graph. Check that pairs and data name the same genes.");
  }
}

void check_parts(const std::vector<TrainingPart>& parts, std::int64_t n_genes) {
  if (parts.empty()) {
    throw InputError("A model must have at least one member to train.");
  }
  for (const auto& part : parts) {
    check_labels(part.training, "training", n_genes);
    if (part.validation.size() > 0) {
      check_labels(part.validation, "validation", n_genes);
    }
    if (part.calibration.size() > 0) {
      check_labels(part.calibration, "calibration", n_genes);
    }
  }
}

}  // namespace

FitStart start_fit(const FitProblem& problem, Dataset data) {
  validate(problem.asked);
  validate(problem.control);
  check_parts(problem.parts, data.n_genes);
  const int threads = problem.control.threads;
  FitStart start{std::make_shared<ModelState>(), {}};
  ModelState& model = *start.model;
  model.architecture = with_usable_encoders(problem.asked, data);
  PairSet pool = pooled_training(problem.parts, data.n_genes);
  check_training_data(data, model.architecture, pool);
  model.preprocess = fit_preprocess(data, pool, threads);
  const bool with_partners = reads_partners(model.architecture);
  if (with_partners) {
    start.spaces = partner_spaces(data, model.preprocess, threads);
  }
  learn_inputs({data, pool, with_partners ? &start.spaces : nullptr, threads},
               &model.preprocess);
  model.data = std::move(data);
  model.data.known = std::move(pool);
  model.has_inputs = true;
  return start;
}

std::vector<EncoderReads> encoder_list() {
  std::vector<EncoderReads> list;
  for (const auto& name : encoder_names()) {
    list.push_back({name, {}});
    for (const auto* input : pair_inputs(encoder_info(name).reads)) {
      list.back().inputs.push_back(input->reads());
    }
  }
  return list;
}

PairSet pooled_training(const std::vector<TrainingPart>& parts,
                        std::int64_t n_genes) {
  std::map<std::int64_t, float> labels;
  for (const auto& part : parts) {
    const PairSet& pairs = part.training;
    for (std::size_t i = 0; i < pairs.a.size(); ++i) {
      labels.emplace(pair_key(pairs.a[i], pairs.b[i], n_genes), pairs.label[i]);
    }
  }
  PairSet pool;
  for (const auto& [key, label] : labels) {
    pool.a.push_back(static_cast<std::int32_t>(key / n_genes));
    pool.b.push_back(static_cast<std::int32_t>(key % n_genes));
    pool.label.push_back(label);
  }
  return pool;
}

ControlConfig member_control(const ControlConfig& control, std::size_t member) {
  ControlConfig own = control;
  if (member == 0) return own;
  own.seed = static_cast<std::int64_t>(
      derive_seed(static_cast<std::uint64_t>(control.seed), 2, member) >> 1);
  if (!own.checkpoint.empty()) {
    own.checkpoint += "." + std::to_string(member + 1);
  }
  return own;
}

}  // namespace musl::nn
