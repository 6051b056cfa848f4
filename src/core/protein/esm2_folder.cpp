#include "protein/esm2_folder.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/error.h"
#include "io/file.h"

namespace musl {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr char kTokens[] = "LAGVSERTIDPKQNFYMHWC";
constexpr std::int64_t kMaxSize = 1 << 20;  // of any one dimension

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw FormatError("\"" + path + "\" is no ESM2 file: " + what);
}

constexpr char kDownload[] =
    "Download every file of the model, for instance facebook/esm2_t6_8M_UR50D "
    "at Hugging Face.";

[[noreturn]] void lacks(const std::string& folder, const std::string& what,
                        const std::string& remedy = kDownload) {
  throw FormatError("The ESM2 folder \"" + folder + "\" must hold " + what +
                    "; it does not.\n" + remedy);
}

std::string text_of(const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name;
  if (!is_regular_file(path)) lacks(folder, "`" + name + "`");
  const auto bytes = read_file(path);
  return {bytes.begin(), bytes.end()};
}

Json json_of(const std::string& folder, const std::string& name) {
  Json json = Json::parse(text_of(folder, name), nullptr,
                          /*allow_exceptions=*/false);
  if (!json.is_object()) {
    refuse(folder + "/" + name, "it must be a JSON object.");
  }
  return json;
}

/// Reads the fields of one `config.json`.
class ConfigReader {
 public:
  ConfigReader(std::string path, const Json& json)
      : path_(std::move(path)), json_(json) {}

  /// The value of a field, null if it is missing; refused unless it holds.
  template <class Holds>
  [[nodiscard]] Json get(const std::string& key, const std::string& expected,
                         const Holds& holds) const {
    const Json value = json_.value(key, Json());
    if (holds(value)) return value;
    const auto found =
        value.dump(-1, ' ', true, Json::error_handler_t::replace);
    refuse(path_, "`" + key + "` must be " + expected + ", not " +
                      found.substr(0, 40) +
                      ".\nGive the folder of an ESM2 model, such as "
                      "esm2_t6_8M_UR50D; older ones are not read.");
  }
  [[nodiscard]] std::int64_t size(const char* key) const {
    return get(key, "a whole number from 1 to " + std::to_string(kMaxSize),
               [](const Json& x) {
                 return x.is_number_unsigned() && x >= 1 && x <= kMaxSize;
               })
        .get<std::int64_t>();
  }
  /// False if it is missing.
  [[nodiscard]] bool flag(const char* key) const {
    return get(key, "true or false", [](const Json& x) {
             return x.is_boolean() || x.is_null();
           }) == true;
  }
  void must_be(const char* key, const std::string& expected) const {
    (void)get(key, "\"" + expected + "\"",
              [&](const Json& x) { return x == expected; });
  }
  [[noreturn]] void fail(const std::string& what) const { refuse(path_, what); }

 private:
  std::string path_;
  const Json& json_;
};

Esm2Config read_config(const std::string& folder) {
  const Json json = json_of(folder, "config.json");
  const ConfigReader reader(folder + "/config.json", json);
  reader.must_be("model_type", "esm");
  reader.must_be("position_embedding_type", "rotary");
  if (json.contains("hidden_act")) reader.must_be("hidden_act", "gelu");
  if (reader.flag("is_folding_model")) {
    reader.fail("it is ESMFold.\nGive the folder of the language model.");
  }
  Esm2Config config;
  config.width = reader.size("hidden_size");
  config.inner_width = reader.size("intermediate_size");
  config.layers = reader.size("num_hidden_layers");
  config.heads = reader.size("num_attention_heads");
  config.vocabulary = reader.size("vocab_size");
  if (json.contains("layer_norm_eps")) {
    const auto holds = [](const Json& x) {
      return x.is_number() && x > 0 && x < 1;
    };
    config.norm_epsilon =
        reader.get("layer_norm_eps", "above 0 and below 1", holds);
  }
  config.token_dropout = reader.flag("token_dropout");
  config.norm_before = reader.flag("emb_layer_norm_before");
  // Two positions before the first, <cls> and <eos> are not residues.
  config.max_residues = reader.size("max_position_embeddings") - 4;
  if (config.max_residues < 1) {
    reader.fail("`max_position_embeddings` must be at least 5.");
  }
  if (config.width % (2 * config.heads) != 0) {
    reader.fail("`hidden_size` must be an even multiple of " +
                std::to_string(config.heads) +
                ", `num_attention_heads`; it "
                "is " +
                std::to_string(config.width) + ".");
  }
  return config;
}

