#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "data/column_moments.h"
#include "musl/error.h"
#include "musl/parallel.h"
#include "musl/preprocess.h"
#include "nn/base/boundary.h"
#include "nn/base/layers.h"
#include "nn/base/parameters.h"
#include "nn/learn/learner.h"
#include "nn/model/backend_functions.h"
#include "nn/train/trainer.h"

namespace musl::nn {

namespace {

constexpr std::int64_t kHidden[] = {96, 48};
constexpr float kClipped = 6.0f;
constexpr std::int64_t kPairsScored = 2048;
constexpr const char* kPrefix = "net.";

/// Features of all pairs, (n, F).
std::vector<float> all_features(const StudentFeatures& features,
                                const PairSet& pairs, int threads) {
  const std::int64_t n = pairs.size();
  const std::int64_t width = features.columns();
  std::vector<float> x(static_cast<std::size_t>(n * width));
  parallel_blocks(
      n, kPairsScored, threads, [&](std::int64_t first, std::int64_t last) {
        features.make(pairs, first, last - first, x.data() + first * width);
      });
  return x;
}

Mlp make_net(std::int64_t columns) {
  return Mlp(std::vector<std::int64_t>{columns, kHidden[0], kHidden[1], 1},
             /*norm=*/false, /*dropout=*/0.0);
}

Tensor as_tensor(float* values, std::int64_t rows, std::int64_t columns) {
  return torch::from_blob(values, {rows, columns}, torch::kFloat32);
}

Phase least_squares() {
  Phase phase;
  phase.name = "student";
  phase.losses = {{"squares", ""}};
  phase.epochs = phase.patience = 12;
  phase.learning_rate = 4e-3;
  phase.weight_decay = 1e-4;
  phase.warmup = 0.1;
  return phase;
}

/// The student of an atlas: a perceptron that learns a model's scores of pairs
/// by least squares. On the CPU, where its features take longer than its
/// products.
class StudentLearner : public Learner {
 public:
  /// x (n, F), y (n): features and target, standardised; on the CPU
  StudentLearner(Mlp net, Tensor x, Tensor y)
      : net_(std::move(net)),
        x_(std::move(x)),
        y_(std::move(y)),
        phases_{least_squares()} {}

  [[nodiscard]] torch::nn::Module& module() override { return *net_; }
  [[nodiscard]] const std::vector<Phase>& phases() const override {
    return phases_;
  }
  [[nodiscard]] std::int64_t n_items() const override { return x_.size(0); }
  /// A whole batch: its products are too small to split among threads.
  [[nodiscard]] std::int64_t chunk_size() const override { return kBatch; }
  [[nodiscard]] ChunkLoss chunk_loss(const Chunk& chunk) const override {
    const Tensor rows = torch::tensor(chunk.own_items(), torch::kInt64);
    const Tensor found =
        net_->forward(x_.index_select(0, rows), /*rng=*/nullptr).squeeze(1);
    const Tensor sum = (found - y_.index_select(0, rows)).square().sum();
    return {
        {sum}, sum.detach(), torch::full({}, static_cast<float>(chunk.n)), {}};
  }

  static constexpr int kBatch = 512;

 private:
  mutable Mlp net_;
  Tensor x_, y_;
  std::vector<Phase> phases_;
};

struct StudentMlp final : Student {
  StudentMlp(const StudentFeatures& made, Scaler inputs, double centre,
             double spread)
      : features(made),
        scaler(std::move(inputs)),
        mean(centre),
        scale(spread),
        net(make_net(made.columns())) {}

