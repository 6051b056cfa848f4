#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "musl/error.h"
#include "musl/protein.h"
#include "musl/text_file.h"

namespace musl {

namespace {

[[noreturn]] void refuse(std::int64_t line, const std::string& what) {
  throw FormatError("The FASTA file can't be read: line " +
                    std::to_string(line) + " " + what);
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

void check_encoding(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    throw FormatError(
        "The FASTA file can't be read: it holds zero bytes, so it is binary or "
        "UTF-16.\nSave it as plain text.");
  }
}

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  if (text.substr(0, kMark.size()) == kMark) text.remove_prefix(kMark.size());
  return text;
}

/// Takes the lines of one file, one after the other.
class FastaReader {
 public:
  void take(std::string_view line) {
    ++line_;
    line = trim(line);
    if (line.empty() || line[0] == ';') return;
    if (line[0] == '>') {
      begin(trim(line.substr(1)));
      return;
    }
    if (records_.empty()) {
      refuse(line_, line[0] == '<'
                        ? "begins with \"<\": it is a web page.\nDownload the "
                          "file itself."
                        : "comes before the first \">\".");
    }
    auto& sequence = records_.back().sequence;
    std::copy_if(line.begin(), line.end(), std::back_inserter(sequence),
                 [](char c) { return !is_blank(c); });
  }

  std::vector<Protein> finish() {
    if (records_.empty()) {
      throw FormatError("The FASTA file must hold at least one protein.");
    }
    end();
    return std::move(records_);
  }

 private:
  void begin(std::string_view name) {
    end();
    if (name.empty()) refuse(line_, "is a \">\" without a name.");
    records_.push_back({std::string(name), ""});
    header_line_ = line_;
  }
  void end() const {
    if (!records_.empty() && records_.back().sequence.empty()) {
      refuse(header_line_,
             "names \"" + records_.back().name + "\", which has no sequence.");
    }
  }

  std::vector<Protein> records_;
  std::int64_t line_ = 0;
  std::int64_t header_line_ = 0;
};

}  // namespace

std::vector<Protein> parse_fasta(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  check_encoding(text);
  text = without_mark(text);
  FastaReader reader;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    reader.take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finish();
}

std::vector<Protein> read_fasta(const std::string& path) {
  TextFile file(path);
  const std::string_view text = file.whole();
  auto proteins = parse_fasta(
      reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  file.check_size();
  return proteins;
}

std::string clean_sequence(const Protein& protein) {
  std::string out = protein.sequence;
  for (std::size_t i = 0; i < out.size(); ++i) {
    char& letter = out[i];
    if (letter >= 'a' && letter <= 'z') letter += 'A' - 'a';
    const bool known = (letter >= 'A' && letter <= 'Z') || letter == '-' ||
                       letter == '.' || letter == '*';
    if (!known) {
      const bool printable = letter > ' ' && letter < 127;
      throw InputError("Sequences must hold one letter for each residue; \"" +
                       protein.name + "\" has " +
                       (printable ? "`" + std::string(1, letter) + "`"
                                  : std::string("a blank or foreign byte")) +
                       " at place " + std::to_string(i + 1) + ".");
    }
  }
  if (!out.empty() && out.back() == '*') out.pop_back();
  if (out.empty()) {
    throw InputError("Sequences must not be empty; \"" + protein.name +
                     "\" is.\nRemove the protein, or give its sequence.");
  }
  return out;
}

}  // namespace musl
