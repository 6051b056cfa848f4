#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "graph/csr_graph.h"
#include "io/archive.h"
#include "io/archive_fields.h"
#include "store/alterations.h"
#include "store/field.h"
#include "store/unit_rows.h"

namespace musl {

/// Writes a part: tensors, and labels at paths of a JSON object.
class PartWriter : public TensorWriter {
 public:
  PartWriter(const std::string& prefix, Archive* archive,
             nlohmann::json* labels)
      : TensorWriter(prefix, archive), labels_(labels) {}

  using TensorWriter::operator();
  /// Rows, so that the archive may store them by columns.
  void operator()(const std::string& name, const UnitRows& x) const;
  void operator()(const std::string& name, const CsrGraph& x) const;
  void operator()(const std::string& name, const Alterations& x) const;
  template <class Field>
  auto operator()(const std::string& name, const Field& x) const
      -> decltype(Field::tensors(x, name, *this)) {
    Field::tensors(x, name, *this);
  }
  void label(const std::string& path, const std::string& x) const;
  void label(const std::string& path, const std::vector<std::string>& x) const;
  void label(const std::string& path, float x) const;
  template <class List>
  void list(const std::string& path, const List& x,
            bool if_empty = true) const {
    if (if_empty || !x.empty()) start_list(path);
  }
  void keys(const std::string& path, const KindVectors& x) const;

 private:
  void start_list(const std::string& path) const;

  nlohmann::json* labels_;
};

/// Reads what PartWriter writes.
class PartReader : public TensorReader {
 public:
  PartReader(const std::string& prefix, const Archive& archive,
             const nlohmann::json& labels)
      : TensorReader(prefix, archive), labels_(labels) {}

  using TensorReader::operator();
  void operator()(const std::string& name, UnitRows& x) const;
  void operator()(const std::string& name, CsrGraph& x) const;
  void operator()(const std::string& name, Alterations& x) const;
  template <class Field>
  auto operator()(const std::string& name, Field& x) const
      -> decltype(Field::tensors(x, name, *this)) {
    Field::tensors(x, name, *this);
  }
  void label(const std::string& path, std::string& x) const;
  void label(const std::string& path, std::vector<std::string>& x) const;
  void label(const std::string& path, float& x) const;
  template <class List>
  void list(const std::string& path, List& x, bool if_empty = true) const {
    x.resize(list_size(path, if_empty));
  }
  void keys(const std::string& path, KindVectors& x) const;

 private:
  [[nodiscard]] std::size_t list_size(const std::string& path,
                                      bool if_empty) const;

  const nlohmann::json& labels_;
};

}  // namespace musl