std::vector<std::string> read_vocabulary(const std::string& folder,
                                         std::int64_t expected) {
  std::istringstream text(text_of(folder, "vocab.txt"));
  std::vector<std::string> tokens;
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    tokens.push_back(line);
  }
  if (static_cast<std::int64_t>(tokens.size()) != expected) {
    refuse(folder + "/vocab.txt",
           "`vocab_size` promises " + std::to_string(expected) +
               " tokens, it has " + std::to_string(tokens.size()) + ".");
  }
  return tokens;
}

/// Shards must be beside their index: a path in it would read other files.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name.find_first_of("/\\:") == std::string::npos &&
         name != "..";
}

std::vector<std::string> read_shards(const std::string& folder) {
  const std::string index = "model.safetensors.index.json";
  const Json json = json_of(folder, index);
  const auto map = json.find("weight_map");
  if (map == json.end() || !map->is_object() || map->empty()) {
    refuse(folder + "/" + index, "it must have a `weight_map`.");
  }
  std::set<std::string> names;
  for (const auto& item : map->items()) {
    const std::string name =
        item.value().is_string() ? item.value().get<std::string>() : "";
    if (!is_plain_name(name)) {
      refuse(folder + "/" + index,
             "tensor `" + item.key() + "` must name a file of the folder.");
    }
    names.insert(name);
  }
  std::vector<std::string> paths;
  for (const auto& name : names) {
    if (!is_regular_file(folder + "/" + name)) {
      lacks(folder, "`" + name + "`, which its index names");
    }
    paths.push_back(folder + "/" + name);
  }
  return paths;
}

std::vector<std::string> find_weights(const std::string& folder) {
  if (is_regular_file(folder + "/model.safetensors")) {
    return {folder + "/model.safetensors"};
  }
  if (is_regular_file(folder + "/model.safetensors.index.json")) {
    return read_shards(folder);
  }
  const bool pickled =
      is_regular_file(folder + "/pytorch_model.bin") ||
      is_regular_file(folder + "/pytorch_model.bin.index.json");
  lacks(folder, "`model.safetensors` or `model.safetensors.index.json`",
        pickled ? "Its pytorch_model.bin is a pickle, which can run code and "
                  "is not read. In Python, transformers' "
                  "EsmModel.from_pretrained(folder).save_pretrained(new, "
                  "safe_serialization=True) converts it."
                : kDownload);
}

}  // namespace

Esm2Alphabet::Esm2Alphabet(const std::vector<std::string>& tokens)
    : size_(static_cast<std::int64_t>(tokens.size())) {
  std::map<std::string, std::int64_t> at;
  for (const auto& token : tokens) {
    if (!at.emplace(token, static_cast<std::int64_t>(at.size())).second) {
      throw FormatError("vocab.txt must hold each token once; \"" + token +
                        "\" is repeated.");
    }
  }
  const auto place = [&at](const std::string& token) {
    const auto found = at.find(token);
    if (found == at.end()) {
      throw FormatError("vocab.txt must hold the token \"" + token +
                        "\"; it does not.");
    }
    return found->second;
  };
  start_ = place("<cls>");
  end_ = place("<eos>");
  residue_.fill(place("<unk>"));
  for (const char letter : std::string(kTokens)) {
    (void)place(std::string(1, letter));
  }
  for (const auto& [token, number] : at) {
    if (token.size() == 1) {
      residue_[static_cast<unsigned char>(token[0])] = number;
    }
  }
}

Esm2Folder open_esm2(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_directory(fs::u8path(path), ignored)) {
    throw FormatError("`model_dir` must be a folder with an ESM2 model; \"" +
                      path + "\" is none.");
  }
  const Esm2Config config = read_config(path);
  const Esm2Alphabet alphabet(read_vocabulary(path, config.vocabulary));
  return {path, config, alphabet, find_weights(path)};
}

}  // namespace musl
