#include "musl/text_fields.h"

#include <algorithm>
#include <array>

#include "musl/error.h"
#include "musl/text_file.h"

namespace musl {

namespace {

constexpr auto kNone = std::string_view::npos;
constexpr std::size_t kSniffLines = 20;

/// Position after the quote that closes the field at the start of `text`, or
/// kNone.
std::size_t end_of_quoted(std::string_view text, char quote) {
  std::size_t at = 1;
  for (;;) {
    at = text.find(quote, at);
    if (at == kNone) return kNone;
    if (at + 1 == text.size() || text[at + 1] != quote) return at + 1;
    at += 2;
  }
}

bool is_blank(std::string_view line) {
  return line.empty() || line.find_first_not_of(" \r") == kNone;
}

std::int64_t count_lines(std::string_view text) {
  return std::count(text.begin(), text.end(), '\n');
}

}  // namespace

/// The record at the start of `left_`; its end is kNone if a quote is unclosed.
/// A quote opens a field only at its start.
Records::Extent Records::extent() const {
  const std::size_t line_end = std::min(left_.find('\n'), left_.size());
  if (dialect_.quote == '\0' ||
      left_.substr(0, line_end).find(dialect_.quote) == kNone) {
    return {line_end, true};
  }
  std::size_t at = 0;
  for (;;) {
    if (at < left_.size() && left_[at] == dialect_.quote) {
      const std::size_t end = end_of_quoted(left_.substr(at), dialect_.quote);
      if (end == kNone) return {kNone, false};
      at += end;
    }
    while (at < left_.size() && left_[at] != '\n' &&
           left_[at] != dialect_.delimiter) {
      ++at;
    }
    if (at == left_.size() || left_[at] == '\n') return {at, at == line_end};
    ++at;
  }
}

bool Records::next(std::string_view* record) {
  while (!left_.empty()) {
    line_ = next_line_;
    const auto [end, one_line] = extent();
    if (end == kNone) {
      refuse_text(file_, line_, "",
                  "a quoted field that begins here is never closed",
                  "Close the quote, or download the file again if it is "
                  "truncated.");
    }
    *record = left_.substr(0, end);
    next_line_ += 1 + (one_line ? 0 : count_lines(*record));
    left_.remove_prefix(std::min(end + 1, left_.size()));
    if (!record->empty() && record->back() == '\r') record->remove_suffix(1);
    if (!is_blank(*record)) return true;
  }
  return false;
}

std::string_view Fields::quoted() {
  const std::size_t end =
      std::min(end_of_quoted(left_, dialect_.quote), left_.size());
  const bool closed = end > 1 && left_[end - 1] == dialect_.quote;
  std::string_view inner = left_.substr(1, end - 1 - (closed ? 1 : 0));
  const std::size_t stop = left_.find(dialect_.delimiter, end);
  const std::string_view tail = left_.substr(end, stop - end);
  const bool plain = inner.find(dialect_.quote) == kNone && tail.empty();
  if (!plain) {
    unescaped_.clear();
    for (std::size_t i = 0; i < inner.size(); ++i) {
      unescaped_.push_back(inner[i]);
      if (inner[i] == dialect_.quote) ++i;
    }
    unescaped_.append(tail);
    inner = unescaped_;
  }
  step_over(stop);
  return inner;
}

std::vector<std::string> split_fields(std::string_view record,
                                      const Dialect& dialect) {
  std::vector<std::string> out;
  Fields fields(record, dialect);
  std::string_view field;
  while (fields.next(&field)) out.emplace_back(field);
  return out;
}

namespace {

// Whether blanks split the first lines into equal numbers of fields, as where
// the commas of later lines are those of decimals.
bool blanks_agree(std::string_view head, char quote) {
  const Dialect blanks{' ', quote, true};
  std::size_t count = 0;
  std::size_t lines = 0;
  while (!head.empty() && lines < kSniffLines) {
    const std::size_t end = head.find('\n');
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end == kNone ? head.size() : end + 1);
    if (is_blank(line)) continue;
    const std::size_t fields = split_fields(line, blanks).size();
    if (lines > 0 && fields != count) return false;
    count = fields;
    ++lines;
  }
  return count > 1;
}

}  // namespace

Dialect sniff_dialect(std::string_view head, char quote) {
  constexpr std::array<char, 4> kDelimiters = {'\t', ',', ';', '|'};
  // A last line that the head cuts off would count wrongly.
  const std::size_t last = head.rfind('\n');
  if (last != kNone) head = head.substr(0, last);
  Dialect best;
  best.quote = quote;
  std::size_t best_score = 0;
  for (const char delimiter : kDelimiters) {
    const Dialect dialect{delimiter, quote, false};
    std::vector<std::size_t> counts;
    std::string_view rest = head;
    while (!rest.empty() && counts.size() < kSniffLines) {
      const std::size_t end = rest.find('\n');
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end == kNone ? rest.size() : end + 1);
      if (is_blank(line)) continue;
      counts.push_back(split_fields(line, dialect).size() - 1);
    }
    if (counts.empty()) continue;
    std::sort(counts.begin(), counts.end());
    const std::size_t median = counts[counts.size() / 2];
    const auto alike = static_cast<std::size_t>(
        std::count(counts.begin(), counts.end(), median));
    // Lines that agree count more than many delimiters.
    const std::size_t score =
        median == 0 ? 0 : 1000000 * (10 * alike / counts.size()) + median;
    if (score > best_score) {
      best_score = score;
      best.delimiter = delimiter;
    }
  }
  const std::string_view line = head.substr(0, head.find('\n'));
  const bool is_blanks =
      line.find(' ') != kNone &&
      (best_score == 0 || (best.delimiter == ',' && line.find(',') == kNone &&
                           blanks_agree(head, quote)));
  if (is_blanks) {
    best.delimiter = ' ';
    best.runs = true;
  }
  return best;
}

}  // namespace musl
