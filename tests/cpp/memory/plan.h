#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

// Which allocations of a call are refused, and the figures of it.
namespace musl::test {

/// Each of the `first` allocations, and `later` ones of all that follow.
struct RefusalPlan {
  std::int64_t first, later;

  /// The last of n is among them.
  [[nodiscard]] std::vector<std::int64_t> places(std::int64_t n) const {
    std::vector<std::int64_t> out;
    for (std::int64_t k = 1; k <= std::min(n, first); ++k) out.push_back(k);
    const auto rest = n - static_cast<std::int64_t>(out.size());
    const auto more = std::min(rest, later);
    for (std::int64_t i = 1; i <= more; ++i) {
      out.push_back(n - rest + i * rest / more);
    }
    return out;
  }
};

/// `tools/check --long` wants its figures in a file: then 500 and 500 times
/// MUSL_LONG_SCALE, else `few`.
inline RefusalPlan refusal_plan(RefusalPlan few) {
  if (std::getenv("MUSL_FIGURES") == nullptr) return few;
  const char* scale = std::getenv("MUSL_LONG_SCALE");
  const double share = scale == nullptr ? 1 : std::strtod(scale, nullptr);
  const auto n = static_cast<std::int64_t>(std::round(500 * share));
  return {std::max<std::int64_t>(n, 2), std::max<std::int64_t>(n, 2)};
}

/// Of all tests of a program; written as a row of that file when it ends.
class Figures {
 public:
  explicit Figures(std::string what) : what_(std::move(what)) {}
  Figures(const Figures&) = delete;
  Figures& operator=(const Figures&) = delete;
  ~Figures() {
    const char* file = std::getenv("MUSL_FIGURES");
    if (file == nullptr || tried == 0) return;
    std::ofstream out(file, std::ios::app);
    out << what_ << '\t' << tried << '\t' << tried - lost - crashed << '\t'
        << lost << '\t' << crashed << '\t';
    if (ended_elsewhere > 0) {
      out << "beside " << ended_elsewhere << " that LibTorch ended";
    }
    out << '\n';
  }

  std::int64_t tried = 0, lost = 0, crashed = 0;
  /// Beside these: a function of others ended the process.
  std::int64_t ended_elsewhere = 0;

 private:
  std::string what_;
};

}  // namespace musl::test
