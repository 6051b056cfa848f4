#include "musl/column_table.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "musl/error.h"
#include "musl/text_blocks.h"

namespace musl {

namespace {

/// Strings numbered in order of first occurrence.
class Dictionary {
 public:
  std::int32_t code(std::string_view text) {
    // Tables are often sorted, so that a value repeats.
    if (last_ >= 0 && strings_[static_cast<std::size_t>(last_)] == text) {
      return last_;
    }
    const auto found = codes_.find(text);
    if (found != codes_.end()) return last_ = found->second;
    strings_.emplace_back(text);
    last_ = static_cast<std::int32_t>(strings_.size() - 1);
    codes_.emplace(strings_.back(), last_);
    return last_;
  }
  [[nodiscard]] const std::deque<std::string>& strings() const {
    return strings_;
  }

 private:
  std::deque<std::string> strings_;  // never moves what it holds
  std::unordered_map<std::string_view, std::int32_t> codes_;
  std::int32_t last_ = -1;
};

/// The rows of one block.
struct Part {
  std::vector<Dictionary> dictionaries;
  std::vector<std::vector<std::int32_t>> codes;
  std::vector<std::vector<double>> numbers;
  std::int64_t n_left_out = 0;
};

std::string_view trim(std::string_view field) {
  const std::size_t first = field.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return field.substr(first, field.find_last_not_of(' ') - first + 1);
}

/// Reads blocks; shared by the threads, so it is immutable.
class BlockReader {
 public:
  BlockReader(const std::string& file, const TableStart& start,
              const ColumnRequest& request)
      : file_(file), start_(start), request_(request) {
    const std::size_t n = start.first.size();
    text_slot_.assign(n, -1);
    number_slot_.assign(n, -1);
    for (std::size_t k = 0; k < request.text.size(); ++k) {
      text_slot_.at(static_cast<std::size_t>(request.text[k])) =
          static_cast<int>(k);
    }
    for (std::size_t k = 0; k < request.number.size(); ++k) {
      number_slot_.at(static_cast<std::size_t>(request.number[k])) =
          static_cast<int>(k);
    }
  }

  [[nodiscard]] Part read(const TextBlock& block) const {
    Part part;
    part.dictionaries.resize(request_.shared_levels ? 1 : request_.text.size());
    part.codes.resize(request_.text.size());
    part.numbers.resize(request_.number.size());
    Records records(block.text, start_.dialect, file_, block.first_line);
    std::string_view record;
    std::vector<std::string> kept(request_.text.size());
    std::vector<double> numbers(request_.number.size());
    const bool has_header = request_.has_header && !start_.is_comment;
    if (block.index == 0 && has_header) (void)records.next(&record);
    while (records.next(&record)) {
      read_record(record, records.line(), &kept, &numbers);
      add_row(kept, &numbers, &part);
    }
    return part;
  }

 private:
  void read_record(std::string_view record, std::int64_t line,
                   std::vector<std::string>* text,
                   std::vector<double>* numbers) const {
    Fields fields(record, start_.dialect);
    std::string_view field;
    std::size_t column = 0;
    for (; fields.next(&field); ++column) {
      if (column == text_slot_.size()) refuse_fields(record, line);
      if (const int slot = text_slot_[column]; slot >= 0) {
        (*text)[static_cast<std::size_t>(slot)].assign(trim(field));
      }
      if (const int slot = number_slot_[column]; slot >= 0) {
        (*numbers)[static_cast<std::size_t>(slot)] =
            number(field, line, column);
      }
    }
    if (column < text_slot_.size()) refuse_fields(record, line);
  }

  [[nodiscard]] double number(std::string_view field, std::int64_t line,
                              std::size_t column) const {
    double value = request_.missing;
    const NumberKind kind = parse_number(field, &value);
    if (kind == NumberKind::infinite || kind == NumberKind::none) {
      refuse_text(file_, line,
                  std::to_string(column + 1) + " (" +
                      show_field(start_.first[column]) + ")",
                  show_field(field) + (kind == NumberKind::none
                                           ? " is no number"
                                           : " is no finite number"),
                  "Write a decimal number, or NA where it is missing.");
    }
    return value;
  }

  void add_row(const std::vector<std::string>& text,
               std::vector<double>* numbers, Part* part) const {
    if (request_.keep && !request_.keep(numbers->data())) {
      ++part->n_left_out;
      return;
    }
    for (std::size_t k = 0; k < text.size(); ++k) {
      auto& dictionary = part->dictionaries[request_.shared_levels ? 0 : k];
      part->codes[k].push_back(dictionary.code(text[k]));
    }
    for (std::size_t k = 0; k < numbers->size(); ++k) {
      part->numbers[k].push_back((*numbers)[k]);
    }
  }

  [[noreturn]] void refuse_fields(std::string_view record,
                                  std::int64_t line) const {
    const std::size_t found = split_fields(record, start_.dialect).size();
    refuse_text(file_, line, "",
                std::to_string(found) + (found == 1 ? " field" : " fields") +
                    " where the first line has " +
                    std::to_string(text_slot_.size()),
                "Is the file truncated, or does a field hold the delimiter? "
                "Download it again, or quote the field.");
  }

