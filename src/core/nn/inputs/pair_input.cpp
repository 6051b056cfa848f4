#include "nn/inputs/pair_input.h"

#include <map>
#include <utility>

#include "base/error.h"

namespace musl::nn {

namespace {

using Registry = std::map<std::string, std::unique_ptr<PairInput>>;

// A function's static, because inputs register before main().
Registry& registry() {
  static Registry inputs;
  return inputs;
}

}  // namespace

PartnerInputs make_partner_inputs(const GeneSpaces& spaces,
                                  const PairSet& known, const PairSet& asked,
                                  std::int64_t n_genes, int threads) {
  return {KnownPartners(spaces, known, n_genes, threads),
          OutOfFold(spaces, known, asked, n_genes, threads)};
}

bool register_input(std::unique_ptr<PairInput> input) {
  const std::string name = input->name();
  registry()[name] = std::move(input);
  return true;
}

const PairInput& pair_input(const std::string& name) {
  const auto found = registry().find(name);
  if (found != registry().end()) return *found->second;
  std::string known;
  for (const auto& item : registry()) {
    known += (known.empty() ? "" : ", ") + item.first;
  }
  throw InputError("inputs must be registered ones; found \"" + name +
                   "\", known are: " + known + ".");
}

std::vector<const PairInput*> pair_inputs(
    const std::vector<std::string>& names) {
  std::vector<const PairInput*> inputs;
  for (const auto& name : names) inputs.push_back(&pair_input(name));
  return inputs;
}

std::vector<const PairInput*> all_inputs() {
  std::vector<const PairInput*> inputs;
  for (const auto& item : registry()) inputs.push_back(item.second.get());
  return inputs;
}

void require_equal(std::int64_t found, std::int64_t expected,
                   const std::string& what) {
  if (found == expected) return;
  throw ShapeError("The data must have " + std::to_string(expected) + " " +
                   what + "; found " + std::to_string(found) +
                   ". Prepare it with this model's make_dataset().");
}

}  // namespace musl::nn