  [[nodiscard]] std::vector<float> score(
      const PairSet& pairs, int threads,
      const musl::Tick& tick) const override {
    return at_boundary("Shortlisting", [&] {
      const SingleThreadGuard single_thread;
      const std::int64_t n = pairs.size(), width = features.columns();
      std::vector<float> out(static_cast<std::size_t>(n));
      std::atomic<std::int64_t> done{0};
      const auto block = [&](std::int64_t first, std::int64_t last) {
        const torch::NoGradGuard no_grad;  // the mode is each thread's own
        adopt_thread_limit();
        const auto size = last - first;
        std::vector<float> x(static_cast<std::size_t>(size * width));
        features.make(pairs, first, size, x.data());
        scaler.apply(x.data(), size, kClipped);
        const auto scores =
            net->forward(as_tensor(x.data(), size, width), nullptr)
                .squeeze(1)
                .mul(scale)
                .add(mean)
                .contiguous();
        std::copy_n(scores.data_ptr<float>(), size, out.begin() + first);
        done += size;
      };
      std::function<bool()> report;
      if (tick) report = [&] { return tick(done, n); };
      parallel_blocks(n, kPairsScored, threads, block, report);
      return out;
    });
  }
  [[nodiscard]] Archive to_archive() const override {
    Archive archive;
    const auto width = static_cast<std::int64_t>(scaler.mean.size());
    const double target[] = {mean, scale};
    archive.put("mean", {width}, scaler.mean.data());
    archive.put("scale", {width}, scaler.scale.data());
    archive.put("target", {2}, target);
    put_parameters(kPrefix, parameters_of(*net), &archive);
    return archive;
  }

  const StudentFeatures& features;
  Scaler scaler;
  double mean, scale;  // of the target
  mutable Mlp net;
};

/// Reports training steps to the tick.
EventSink sink_of(const musl::Tick& tick) {
  if (!tick) return {};
  return [&tick](const TrainEvent& event) {
    const auto before = std::max(event.epoch - 1, 0) * event.n_batches;
    return tick(before + event.batch, event.n_epochs * event.n_batches);
  };
}

void fit_net(const Mlp& net, const Tensor& x, const Tensor& y,
             std::uint64_t seed, int threads, const musl::Tick& tick) {
  StudentLearner learner(net, x, y);
  const EventSink sink = sink_of(tick);
  TrainSettings settings{sink, seed, StudentLearner::kBatch};
  settings.threads = threads;
  if (train(&learner, settings).cancelled) {
    throw CancelledError("Interrupted.");
  }
}

}  // namespace

std::shared_ptr<const Student> train_student(const StudentFeatures& features,
                                             const PairSet& pairs,
                                             const std::vector<double>& target,
                                             std::uint64_t seed, int threads,
                                             const musl::Tick& tick) {
  return at_boundary("Shortlisting", [&] {
    const SingleThreadGuard single_thread;
    const std::int64_t n = pairs.size(), width = features.columns();
    auto x = all_features(features, pairs, threads);
    const auto y = torch::tensor(target, torch::kFloat64);
    const double mean = y.mean().item<double>();
    const double scale =
        std::max(y.std(/*unbiased=*/false).item<double>(), 1e-6);
    ColumnMoments columns(width);
    for (std::int64_t i = 0; i < n; ++i) columns.add_row(x.data() + i * width);
    auto student =
        std::make_shared<StudentMlp>(features, columns.scaler(), mean, scale);
    student->scaler.apply(x.data(), n, kClipped);
    initialise(*student->net, seed);
    fit_net(student->net, as_tensor(x.data(), n, width),
            ((y - mean) / scale).to(torch::kFloat32), seed, threads, tick);
    return student;
  });
}

std::shared_ptr<const Student> read_student(const Archive& archive,
                                            const StudentFeatures& features) {
  const Scaler scaler{archive.floats("mean"), archive.floats("scale")};
  if (static_cast<int>(scaler.mean.size()) != features.columns()) {
    throw FormatError("The student must read " +
                      std::to_string(features.columns()) +
                      " features; the file's reads " +
                      std::to_string(scaler.mean.size()) + ".");
  }
  const auto target = archive.doubles("target");
  const auto student = std::make_shared<StudentMlp>(features, scaler,
                                                    target.at(0), target.at(1));
  copy_parameters(archive, kPrefix, parameters_of(*student->net));
  return student;
}

}  // namespace musl::nn
