// Correctness and speed of the core on every device: devices [--smoke]
//
// Prints markdown tables; exits 1 where a check fails. Without a CUDA device it
// compares threads and micro-batches of the CPU and says so.

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "base/os.h"
#include "judge/metrics.h"
#include "model/backend.h"
#include "model/model.h"
#include "world.h"

namespace musl::bench {
namespace {

constexpr double kWithinCpu = 1e-6;
constexpr double kAcrossDevices = 1e-4;
constexpr double kRanksAlike = 0.9999;
constexpr double kLearnsAlike = 0.05;  // AUROC: a GPU draws other masks
constexpr int kTrainingEpochs = 2;

struct Setting {
  std::string device = "cpu";
  int threads = 1;
  int micro_batch = 64;

  [[nodiscard]] std::string text() const {
    return device + ", " + std::to_string(threads) + " thread(s), " +
           std::to_string(micro_batch) + " pairs";
  }
};

struct Scored {
  std::vector<double> score;
  double seconds = 0;
};

Scored score_with(const Setting& setting, const Model& model,
                  const PairSet& pairs) {
  PredictOptions options;
  options.device = setting.device;
  options.threads = setting.threads;
  options.micro_batch = setting.micro_batch;
  const auto made = make_pair_scorer(model, model.kept(), pairs, options);
  PairScorer& scorer = *made;
  scorer.prepare_all_genes();
  // The first pairs warm the device up.
  const auto last = *std::max_element(pairs.a.begin(), pairs.a.end());
  static_cast<void>(scorer.score(random_pairs(64, last + 1, 9)));
  Scored result;
  // One thread of the CPU: other work on the machine does not count.
  const bool alone = setting.device == "cpu" && setting.threads == 1;
  const auto now = alone ? processor_seconds : elapsed_seconds;
  const double start = now();
  result.score = scorer.score(pairs).score;
  result.seconds = now() - start;
  return result;
}

std::vector<double> ranks(const std::vector<double>& x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t j) { return x[i] < x[j]; });
  std::vector<double> rank(x.size());
  for (std::size_t r = 0; r < order.size(); ++r) {
    rank[order[r]] = static_cast<double>(r);
  }
  return rank;
}

/// Spearman's correlation; scores have no ties to speak of.
double rank_correlation(const std::vector<double>& x,
                        const std::vector<double>& y) {
  const auto a = ranks(x), b = ranks(y);
  const auto n = static_cast<double>(x.size());
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    squares += (a[i] - b[i]) * (a[i] - b[i]);
  }
  return 1.0 - 6.0 * squares / (n * (n * n - 1.0));
}

double largest_difference(const std::vector<double>& x,
                          const std::vector<double>& y) {
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double difference = std::abs(x[i] - y[i]);
    // NaN is no agreement.
    largest = difference <= largest ? largest : difference;
  }
  return largest;
}

struct Row {
  Setting setting;
  double allowed = kWithinCpu;
};

std::vector<Row> rows_of(int cuda_devices) {
  const int threads = std::max(2, available_threads());
  std::vector<Row> rows = {{{"cpu", threads, 64}, kWithinCpu},
                           {{"cpu", 1, 16}, kWithinCpu},
                           {{"cpu", 1, 256}, kWithinCpu}};
  for (int i = 0; i < cuda_devices; ++i) {
    const std::string device = "cuda:" + std::to_string(i);
    rows.push_back({{device, 1, 4096}, kAcrossDevices});
    rows.push_back({{device, threads, 4096}, kAcrossDevices});
  }
  return rows;
}

/// Prints a line for each setting; false where one is off.
bool compare(const Model& model, const PairSet& pairs, int cuda_devices) {
  const Setting first;
  const Scored reference = score_with(first, model, pairs);
  const auto rate = [&](const Scored& scored) {
    return static_cast<double>(pairs.size()) / scored.seconds;
  };
  std::printf(
      "| prediction | pairs/s | largest difference | rank correlation | holds "
      "|\n|---|---|---|---|---|\n| %s | %.0f | | | |\n",
      first.text().c_str(), rate(reference));
  bool all = true;
  for (const Row& row : rows_of(cuda_devices)) {
    const Scored scored = score_with(row.setting, model, pairs);
    const double off = largest_difference(reference.score, scored.score);
    const double alike = rank_correlation(reference.score, scored.score);
    const bool holds = alike >= kRanksAlike && off <= row.allowed;
    all = all && holds;
    std::printf("| %s | %.0f | %.1e | %.6f | %s |\n",
                row.setting.text().c_str(), rate(scored), off, alike,
                holds ? "yes" : "no");
  }
  return all;
}

/// What a network learned on a device and how fast.
struct Trained {
  Setting setting;
  double rate = 0;   // pairs a second
  double auroc = 0;  // of the pairs that it trained on
  std::optional<Model> model;
};

