// Seconds of an atlas on every device of this machine, without R:
//
//   atlas [--smoke] [--histogram]
//
// Scores the tiles of all pairs of 18,000 genes with one network of the default
// encoders, of expression in 1,000 samples, and writes them as an atlas does.
// Where 40 seconds are over it stops, and multiplies. Prints a markdown table.

#include "atlas/atlas.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "base/os.h"
#include "model/backend.h"
#include "model/model.h"
#include "world.h"

namespace musl::bench {
namespace {

constexpr int kTile = 512;  // as musl_atlas()
constexpr double kSeconds = 40;

std::vector<std::int32_t> block(int first, int n_genes) {
  std::vector<std::int32_t> genes(
      static_cast<std::size_t>(std::min(kTile, n_genes - first)));
  std::iota(genes.begin(), genes.end(), first);
  return genes;
}

std::vector<AtlasTile> tiles_of(int n_genes) {
  std::vector<AtlasTile> tiles;
  for (int i = 0; i < n_genes; i += kTile) {
    for (int j = i; j < n_genes; j += kTile) {
      tiles.push_back({block(i, n_genes), block(j, n_genes)});
    }
  }
  return tiles;
}

void time_atlas(const Model& model, int n_genes, const std::string& device) {
  char name[] = "/tmp/musl-atlas-XXXXXX";
  const std::string directory = ::mkdtemp(name);
  const auto tiles = tiles_of(n_genes);
  const double start = elapsed_seconds();
  PredictOptions options;
  options.device = device;
  options.threads = available_threads();
  const auto made = make_pair_scorer(model, model.kept(), {}, options);
  PairScorer& scorer = *made;
  scorer.prepare_all_genes();
  const double prepared = elapsed_seconds();
  double scores = 0, all = 0;
  for (const auto& tile : tiles) all += static_cast<double>(tile.size());
  std::int64_t number = 0;
  for (const auto& tile : tiles) {
    const auto found = score_tile(tile, [&](const PairSet& pairs) {
      PairScores out;
      out.score = scorer.score(pairs, {}).score;
      return out;
    });
    write_shard(directory + "/" + std::to_string(number), "bench", number,
                found);
    ++number;
    scores += static_cast<double>(tile.size());
    if (elapsed_seconds() - start > kSeconds) break;
  }
  const double seconds = elapsed_seconds() - prepared;
  std::printf("| %s, %d thread(s) | %.1f | %.0f %% in %.1f s | %.1f |\n",
              device.c_str(), options.threads, prepared - start,
              100 * scores / all, seconds,
              prepared - start + seconds * all / scores);
  std::fflush(stdout);
  std::filesystem::remove_all(directory);
}

int run(bool smoke, bool histogram) {
  WorldSize size = smoke ? small_size(1) : WorldSize();
  if (!smoke) size.samples = {1000};
  size.genes = smoke ? 600 : 18000;
  size.asked = 1;
  const World world = make_world(size, /*seed=*/1, histogram);
  const DeviceInfo info = backend().device_info();
  std::vector<std::string> devices;
  for (int i = 0; i < info.cuda_devices; ++i) {
    devices.push_back("cuda:" + std::to_string(i));
  }
  devices.emplace_back("cpu");
  std::vector<double> ignored;
  const Model model = train_world(world, devices.front(), available_threads(),
                                  /*epochs=*/2, &ignored);
  std::printf(
      "Atlas of %d genes, %s histograms.\n\n"
      "| device | genes, s | tiles | whole atlas, s |\n|---|---|---|---|\n",
      size.genes, histogram ? "with" : "without");
  for (const auto& device : devices) time_atlas(model, size.genes, device);
  return 0;
}

}  // namespace
}  // namespace musl::bench

int main(int count, char** words) {
  const std::vector<std::string> given(words + 1, words + count);
  const auto has = [&](const char* word) {
    return std::find(given.begin(), given.end(), word) != given.end();
  };
  return musl::bench::run(has("--smoke"), has("--histogram"));
}
