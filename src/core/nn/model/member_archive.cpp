#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "musl/content_hash.h"
#include "musl/error.h"
#include "nn/base/weights.h"
#include "nn/learn/musl_learner.h"
#include "nn/model/member.h"
#include "nn/train/checkpoint.h"

namespace musl::nn {

namespace {

using Json = nlohmann::json;
using Shape = std::vector<std::int64_t>;

constexpr char kMemberWeights[] = "weights/";

template <typename T>
void add(const std::vector<T>& values, ContentHash* hash) {
  hash->update(values.data(), values.size() * sizeof(T));
}

/// What the joining process must share with the member's process.
///
/// before  the network before its training
std::string identity_of(const FitProblem& problem, const FitStart& start,
                        std::size_t member, const MuslNet& before) {
  const auto& [training, validation, calibration] = problem.parts[member];
  const PairSet& pool = start.model->data.known;
  ContentHash hash;
  add(pool.a, &hash);
  add(pool.b, &hash);
  add(pool.label, &hash);
  Json identity = Json::parse(run_identity(
      start.model->architecture, member_control(problem.control, member),
      training, joined(validation, calibration), parameters_of(*before)));
  identity["member"] = member + 1;
  identity["ensemble"] = problem.parts.size();
  identity["genes"] = start.model->data.n_genes;
  identity["pairs of all members"] = hash.hex();
  return identity.dump();
}

void require(bool holds, const std::string& what) {
  if (!holds) {
    throw FormatError("The archive of a member is damaged: " + what + ".");
  }
}

std::string metadata(const Archive& archive, const std::string& name) {
  const auto found = archive.metadata.find(name);
  require(found != archive.metadata.end(), "it lacks \"" + name + "\"");
  return found->second;
}

void require_shape(const Archive& archive, const std::string& name,
                   const Shape& shape) {
  require(archive.shape(name) == shape,
          "tensor \"" + name + "\" has another size than the pairs");
}

void read_scores(const Archive& archive, std::int64_t n_pairs,
                 std::int64_t n_logits, Member* member) {
  require_shape(archive, "logits", {n_pairs, n_logits});
  require_shape(archive, "scored", {n_pairs});
  require_shape(archive, "n_unseen", {n_pairs});
  const auto logits = archive.floats("logits");
  member->logits = Eigen::Map<const Matrix>(logits.data(), n_pairs, n_logits);
  member->scored = archive.bytes("scored");
  member->n_unseen = archive.ints("n_unseen");
  require(std::all_of(member->n_unseen.begin(), member->n_unseen.end(),
                      [](int n) { return n >= 0 && n <= 2; }),
          "a pair does not have 0, 1 or 2 unseen genes");
  for (std::int64_t i = 0; i < n_pairs; ++i) {
    require(member->scored[static_cast<std::size_t>(i)] == 0 ||
                member->logits.row(i).allFinite(),
            "a score is not finite");
  }
}

void read_weights(const Archive& archive, MuslNetImpl* net) {
  const auto parameters = parameters_of(*net);
  copy_parameters(archive, kMemberWeights, parameters);
  const auto n_weights = std::count_if(
      archive.tensors.begin(), archive.tensors.end(), [](const auto& item) {
        return item.first.rfind(kMemberWeights, 0) == 0;
      });
  require(n_weights == static_cast<std::ptrdiff_t>(parameters.names.size()),
          "it holds weights that this architecture does not have");
  net->eval();
}

Member read_member(const FitProblem& problem, const FitStart& start,
                   std::size_t member, const Archive& archive) {
  Member trained;
  trained.net = start_net(problem, start, member);
  const std::string stored = metadata(archive, "identity");
  const std::string own = identity_of(problem, start, member, trained.net);
  if (stored != own) {
    throw FormatError("The archive of member " + std::to_string(member + 1) +
                      " belongs to another one; they differ in " +
                      first_difference(stored, own) + ".");
  }
  read_weights(archive, trained.net.get());
  read_scores(archive, problem.parts[member].judged().size(),
              1 + static_cast<std::int64_t>(trained.net->encoders().size()),
              &trained);
  trained.history = get_history(archive);
  const auto converged = archive.bytes("converged");
  require(converged.size() == 1, "it tells nothing or too much of its end");
  trained.converged = converged[0] != 0;
  return trained;
}

}  // namespace

Archive to_archive(const FitProblem& problem, const FitStart& start,
                   std::size_t member, const Member& trained) {
  Archive archive;
  archive.metadata["identity"] =
      identity_of(problem, start, member, start_net(problem, start, member));
  put_history(trained.history, &archive);
  put_parameters(kMemberWeights, parameters_of(*trained.net), &archive);
  const auto n = static_cast<std::int64_t>(trained.scored.size());
  archive.put("logits", {trained.logits.rows(), trained.logits.cols()},
              trained.logits.data());
  archive.put("scored", {n}, trained.scored.data());
  archive.put("n_unseen", {n}, trained.n_unseen.data());
  const std::uint8_t converged = trained.converged ? 1 : 0;
  archive.put("converged", {1}, &converged);
  return archive;
}

Member from_archive(const FitProblem& problem, const FitStart& start,
                    std::size_t member, const Archive& archive) {
  try {
    return read_member(problem, start, member, archive);
  } catch (const Json::exception& error) {
    throw FormatError(std::string("The archive of a member is damaged: ") +
                      error.what());
  }
}

}  // namespace musl::nn
