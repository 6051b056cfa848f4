#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "muse/interactions.h"

namespace musl {
namespace {

template <class Value>
void expect_range(Value InteractionConfig::*field, const std::string& name,
                  const std::vector<Value>& sound,
                  const std::vector<Value>& others) {
  InteractionConfig config;
  for (const Value value : sound) {
    config.*field = value;
    EXPECT_NO_THROW(validate(config)) << value;
  }
  for (const Value value : others) {
    config.*field = value;
    try {
      validate(config);
      ADD_FAILURE() << name << " " << value;
    } catch (const InputError& error) {
      const std::string said = error.what();
      EXPECT_EQ(said.rfind("`" + name + "` must be at least", 0), 0u) << said;
      EXPECT_NE(said.find("not " + std::to_string(value)), std::string::npos);
    }
  }
}

TEST(InteractionConfig, FieldsHaveTheirRange) {
  using Config = InteractionConfig;
  expect_range<int>(&Config::width, "width", {2, 4096}, {1, 4097});
  expect_range<int>(&Config::crop, "crop", {0, 1}, {-1});
  expect_range<double>(&Config::dropout, "dropout", {0, .99}, {-.01, 1});
  EXPECT_THROW(validate(Config{"ranking"}), InputError);
}

}  // namespace
}  // namespace musl
