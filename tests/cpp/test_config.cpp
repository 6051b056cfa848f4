#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "base/error.h"
#include "data/config.h"

namespace musl {
namespace {

template <class Config>
std::string refusal(const Config& config) {
  try {
    validate(config);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

std::string format_refusal(const std::string& text) {
  try {
    (void)architecture_from_json(text);
  } catch (const FormatError& e) {
    return e.what();
  }
  return "";
}

TEST(Config, RefusalNamesFieldValueAndRange) {
  ArchitectureConfig a;
  a.bins = 7;
  EXPECT_EQ(refusal(a), "`bins` must be at least 8 and at most 64, not 7.");
  a = {};
  a.dropout = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal(a), "`dropout` must be at least 0 and below 1, not NaN.");
  a = {};
  a.coexpression = 1025;
  EXPECT_EQ(refusal(a),
            "`coexpression` must be at least 0 and at most 1024, not 1025.");
  a = {};
  a.auxiliary = -1;
  EXPECT_EQ(refusal(a),
            "`auxiliary` must be at least 0 and at most 100, not -1.");
  ControlConfig c;
  c.learning_rate = -0.5;
  EXPECT_EQ(refusal(c),
            "`learning_rate` must be above 0 and at most 10, not -0.5.");
  c = {};
  c.clip = std::numeric_limits<double>::infinity();
  EXPECT_EQ(refusal(c), "`clip` must be above 0, not Inf.");
  c = {};
  c.schedule = "cosine";
  EXPECT_EQ(refusal(c),
            "`schedule` must be one of \"one_cycle\", \"plateau\", not "
            "\"cosine\".");
}

TEST(Config, RefusesEncodersThatAreEmptyOrRepeated) {
  ArchitectureConfig a;
  a.encoders = {};
  EXPECT_NE(refusal(a), "");
  a.encoders = {"graph", "graph"};
  EXPECT_NE(refusal(a).find("\"graph\""), std::string::npos);
  a.encoders = {"a_new_modality"};
  EXPECT_EQ(refusal(a), "");
}

TEST(Config, RefusesTransformsThatAreNoneAndSomeOrRepeatedOrOfRanks) {
  ArchitectureConfig a;
  a.transforms = {"z_log", "z"};
  EXPECT_EQ(refusal(a), "");
  a.binning = "rank";
  EXPECT_NE(refusal(a).find("`transforms`"), std::string::npos);
  a.binning = "value";
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{}, {"none", "z"}, {"z", "z"}, {"sqrt"}}) {
    a.transforms = names;
    EXPECT_NE(refusal(a).find("`transforms`"), std::string::npos);
  }
}

TEST(Config, RefusesAWidthThatHeadsDoNotDivide) {
  ArchitectureConfig a;
  a.width = 30;
  EXPECT_EQ(refusal(a), "");  // the gate has no heads
  a.fusion = "attention";
  EXPECT_NE(refusal(a).find("multiple of 4"), std::string::npos);
  a.width = 66;
  EXPECT_EQ(refusal(a), "");
}

TEST(Config, DeviceNamesAreCheckedByForm) {
  ControlConfig c;
  for (const char* device : {"auto", "cpu", "cuda", "cuda:0", "cuda:15"}) {
    c.device = device;
    EXPECT_EQ(refusal(c), "") << device;
  }
  for (const char* device :
       {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "CPU", "cuda:1000"}) {
    c.device = device;
    EXPECT_NE(refusal(c), "") << device;
  }
}

TEST(Config, JsonRoundTripKeepsEveryField) {
  ArchitectureConfig a;
  a.preset = "paper";
  a.encoders = {"graph"};
  a.width = 64;
  a.smooth = 0.1;
  a.alignment = 1.0 / 3.0;
  const ArchitectureConfig b = architecture_from_json(to_json(a));
  EXPECT_EQ(to_json(b), to_json(a));
  EXPECT_EQ(b.encoders, a.encoders);
  EXPECT_EQ(b.alignment, a.alignment);
  (void)architecture_from_json(R"({"zeros":"keep"})");
  EXPECT_THROW((void)architecture_from_json(R"({"zeros":"own_bin"})"),
               FormatError);

  ControlConfig c;
  c.seed = std::numeric_limits<std::int64_t>::max();
  c.checkpoint = "a \"quoted\" path/\xc3\xa9";
  const std::string text = to_json(c);
  EXPECT_NE(text.find("\"seed\":9223372036854775807"), std::string::npos);
  EXPECT_NE(text.find("a \\\"quoted\\\" path/\xc3\xa9"), std::string::npos);
}

TEST(Config, RangesHoldTheirEndsIfTheySaySo) {
  const auto of = [](auto field, auto value) {
    ArchitectureConfig a;
    a.*field = value;
    return refusal(a);
  };
  using A = ArchitectureConfig;
  EXPECT_EQ(of(&A::bins, 8), "");
  EXPECT_EQ(of(&A::bins, 64), "");
  EXPECT_NE(of(&A::bins, 65), "");
  EXPECT_EQ(of(&A::dropout, 0.0), "");
  EXPECT_EQ(of(&A::dropout, 0.999), "");
  EXPECT_NE(of(&A::dropout, 1.0), "");
  const auto rate = [](double value) {
    ControlConfig c;
    c.learning_rate = value;
    return refusal(c);
  };
  EXPECT_EQ(rate(10.0), "");
  EXPECT_EQ(rate(1e-9), "");
  EXPECT_EQ(rate(-std::numeric_limits<double>::infinity()),
            "`learning_rate` must be above 0 and at most 10, not -Inf.");
  EXPECT_EQ(rate(123456789012345.0),
            "`learning_rate` must be above 0 and at most 10, not "
            "123456789012345.");
  EXPECT_EQ(rate(1e15),
            "`learning_rate` must be above 0 and at most 10, not 1e+15.");
}

TEST(Config, NumbersOf32BitsAreReadToTheirEnds) {
  for (const char* number : {"2147483647", "-2147483648"}) {
    const auto text = std::string("{\"bins\": ") + number + "}";
    EXPECT_EQ(std::to_string(architecture_from_json(text).bins), number);
  }
  EXPECT_NE(format_refusal("{\"bins\": 2147483648}"), "");
  EXPECT_NE(format_refusal("{\"bins\": -2147483649}"), "");
}

TEST(Config, StringsThatAreNoUtf8AreRefused) {
  ControlConfig c;
  c.checkpoint = "caf\xe9";
  EXPECT_THROW((void)to_json(c), InputError);
}

TEST(Config, UnknownFieldsAreNamedAsNewer) {
  const std::string message = format_refusal("{\"bins\": 16, \"flux\": 1}");
  EXPECT_NE(message.find("\"flux\""), std::string::npos);
  EXPECT_NE(message.find("newer"), std::string::npos);
}

TEST(Config, FieldsOfAnotherTypeAreRefused) {
  for (const char* text :
       {"{\"bins\": \"16\"}", "{\"bins\": 16.5}", "{\"bins\": 99999999999}",
        "{\"bins\": null}", "{\"dropout\": \"a\"}", "{\"preset\": 1}",
        "{\"encoders\": \"graph\"}", "{\"encoders\": [1]}", "[]", "", "{",
        "null"}) {
    EXPECT_NE(format_refusal(text), "") << text;
  }
}

}  // namespace
}  // namespace musl
