#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "musl/error.h"
#include "musl/interactions.h"

namespace musl {
namespace {

const float kNaN = std::nanf("");

NodeSet features(Eigen::Index n) {
  NodeSet out;
  out.features = Matrix::Ones(n, 2);
  return out;
}

LabelledPairs labelled(const std::vector<std::int32_t>& a,
                       const std::vector<std::int32_t>& b,
                       const std::vector<float>& label) {
  return {a, b,
          Eigen::Map<const Matrix>(label.data(),
                                   static_cast<Eigen::Index>(label.size()), 1)};
}

/// Two nodes of one type, 0 and 1, and three of another, 2 to 4.
struct Asked {
  InteractionConfig config;
  InteractionData data;

  Asked() {
    data.nodes = {features(2), features(3)};
    data.training = labelled({0, 1, 0}, {2, 2, 3}, {1, 0, 0});
    data.validation = labelled({1}, {3}, {1});
    data.held_out = labelled({0}, {4}, {0});
    data.unlabelled.a = {1};
    data.unlabelled.b = {4};
  }
};

/// What is said of a change; "" if it is fine.
std::string fault(const std::function<void(Asked*)>& change) {
  Asked asked;
  change(&asked);
  try {
    check_interactions(asked.config, asked.data);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

template <class Value>
void expect_range(Value InteractionConfig::*field, const std::string& name,
                  const std::vector<Value>& sound,
                  const std::vector<Value>& others) {
  for (const Value value : sound) {
    EXPECT_EQ(fault([&](Asked* x) { x->config.*field = value; }), "") << value;
  }
  for (const Value value : others) {
    const auto said = fault([&](Asked* x) { x->config.*field = value; });
    EXPECT_EQ(said.rfind("`" + name + "` must be at least", 0), 0u) << said;
    EXPECT_NE(said.find("not " + std::to_string(value)), std::string::npos);
  }
}

TEST(CheckInteractions, FieldsHaveTheirRange) {
  using Config = InteractionConfig;
  expect_range<int>(&Config::width, "width", {2, 4096}, {1, 4097});
  expect_range<int>(&Config::crop, "crop", {0, 1}, {-1});
  expect_range<double>(&Config::dropout, "dropout", {0, .99}, {-.01, 1});
  EXPECT_THROW(validate(InteractionConfig{"ranking"}), InputError);
}

TEST(CheckInteractions, NodesAreOfOneTypeOrTwo) {
  EXPECT_EQ(fault([](Asked*) {}), "");
  const std::string types = "There must be nodes of one type or of two.";
  EXPECT_EQ(fault([](Asked* x) { x->data.nodes.clear(); }), types);
  EXPECT_EQ(fault([](Asked* x) { x->data.nodes.push_back(features(1)); }),
            types);
  // Of one type, any two nodes are a pair.
  EXPECT_EQ(fault([](Asked* x) {
              x->data.nodes = {features(5)};
              x->data.training.b = {1, 2, 3};
            }),
            "");
}

TEST(CheckInteractions, NodesCanBeRead) {
  const auto text = [](Asked* x, const std::string& second) {
    x->data.nodes[0].kind = NodeKind::sequence;
    x->data.nodes[0].features.resize(0, 0);
    x->data.nodes[0].text = {"ACD", second};
  };
  EXPECT_EQ(fault([&](Asked* x) { text(x, "WY"); }), "");
  EXPECT_EQ(fault([&](Asked* x) { text(x, "W1"); }).rfind("Node 2 cannot", 0),
            0u);
}

TEST(CheckInteractions, PairsAreOfTwoKnownNodesOfTheTwoTypes) {
  for (const std::int32_t none : {-1, 5}) {
    EXPECT_EQ(fault([&](Asked* x) { x->data.training.b[1] = none; }),
              "A node of training pair 2 is not among the nodes.");
    EXPECT_EQ(fault([&](Asked* x) { x->data.validation.a[0] = none; }),
              "A node of validation pair 1 is not among the nodes.");
  }
  EXPECT_EQ(fault([&](Asked* x) { x->data.held_out.a[0] = 4; }),
            "The held-out pair 1 has a node with itself.");
  const std::string types =
      "The unlabelled pair 1 must have a node of the first and one of the "
      "second type.";
  EXPECT_EQ(fault([&](Asked* x) { x->data.unlabelled.a[0] = 2; }), types);
  EXPECT_EQ(fault([&](Asked* x) { x->data.unlabelled.b[0] = 0; }), types);
  EXPECT_EQ(fault([&](Asked* x) { x->data.unlabelled.b.clear(); }),
            "The unlabelled pairs must have two nodes each.");
  EXPECT_EQ(fault([&](Asked* x) { x->data.held_out = {}; }), "");
  const std::string none = "There must be training and validation pairs.";
  EXPECT_EQ(fault([&](Asked* x) { x->data.training = {}; }), none);
  EXPECT_EQ(fault([&](Asked* x) { x->data.validation = {}; }), none);
}

TEST(CheckInteractions, PairsAreInOnePartOnceInEitherOrder) {
  const std::string twice =
      "The pair of nodes 1 and 3 occurs twice among training, validation, "
      "held-out and unlabelled pairs.";
  EXPECT_EQ(fault([](Asked* x) {
              x->data.unlabelled.a[0] = 0;
              x->data.unlabelled.b[0] = 2;
            }),
            twice);
  EXPECT_EQ(fault([](Asked* x) {
              x->data.nodes = {features(5)};
              x->data.held_out = labelled({2}, {0}, {1});
            }),
            twice);
}

TEST(CheckInteractions, LabelsAreThoseOfTheTask) {
  EXPECT_EQ(fault([](Asked* x) { x->data.training.label(1, 0) = .5F; }),
            "Labels of the task \"binary\" must be 0 or 1; that of training "
            "pair 2 is 0.500000.");
  const auto affinity = [](float value) {
    return fault([&](Asked* x) {
      x->config.task = "affinity";
      x->data.validation.label(0, 0) = value;
    });
  };
  EXPECT_EQ(affinity(-.5F), "");
  EXPECT_EQ(affinity(kNaN).rfind("Labels of the task \"affinity\" must be "
                                 "finite numbers; that of validation pair 1",
                                 0),
            0u);
  const auto two_labels = [](const std::string& task, Eigen::Index second) {
    return fault([&](Asked* x) {
      x->config.task = task;
      x->data.training.label = Matrix::Zero(3, 2);
      x->data.validation.label = Matrix::Zero(1, second);
    });
  };
  EXPECT_EQ(two_labels("multilabel", 2), "");
  EXPECT_EQ(two_labels("multilabel", 1),
            "All parts must have the same labels.");
  EXPECT_EQ(two_labels("binary", 2),
            "The task \"binary\" must have one label a pair, not 2.");
  const std::string none = "The training pairs must have labels.";
  EXPECT_EQ(fault([](Asked* x) { x->data.training.label.resize(3, 0); }), none);
  EXPECT_EQ(
      fault([](Asked* x) { x->data.training.label = Matrix::Zero(2, 1); }),
      none);
}

TEST(CheckInteractions, EdgesAreBetweenKnownNodes) {
  const auto edges = [](const std::vector<std::int32_t>& from,
                        const std::vector<std::int32_t>& to) {
    return fault([&](Asked* x) {
      x->data.edge_from = from;
      x->data.edge_to = to;
    });
  };
  EXPECT_EQ(edges({0, 4}, {4, 0}), "");
  EXPECT_EQ(edges({0}, {4, 0}), "Edges must have two ends each.");
  for (const std::int32_t none : {-1, 5}) {
    const std::string said = "An edge must be between known nodes.";
    EXPECT_EQ(edges({0, none}, {4, 0}), said);
    EXPECT_EQ(edges({0, 1}, {none, 0}), said);
  }
}

}  // namespace
}  // namespace musl
