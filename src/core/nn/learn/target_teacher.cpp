#include <algorithm>
#include <utility>

#include "musl/error.h"
#include "nn/infer/predictor.h"
#include "nn/learn/target_source.h"

namespace musl::nn {
namespace {

/// The vectors of the training pairs by a separately trained encoder, computed
/// at the end of its branch's phase.
class Teacher : public TargetSource {
 public:
  explicit Teacher(std::string encoder) : encoder_(std::move(encoder)) {}

  void phase_ended(const TargetContext& context) override;
  [[nodiscard]] Target of(const PairSet& pairs) const override;
  void put_state(const std::string& prefix, Archive* archive) const override;
  void get_state(const std::string& prefix, const Archive& archive) override;

 private:
  void index();

  std::string encoder_;
  PairSet pairs_;
  Matrix vectors_;  // (pairs, D)
  std::int64_t n_genes_ = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> order_;  // key, row
};

void Teacher::phase_ended(const TargetContext& context) {
  if (context.phase.name != "branch:" + encoder_) return;
  ScoreRequest request;
  request.branch = context.net->branch_of(encoder_);
  request.embedding = true;
  request.threads = context.threads;
  const Batcher batcher(context.inputs, context.net->wanted(request.branch),
                        context.net->sizes(), context.device);
  const Predictor predictor(context.net, context.inputs.data, batcher,
                            context.genes);
  pairs_ = {context.training.a, context.training.b, {}};
  vectors_ = predictor.score(pairs_, request).embedding;
  n_genes_ = context.inputs.data.n_genes;
  index();
}

void Teacher::index() {
  order_.clear();
  for (std::size_t i = 0; i < pairs_.a.size(); ++i) {
    order_.emplace_back(pair_key(pairs_.a[i], pairs_.b[i], n_genes_),
                        static_cast<std::int64_t>(i));
  }
  std::sort(order_.begin(), order_.end());
}

Target Teacher::of(const PairSet& pairs) const {
  const auto n = pairs.size();
  Matrix value = Matrix::Zero(n, vectors_.cols());
  std::vector<float> weight(static_cast<std::size_t>(n), 0.0f);
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const auto key = pair_key(pairs.a[i], pairs.b[i], n_genes_);
    const auto found = std::lower_bound(
        order_.begin(), order_.end(),
        std::pair<std::int64_t, std::int64_t>{key, std::int64_t{0}});
    if (found == order_.end() || found->first != key) continue;
    value.row(static_cast<Eigen::Index>(i)) = vectors_.row(found->second);
    weight[i] = 1.0f;
  }
  return {to_tensor(value), torch::tensor(weight, torch::kFloat32)};
}

void Teacher::put_state(const std::string& prefix, Archive* archive) const {
  if (pairs_.a.empty()) return;
  const std::vector<std::int64_t> shape{pairs_.size()};
  archive->put(prefix + "n_genes", {1}, &n_genes_);
  archive->put(prefix + "a", shape, pairs_.a.data());
  archive->put(prefix + "b", shape, pairs_.b.data());
  archive->put(prefix + "vectors", {vectors_.rows(), vectors_.cols()},
               vectors_.data());
}

void Teacher::get_state(const std::string& prefix, const Archive& archive) {
  if (!archive.has(prefix + "vectors")) return;
  n_genes_ = archive.longs(prefix + "n_genes").at(0);
  pairs_ = {archive.ints(prefix + "a"), archive.ints(prefix + "b"), {}};
  const auto values = archive.floats(prefix + "vectors");
  const auto n = pairs_.a.size();
  if (n == 0 || pairs_.b.size() != n || values.size() % n != 0) {
    throw FormatError("The checkpoint's teachers have no common length.");
  }
  check_pairs(pairs_, n_genes_);
  const auto rows = static_cast<Eigen::Index>(n);
  vectors_ = Eigen::Map<const Matrix>(
      values.data(), rows, static_cast<Eigen::Index>(values.size()) / rows);
  index();
}

[[maybe_unused]] const bool kTeacherRegistered =
    register_target("teacher", [](const std::string& argument) {
      if (argument.empty()) {
        throw InputError(
            "The target \"teacher\" needs the encoder that teaches: "
            "\"teacher:<encoder>\".");
      }
      return std::make_unique<Teacher>(argument);
    });

}  // namespace
}  // namespace musl::nn
