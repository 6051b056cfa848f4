#include "muse/residue_features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/numbers.h"
#include "muse/residue_graph.h"

namespace musl {

namespace {

constexpr int kAminoAcidCodes = 20;
constexpr int kProperties = 7;
constexpr int kAngles = 6;
constexpr int kGaussians = 16;
constexpr float kLastCentre = 20.0F;  // Angstrom, centre of the last Gaussian
/// A Gaussian below e^-16 is zero: it carries no information, and adding
/// numbers near the smallest takes a hundred times as long.
constexpr float kFaint = 16.0F;
constexpr std::array<float, 4> kFrequencies = {1.0F, 0.1F, 0.01F, 0.001F};

using Properties = std::array<float, kProperties>;

/// In the order of residue_code(). Hydropathy: Kyte and Doolittle (1982);
/// volume in cubic Angstrom: Zamyatnin (1972); charge at pH 7; polarity:
/// Grantham (1974); isoelectric point of the free amino acid: CRC Handbook;
/// helix propensity in kcal/mol: Pace and Scholtz (1998); aromatic ring.
constexpr std::array<Properties, kAminoAcidCodes> kTable = {{
    {1.8F, 88.6F, 0.0F, 8.1F, 6.00F, 0.00F, 0.0F},      // A
    {2.5F, 108.5F, 0.0F, 5.5F, 5.07F, 0.68F, 0.0F},     // C
    {-3.5F, 111.1F, -1.0F, 13.0F, 2.77F, 0.69F, 0.0F},  // D
    {-3.5F, 138.4F, -1.0F, 12.3F, 3.22F, 0.40F, 0.0F},  // E
    {2.8F, 189.9F, 0.0F, 5.2F, 5.48F, 0.54F, 1.0F},     // F
    {-0.4F, 60.1F, 0.0F, 9.0F, 5.97F, 1.00F, 0.0F},     // G
    {-3.2F, 153.2F, 0.1F, 10.4F, 7.59F, 0.61F, 1.0F},   // H
    {4.5F, 166.7F, 0.0F, 5.2F, 6.02F, 0.41F, 0.0F},     // I
    {-3.9F, 168.6F, 1.0F, 11.3F, 9.74F, 0.26F, 0.0F},   // K
    {3.8F, 166.7F, 0.0F, 4.9F, 5.98F, 0.21F, 0.0F},     // L
    {1.9F, 162.9F, 0.0F, 5.7F, 5.74F, 0.24F, 0.0F},     // M
    {-3.5F, 114.1F, 0.0F, 11.6F, 5.41F, 0.65F, 0.0F},   // N
    {-1.6F, 112.7F, 0.0F, 8.0F, 6.30F, 3.16F, 0.0F},    // P
    {-3.5F, 143.8F, 0.0F, 10.5F, 5.65F, 0.39F, 0.0F},   // Q
    {-4.5F, 173.4F, 1.0F, 10.5F, 10.76F, 0.21F, 0.0F},  // R
    {-0.8F, 89.0F, 0.0F, 9.2F, 5.68F, 0.50F, 0.0F},     // S
    {-0.7F, 116.1F, 0.0F, 8.6F, 5.60F, 0.66F, 0.0F},    // T
    {4.2F, 140.0F, 0.0F, 5.9F, 5.96F, 0.61F, 0.0F},     // V
    {-0.9F, 227.8F, 0.0F, 5.4F, 5.89F, 0.49F, 1.0F},    // W
    {-1.3F, 193.6F, 0.0F, 6.2F, 5.66F, 0.53F, 1.0F},    // Y
}};
/// Centres and scales that map each to about -1 to 1.
constexpr Properties kMiddle = {0.0F, 140.0F, 0.0F, 8.5F, 6.0F, 0.5F, 0.0F};
constexpr Properties kSpread = {4.5F, 80.0F, 1.0F, 4.5F, 4.0F, 1.0F, 1.0F};

/// Sine and cosine of an offset at each frequency.
using Waves = std::array<std::pair<float, float>, kFrequencies.size()>;

/// Of the offsets 0 to length - 1.
std::vector<Waves> make_waves(std::int64_t length) {
  std::vector<Waves> waves(at(length));
  for (std::size_t step = 0; step < waves.size(); ++step) {
    for (std::size_t k = 0; k < kFrequencies.size(); ++k) {
      const float angle = static_cast<float>(step) * kFrequencies[k];
      waves[step][k] = {std::sin(angle), std::cos(angle)};
    }
  }
  return waves;
}

}  // namespace

void residue_features(const ResidueGraph& graph, float* out) {
  const auto user = graph.user.cols();
  for (Eigen::Index i = 0; i < graph.length(); ++i) {
    float* row = out + i * (kResidueColumns + user);
    std::fill_n(row, kResidueColumns, 0.0F);
    const std::size_t code = static_cast<std::uint8_t>(graph.code[at(i)]);
    if (code < kAminoAcidCodes) {
      row[code] = 1.0F;
      for (std::size_t p = 0; p < kProperties; ++p) {
        row[kAminoAcidCodes + p] = (kTable[code][p] - kMiddle[p]) / kSpread[p];
      }
    }
    std::copy_n(graph.angles.row(i).data(), kAngles,
                row + kAminoAcidCodes + kProperties);
    std::copy_n(graph.user.row(i).data(), user, row + kResidueColumns);
  }
}

void edge_features(const ResidueGraph& graph, float* out) {
  constexpr float kWidth = kLastCentre / kGaussians;
  const auto waves = make_waves(graph.length());
  for (std::size_t i = 0; i + 1 < graph.offset.size(); ++i) {
    for (auto e = graph.offset[i]; e < graph.offset[i + 1]; ++e) {
      const auto edge = at(e);
      for (int k = 0; k < kGaussians; ++k) {
        const float centre = kLastCentre * static_cast<float>(k) /
                             static_cast<float>(kGaussians - 1);
        const float x = (graph.distance[edge] - centre) / kWidth;
        *out++ = x * x < kFaint ? std::exp(-x * x) : 0.0F;
      }
      const auto step = graph.neighbour[edge] - static_cast<std::int32_t>(i);
      for (const auto& wave : waves[at(std::abs(step))]) {
        *out++ = step < 0 ? -wave.first : wave.first;
        *out++ = wave.second;
      }
      for (Eigen::Index k = 0; k < graph.orientation.cols(); ++k) {
        *out++ = graph.orientation(e, k);
      }
    }
  }
}

}  // namespace musl
