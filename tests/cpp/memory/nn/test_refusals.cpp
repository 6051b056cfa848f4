// Would a fault be told?
#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <string>
#include <vector>

#include "refusals.h"

namespace musl::test {
namespace {

using Numbers = std::vector<double>;
constexpr RefusalPlan kAll{100, 0};

/// What calls take memory for, so that no compiler leaves it out.
std::vector<std::string> taken;
void take() { taken.emplace_back(100, 'x'); }
void give_back() { taken = {}; }

std::string faults_of(const std::function<Numbers()>& call) {
  std::string all;
  for (const auto& fault : refuse_each(call, kAll).faults) all += fault + "\n";
  return all;
}

TEST(Refusals, PassWhatGivesBackAllThatItTook) {
  const auto found = refuse_each(
      [] {
        const std::vector<std::string> own(3, std::string(100, 'x'));
        return Numbers(own.size());
      },
      kAll);
  EXPECT_EQ(found.faults, std::vector<std::string>{});
  EXPECT_EQ(found.tried, 2 * found.allocations);
  EXPECT_EQ(found.refused, found.tried);
}

TEST(Refusals, TellMemoryThatIsKept) {
  const auto faults = faults_of([] {
    auto kept = std::make_unique<std::string>(100, 'x');
    std::string* const lost = kept.release();
    const std::string more(100, 'y');  // where this is refused
    delete lost;
    return Numbers(more.size());
  });
  EXPECT_NE(faults.find("memory is kept"), std::string::npos) << faults;
}

TEST(Refusals, TellAnEndOfTheProcess) {
  const auto faults = faults_of([]() noexcept {
    take();
    give_back();
    return Numbers(1);
  });
  EXPECT_NE(faults.find("musl_torch_memory_tests"), std::string::npos)
      << faults;
}

TEST(Refusals, TellAWrongAnswer) {
  const auto faults = faults_of([] {
    try {
      take();
      give_back();
    } catch (const std::bad_alloc&) {
      return Numbers(7);
    }
    return Numbers(1);
  });
  EXPECT_NE(faults.find("another answer"), std::string::npos) << faults;
}

TEST(Refusals, TellACallThatIsNotAsBefore) {
  bool was_refused = false;
  const auto faults = faults_of([&] {
    if (was_refused) return Numbers(2, 1.0);
    was_refused = true;
    const std::string text(100, 'x');
    was_refused = false;
    return Numbers(1, static_cast<double>(text.size()));
  });
  EXPECT_NE(faults.find("the next call differs"), std::string::npos) << faults;
}

}  // namespace
}  // namespace musl::test
