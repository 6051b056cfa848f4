#include "store/part_archive.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "store/graph_archive.h"

namespace musl {

namespace {

using Json = nlohmann::json;

Json::json_pointer pointer_to(const std::string& path) {
  return Json::json_pointer("/" + path);
}

}  // namespace

void PartWriter::operator()(const std::string& name, const UnitRows& x) const {
  archive_->put(prefix_ + name + "/code", {size_of(x.scale), x.width},
                reinterpret_cast<const std::uint8_t*>(x.code.data()));
  (*this)(name + "/scale", x.scale);
}

void PartWriter::operator()(const std::string& name, const CsrGraph& x) const {
  put_graph(prefix_ + name + "/", x, archive_);
}

void PartWriter::operator()(const std::string& name,
                            const Alterations& x) const {
  put_alterations(prefix_ + name + "/", x, archive_);
}

void PartWriter::label(const std::string& path, const std::string& x) const {
  (*labels_)[pointer_to(path)] = x;
}

void PartWriter::label(const std::string& path,
                       const std::vector<std::string>& x) const {
  (*labels_)[pointer_to(path)] = x;
}

void PartWriter::label(const std::string& path, float x) const {
  (*labels_)[pointer_to(path)] = x;
}

void PartWriter::keys(const std::string& path, const KindVectors& x) const {
  for (const auto& [name, rows] : x) {
    (*labels_)[pointer_to(path)].push_back(name);
  }
}

void PartWriter::start_list(const std::string& path) const {
  (*labels_)[pointer_to(path)] = Json::array();
}

void PartReader::operator()(const std::string& name, UnitRows& x) const {
  const auto bytes = archive_.bytes(prefix_ + name + "/code");
  x.code.resize(bytes.size());
  std::transform(bytes.begin(), bytes.end(), x.code.begin(),
                 [](std::uint8_t b) { return static_cast<std::int8_t>(b); });
  (*this)(name + "/scale", x.scale);
}

void PartReader::operator()(const std::string& name, CsrGraph& x) const {
  x = read_graph(prefix_ + name + "/", archive_);
}

void PartReader::operator()(const std::string& name, Alterations& x) const {
  x = read_alterations(prefix_ + name + "/", archive_);
}

void PartReader::label(const std::string& path, std::string& x) const {
  x = labels_.at(pointer_to(path)).get<std::string>();
}

void PartReader::label(const std::string& path,
                       std::vector<std::string>& x) const {
  x = labels_.at(pointer_to(path)).get<std::vector<std::string>>();
}

void PartReader::label(const std::string& path, float& x) const {
  x = labels_.at(pointer_to(path)).get<float>();
}

void PartReader::keys(const std::string& path, KindVectors& x) const {
  for (const auto& name : labels_.value(path, Json::array())) {
    x[name.get<std::string>()] = {};
  }
}

// A list that archives lack is empty if those without entries do not hold it.
std::size_t PartReader::list_size(const std::string& path,
                                  bool if_empty) const {
  return if_empty ? labels_.at(path).size()
                  : labels_.value(path, Json::array()).size();
}

}  // namespace musl
