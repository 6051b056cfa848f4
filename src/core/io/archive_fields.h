#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/matrix.h"
#include "io/archive.h"

namespace musl {

/// Writes fields of a part of a model by name. The part lists its fields once,
/// for this and for TensorReader, so that the two cannot drift apart.
class TensorWriter {
 public:
  TensorWriter(std::string prefix, Archive* archive)
      : prefix_(std::move(prefix)), archive_(archive) {}

  template <class Value>
  void operator()(const std::string& name, const std::vector<Value>& x) const {
    archive_->put(prefix_ + name, {static_cast<std::int64_t>(x.size())},
                  x.data());
  }
  void operator()(const std::string& name, const Matrix& x) const {
    archive_->put(prefix_ + name, {x.rows(), x.cols()}, x.data());
  }
  void operator()(const std::string& name, const float& x) const {
    archive_->put(prefix_ + name, {1}, &x);
  }
  void operator()(const std::string& name, const double& x) const {
    archive_->put(prefix_ + name, {1}, &x);
  }

 protected:
  // NOLINTBEGIN: for writers of further types
  std::string prefix_;
  Archive* archive_;
  // NOLINTEND
};

/// Reads them: FormatError for what is absent or of another type.
class TensorReader {
 public:
  TensorReader(std::string prefix, const Archive& archive)
      : prefix_(std::move(prefix)), archive_(archive) {}

  template <class Value>
  void operator()(const std::string& name, std::vector<Value>& x) const {
    x = archive_.values<Value>(prefix_ + name);
  }
  void operator()(const std::string& name, Matrix& x) const {
    const auto& shape = archive_.shape(prefix_ + name);
    if (shape.size() != 2) refuse(name, "no matrix");
    x.resize(shape[0], shape[1]);
    archive_.copy_floats(prefix_ + name, x.data());
  }
  void operator()(const std::string& name, float& x) const {
    x = only_one<float>(name);
  }
  void operator()(const std::string& name, double& x) const {
    x = only_one<double>(name);
  }

 protected:
  template <class Value>
  [[nodiscard]] Value only_one(const std::string& name) const {
    const auto all = archive_.values<Value>(prefix_ + name);
    if (all.size() != 1) refuse(name, "not one number");
    return all[0];
  }
  [[noreturn]] void refuse(const std::string& name, const char* what) const {
    throw FormatError("The model file is damaged: \"" + prefix_ + name +
                      "\" is " + what + ".");
  }

  // NOLINTBEGIN: for readers of further types
  std::string prefix_;
  const Archive& archive_;
  // NOLINTEND
};

}  // namespace musl
