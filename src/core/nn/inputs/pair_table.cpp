#include "nn/inputs/pair_table.h"

#include <algorithm>
#include <utility>

namespace musl::nn {

PairTable::PairTable(const PairSet& pairs, std::int64_t n_genes)
    : n_genes_(n_genes), keys_(pair_keys(pairs, n_genes)) {
  keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
  for (const std::int64_t key : keys_) {
    pairs_.a.push_back(static_cast<std::int32_t>(key / n_genes));
    pairs_.b.push_back(static_cast<std::int32_t>(key % n_genes));
  }
}

void PairTable::put(const std::string& name, Tensor tensor) {
  tensors_[name] = std::move(tensor);
}

const Tensor* PairTable::find(const std::string& name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

Tensor PairTable::rows(const PairSet& pairs) const {
  Tensor out = torch::empty({pairs.size()}, torch::kInt64);
  auto* row = out.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const auto key = pair_key(pairs.a[i], pairs.b[i], n_genes_);
    const auto found = std::lower_bound(keys_.begin(), keys_.end(), key);
    if (found == keys_.end() || *found != key) return {};
    *row++ = found - keys_.begin();
  }
  return out;
}

}  // namespace musl::nn