  const std::string& file_;
  const TableStart& start_;
  const ColumnRequest& request_;
  std::vector<int> text_slot_, number_slot_;  // by column of the table
};

/// Appends the codes of a block, converted to those of the whole table.
void append_codes(const std::vector<std::int32_t>& codes,
                  const std::vector<std::int32_t>& code_of,
                  std::vector<std::int32_t>* out) {
  for (const std::int32_t code : codes) {
    out->push_back(code_of[static_cast<std::size_t>(code)]);
  }
}

/// The blocks in order of the file.
ColumnTable join(std::vector<Part>* parts, const ColumnRequest& request,
                 const std::string& file) {
  ColumnTable out;
  out.text.resize(request.text.size());
  out.number.resize(request.number.size());
  std::vector<Dictionary> all(request.shared_levels ? 1 : request.text.size());
  for (Part& part : *parts) {
    for (std::size_t d = 0; d < part.dictionaries.size(); ++d) {
      std::vector<std::int32_t> code_of;
      for (const auto& text : part.dictionaries[d].strings()) {
        code_of.push_back(all[d].code(text));
      }
      if (!request.shared_levels) {
        append_codes(part.codes[d], code_of, &out.text[d].code);
        continue;
      }
      for (std::size_t k = 0; k < part.codes.size(); ++k) {
        append_codes(part.codes[k], code_of, &out.text[k].code);
      }
    }
    for (std::size_t k = 0; k < part.numbers.size(); ++k) {
      out.number[k].insert(out.number[k].end(), part.numbers[k].begin(),
                           part.numbers[k].end());
    }
    out.n_left_out += part.n_left_out;
    part = Part();
  }
  for (std::size_t d = 0; d < all.size() && d < out.text.size(); ++d) {
    for (const auto& text : all[d].strings()) {
      out.text[d].levels.push_back(field_utf8(text, file, 0));
    }
  }
  out.n_rows =
      static_cast<std::int64_t>(!out.text.empty()    ? out.text[0].code.size()
                                : out.number.empty() ? 0
                                                     : out.number[0].size());
  return out;
}

bool is_comment(std::string_view record) {
  return !record.empty() && record.front() == '#';
}

/// Fields of a header without its leading "#" and the blanks after it.
std::vector<std::string> comment_fields(std::string_view record,
                                        const Dialect& dialect) {
  record.remove_prefix(std::min(record.find_first_not_of("# "), record.size()));
  return split_fields(record, dialect);
}

constexpr std::size_t kHeadGrowth = 16;

TableStart parse_start(std::string_view head, char quote,
                       const std::string& name) {
  std::string_view body = head;
  std::string_view record, comment;
  TableStart out;
  std::int64_t n_comments = 0;
  while (is_comment(body)) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    comment = body.substr(0, end);
    if (!comment.empty() && comment.back() == '\r') comment.remove_suffix(1);
    body.remove_prefix(std::min(end + 1, body.size()));
    ++n_comments;
  }
  out.dialect = sniff_dialect(body.empty() ? comment : body, quote);
  Records records(body, out.dialect, name);
  if (records.next(&record)) out.first = split_fields(record, out.dialect);
  out.lines_before = n_comments + records.line() - 1;
  const auto header = comment_fields(comment, out.dialect);
  out.is_comment = n_comments > 0 &&
                   (header.size() == out.first.size() || out.first.empty());
  if (out.is_comment) {
    out.second = std::exchange(out.first, header);
    out.lines_before = n_comments - 1;
  } else if (records.next(&record)) {
    out.second = split_fields(record, out.dialect);
  }
  if (out.first.empty()) {
    refuse_text(name, 1, "", "it has no table", "Download or copy it again.");
  }
  if (out.second.size() == out.first.size() + 1) {
    out.first.insert(out.first.begin(), "");
  }
  for (auto* names : {&out.first, &out.second}) {
    for (auto& field : *names) field = field_utf8(trim(field), name, 1);
  }
  return out;
}

}  // namespace

TableStart read_table_start(const TextFile& file, char quote,
                            std::size_t most_head) {
  for (std::size_t most = TextFile::kHeadBytes;; most *= kHeadGrowth) {
    std::string_view head = file.head(most);
    const bool is_whole = head.size() < most;
    const std::size_t last = head.rfind('\n');
    // A record cut off by the head is incomplete; a file without a line end is
    // a record.
    if (!is_whole && last != std::string_view::npos) {
      head = head.substr(0, last + 1);
    }
    try {
      TableStart out = parse_start(head, quote, file.name());
      if (is_whole || !out.second.empty()) return out;
    } catch (const FormatError&) {
      if (is_whole) throw;  // else it may be the head that ends too soon
    }
    if (most > most_head) {
      refuse_text(file.name(), 1, "",
                  "its first two rows have more than " +
                      std::to_string(most >> 20) + " MB",
                  "Is it a table, and is each quote closed?");
    }
  }
}

ColumnTable read_columns(TextFile* file, const TableStart& start,
                         const ColumnRequest& request, int threads,
                         const std::function<bool()>& tick,
                         std::size_t block_bytes) {
  const BlockReader reader(file->name(), start, request);
  const bool has_comment = request.has_header && start.is_comment;
  std::vector<Part> parts;
  std::mutex adding;
  for_each_block(
      file, start.dialect, threads,
      [&](const TextBlock& block) {
        Part part = reader.read(block);
        const std::lock_guard<std::mutex> lock(adding);
        const auto index = static_cast<std::size_t>(block.index);
        if (parts.size() <= index) parts.resize(index + 1);
        parts[index] = std::move(part);
      },
      tick, block_bytes, start.lines_before + (has_comment ? 1 : 0));
  return join(&parts, request, file->name());
}

}  // namespace musl
