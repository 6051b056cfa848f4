#include "musl/table_start.h"

#include <algorithm>
#include <utility>

#include "musl/error.h"

namespace musl {

namespace {

std::string_view trim(std::string_view field) {
  const std::size_t first = field.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return field.substr(first, field.find_last_not_of(' ') - first + 1);
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

/// Calls `visit` with each record and its line, the comments left out, until it
/// returns false.
template <class Visit>
void for_each_record(std::string_view text, const TableStart& start,
                     const std::string& name, const Visit& visit) {
  Records records(after_comments(text, start), start.dialect, name,
                  first_line(start));
  std::string_view record;
  while (records.next(&record)) {
    if (!visit(record, records.line())) return;
  }
}

std::size_t count_fields(std::string_view record, const Dialect& dialect) {
  const char delimiter = dialect.delimiter;
  const bool may_differ =
      (dialect.quote != '\0' &&
       record.find(dialect.quote) != std::string_view::npos) ||
      (dialect.runs &&
       (record.front() == delimiter || record.back() == delimiter ||
        record.find("  ") != std::string_view::npos));
  if (may_differ) return split_fields(record, dialect).size();
  return 1 + static_cast<std::size_t>(
                 std::count(record.begin(), record.end(), delimiter));
}

void refuse_zero(std::string_view text, const std::string& name) {
  const std::size_t zero = text.find('\0');
  if (zero == std::string_view::npos) return;
  const auto before = text.substr(0, zero);
  refuse_text(name, 1 + std::count(before.begin(), before.end(), '\n'), "",
              "it has a zero byte, so it is no text",
              "Download or copy it again.");
}

[[noreturn]] void refuse_fields(std::size_t found, std::size_t expected,
                                const std::string& name, std::int64_t line) {
  refuse_text(name, line, "",
              std::to_string(found) + (found == 1 ? " field" : " fields") +
                  " where the first line has " + std::to_string(expected),
              "Is the file truncated, or does a field hold the delimiter? "
              "Download it again, or quote the field.");
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

std::string_view after_comments(std::string_view text,
                                const TableStart& start) {
  for (std::int64_t line = 1; line < first_line(start); ++line) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  return text;
}

TableRecords scan_records(std::string_view text, const TableStart& start,
                          const std::string& name) {
  refuse_zero(text, name);
  TableRecords out;
  out.has_quotes = text.find('"') != std::string_view::npos;
  out.is_ascii = std::none_of(text.begin(), text.end(),
                              [](char c) { return (c & '\x80') != 0; });
  const std::size_t expected = start.first.size();
  // A header that lacks the name of its first column is complete.
  const bool short_header = !start.is_comment && start.first.front().empty();
  for_each_record(
      text, start, name, [&](std::string_view record, std::int64_t line) {
        const std::size_t found = count_fields(record, start.dialect);
        const bool fits = found == expected ||
                          (out.n == 0 && short_header && found + 1 == expected);
        if (!fits) refuse_fields(found, expected, name, line);
        if (out.n == 0) out.first_line = line;
        if (out.n == 1) out.second_line = line;
        ++out.n;
        return true;
      });
  return out;
}

std::int64_t record_line(std::string_view text, const TableStart& start,
                         const std::string& name, std::int64_t record) {
  std::int64_t out = 0;
  for_each_record(text, start, name,
                  [&](std::string_view /*record*/, std::int64_t line) {
                    out = line;
                    return record-- > 0;
                  });
  return out;
}

}  // namespace musl