Trained train_with(const Setting& setting, const World& world) {
  Trained result;
  result.setting = setting;
  std::vector<double> seconds;
  result.model = train_world(world, setting.device, setting.threads,
                             kTrainingEpochs, &seconds);
  result.rate = static_cast<double>(world.training.size()) /
                *std::min_element(seconds.begin(), seconds.end());
  result.auroc = auroc(
      score_with({"cpu", available_threads()}, *result.model, world.training)
          .score,
      world.training.label);
  return result;
}

/// Prints a line for each device; false where one learned something else.
bool train_everywhere(const World& world, int cuda_devices,
                      std::optional<Model>* first) {
  std::vector<Setting> settings{{"cpu", 1}, {"cpu", 2}};
  for (int i = 0; i < cuda_devices; ++i) {
    const std::string device = "cuda:" + std::to_string(i);
    settings.push_back({device, 1});
    settings.push_back({device, std::max(2, available_threads())});
  }
  std::printf(
      "| training, %lld pairs a step | pairs/s | times 2 threads | AUROC of "
      "them | holds |\n|---|---|---|---|---|\n",
      static_cast<long long>(kBatch));
  std::vector<Trained> all;
  bool hold = true;
  for (const auto& setting : settings) {
    all.push_back(train_with(setting, world));
    const Trained& now = all.back();
    const bool holds = std::abs(now.auroc - all.front().auroc) <= kLearnsAlike;
    hold = hold && holds;
    std::printf("| %s, %d thread(s) | %.0f | %.1f | %.3f | %s |\n",
                setting.device.c_str(), setting.threads, now.rate,
                now.rate / all[std::min<std::size_t>(all.size() - 1, 1)].rate,
                now.auroc, holds ? "yes" : "no");
    std::fflush(stdout);
  }
  *first = all.front().model;
  return hold;
}

/// Takes the memory of a device until less than `left` bytes are free.
std::vector<torch::Tensor> fill_memory(const std::string& device,
                                       std::int64_t left) {
  std::vector<torch::Tensor> taken;
  for (std::int64_t size = std::int64_t{1} << 32; size >= left; size /= 2) {
    try {
      for (;;) {
        taken.push_back(
            torch::empty({size}, torch::dtype(torch::kUInt8).device(device)));
      }
    } catch (const c10::OutOfMemoryError&) {
      // The next smaller block, then.
    }
  }
  return taken;
}

/// Scores in micro-batches that a nearly full GPU does not hold.
bool score_with_little_memory(const World& world, const Model& model,
                              const std::string& device) {
  const auto expected = score_with({}, model, world.asked).score;
  const auto taken = fill_memory(device, std::int64_t{1} << 30);
  const int all = static_cast<int>(world.asked.size());
  const Scored scored = score_with({device, 2, all}, model, world.asked);
  const double off = largest_difference(expected, scored.score);
  const bool holds = off <= kAcrossDevices;
  std::printf(
      "\n%s with %zu blocks taken and less than 1 GiB free, micro-batches of "
      "%d pairs: largest difference %.1e, %.0f pairs/s, holds: %s.\n",
      device.c_str(), taken.size(), all, off,
      static_cast<double>(all) / scored.seconds, holds ? "yes" : "no");
  return holds;
}

/// Whether a seed gives the same bits twice on a device, where sums by atomic
/// additions may take any order.
void repeat_training(const World& world, const std::string& device) {
  const auto scores = [&] {
    std::vector<double> ignored;
    return score_with({"cpu", available_threads()},
                      train_world(world, device, 1, 1, &ignored), world.asked)
        .score;
  };
  const double off = largest_difference(scores(), scores());
  std::printf("\n%s, one seed twice: %s, largest difference %.1e.\n",
              device.c_str(), off == 0 ? "the same bits" : "other bits", off);
}

int run(bool smoke) {
  WorldSize size;
  if (smoke) size = small_size(3);
  const DeviceInfo info = backend().device_info();
  std::printf("LibTorch %s, %d CUDA device(s), %d processors.\n",
              info.libtorch_version.c_str(), info.cuda_devices,
              available_threads());
  std::printf("%d genes, %zu cohorts, %d pairs to score.\n\n", size.genes,
              size.samples.size(), size.asked);
  const World world = make_world(size, /*seed=*/1);
  std::optional<Model> model;
  bool holds = train_everywhere(world, info.cuda_devices, &model);
  std::printf("\n");
  holds = compare(*model, world.asked, info.cuda_devices) && holds;
  if (info.cuda_devices > 0) repeat_training(world, "cuda:0");
  if (torch::cuda::is_available()) {
    holds = score_with_little_memory(world, *model, "cuda:0") && holds;
  }
  std::printf("\n%s\n", holds ? "All checks hold." : "A check does not hold.");
  return holds ? 0 : 1;
}

}  // namespace
}  // namespace musl::bench

int main(int count, char** words) {
  const bool smoke = count == 2 && std::strcmp(words[1], "--smoke") == 0;
  return musl::bench::run(smoke);
}
