#include "textlambda/gate/row_match.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>

#include "textlambda/io/error.h"

namespace textlambda::gate {
namespace {

using metrics::JudgedRows;

constexpr std::size_t kShown = 10;

class Matcher {
 public:
  Matcher(const JudgedRows& before, const JudgedRows& after) : before_(before), after_(after) {}

  RowMatch run() {
    match_.change.before = before_.rows.size();
    match_.change.after = after_.rows.size();
    std::uint32_t b = 0;
    std::uint32_t a = 0;
    const auto more_b = [&] { return b < before_.rows.size(); };
    const auto more_a = [&] { return a < after_.rows.size(); };
    while (more_b() || more_a()) {
      const std::uint64_t hash = !more_a()                                    ? before_.rows[b].hash
                                 : !more_b()                                  ? after_.rows[a].hash
                                 : before_.rows[b].hash < after_.rows[a].hash ? before_.rows[b].hash
                                                                              : after_.rows[a].hash;
      const std::uint32_t b_begin = b;
      const std::uint32_t a_begin = a;
      while (more_b() && before_.rows[b].hash == hash) ++b;
      while (more_a() && after_.rows[a].hash == hash) ++a;
      match_text(b_begin, b, a_begin, a);
    }
    match_.change.compared = match_.pairs.size();
    first_by_line(match_.change.added_rows);
    first_by_line(match_.change.removed_rows);
    first_by_line(match_.change.relabelled_rows);
    return std::move(match_);
  }

 private:
  const std::string& label_before(std::uint32_t row) const { return before_.labels[before_.rows[row].truth]; }
  const std::string& label_after(std::uint32_t row) const { return after_.labels[after_.rows[row].truth]; }

  // The rows of one text, each side in the order of its labels' names.
  void match_text(std::uint32_t b, std::uint32_t b_end, std::uint32_t a, std::uint32_t a_end) {
    const bool in_both = b < b_end && a < a_end;
    std::vector<std::uint32_t> left_before;
    std::vector<std::uint32_t> left_after;
    while (b < b_end || a < a_end) {
      const int order = b == b_end ? 1 : a == a_end ? -1 : label_before(b).compare(label_after(a));
      if (order == 0) {
        match_.pairs.push_back({b++, a++});
      } else if (order < 0) {
        left_before.push_back(b++);
      } else {
        left_after.push_back(a++);
      }
    }
    const std::size_t relabelled = std::min(left_before.size(), left_after.size());
    for (std::size_t i = 0; i < relabelled; ++i) {
      note(match_.change.relabelled, match_.change.relabelled_rows, location(after_, left_after[i]),
           label_before(left_before[i]), label_after(left_after[i]));
    }
    for (std::size_t i = relabelled; i < left_before.size(); ++i) {
      note(match_.change.removed, match_.change.removed_rows, location(before_, left_before[i]),
           label_before(left_before[i]), "");
    }
    for (std::size_t i = relabelled; i < left_after.size(); ++i) {
      note(match_.change.added, match_.change.added_rows, location(after_, left_after[i]), "",
           label_after(left_after[i]));
      if (in_both) ++match_.change.repeated;
    }
  }

  static corpus::Location location(const JudgedRows& rows, std::uint32_t row) {
    return {rows.inputs[rows.rows[row].input], rows.rows[row].line};
  }

  static bool earlier(const ChangedRow& a, const ChangedRow& b) {
    return a.location.file != b.location.file ? a.location.file < b.location.file : a.location.line < b.location.line;
  }

  // Keeps enough to show the first ones of the file, though rows come by hash.
  static void note(std::uint64_t& count, std::vector<ChangedRow>& shown, corpus::Location where,
                   const std::string& label_before, const std::string& label_after) {
    ++count;
    const ChangedRow row{std::move(where), label_before, label_after};
    if (shown.size() < kShown) {
      shown.push_back(row);
      return;
    }
    const auto last = std::max_element(shown.begin(), shown.end(), earlier);
    if (earlier(row, *last)) *last = row;
  }

  static void first_by_line(std::vector<ChangedRow>& rows) { std::sort(rows.begin(), rows.end(), earlier); }

  const JudgedRows& before_;
  const JudgedRows& after_;
  RowMatch match_;
};

}  // namespace

RowMatch match_rows(const JudgedRows& before, const JudgedRows& after) {
  if (before.identity == after.identity) return Matcher(before, after).run();
  const bool old_before = before.identity == metrics::RowIdentity::exact;
  const JudgedRows& other = old_before ? after : before;
  if (!other.has_exact_hashes) {
    throw io::Error(io::ErrorKind::mismatch,
                    "one of the baselines was made before rows were told apart by what a model sees: make it anew with "
                    "--update-baseline");
  }
  std::vector<std::uint32_t> places;
  const JudgedRows exact = metrics::told_exactly(other, places);
  RowMatch match = old_before ? Matcher(before, exact).run() : Matcher(exact, after).run();
  for (RowPair& pair : match.pairs)
    (old_before ? pair.after : pair.before) = places[old_before ? pair.after : pair.before];
  return match;
}

}  // namespace textlambda::gate
