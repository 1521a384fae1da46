#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "textlambda/aws/s3.h"
#include "textlambda/aws/service_error.h"
#include "textlambda/aws/session.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/io/line_file.h"
#include "textlambda/store/feedback_lines.h"
#include "textlambda/store/feedback_place.h"
#include "textlambda/text/timestamp.h"

namespace textlambda::store {
namespace {

constexpr std::size_t kLongestObject = std::size_t{1} << 30;
constexpr std::size_t kMostObjects = 64;  // that are left as they are
constexpr unsigned kConnections = 16;     // a request is a wait of milliseconds, whatever the processor is
constexpr int kMostListings = 5;
constexpr std::size_t kKeyDigits = 32;
constexpr std::string_view kSuffix = ".jsonl";
constexpr const char* kContentType = "application/x-ndjson";

class S3Feedback final : public FeedbackPlace {
 public:
  explicit S3Feedback(const std::string& folder)
      : folder_(folder), session_(std::make_shared<aws::Session>(aws::of_this_process(), aws::SessionOptions{})) {
    for (unsigned i = 0; i < kConnections; ++i) connections_.push_back(std::make_unique<aws::S3>(session_));
  }

  std::vector<bool> append(const std::vector<FeedbackRow>& rows, std::int64_t now_ms, unsigned /*seconds*/) override {
    const std::string at = text::rfc3339(now_ms);
    std::vector<bool> kept;
    std::set<FeedbackName> added;
    std::string lines;
    for (const FeedbackRow& row : rows) {
      const FeedbackName name = feedback_name(row.name);
      const bool is_new = !names_.contains(name) && added.insert(name).second;
      kept.push_back(is_new);
      if (is_new) append_feedback_line(lines, name, row, at);
    }
    if (added.empty()) return kept;
    std::string names;
    for (const FeedbackName& name : added) names.append(name.begin(), name.end());
    const bool was_there =
        !connections_.front()->put(object(encoding::sha256_hex(names).substr(0, kKeyDigits)), lines,
                                   {.if_match = {}, .if_absent = true, .link = {}, .content_type = kContentType});
    if (was_there) kept.assign(kept.size(), false);
    for (const FeedbackName& name : added) names_.add(name);
    return kept;
  }

  FeedbackRows read(unsigned /*seconds*/) override {
    // Who packs at the same time takes away what was listed: it is in his pack.
    for (int listing = 0; listing < kMostListings; ++listing) {
      const std::vector<aws::S3Name> objects = list();
      std::optional<std::vector<std::string>> contents = read_all(objects);
      if (!contents) continue;
      FeedbackRows rows{folder_, {}, 0};
      join(*contents, rows);
      if (objects.size() > kMostObjects) pack(objects, rows.lines);
      return rows;
    }
    io::throw_input("objects go while they are read", folder_);
  }

 private:
  aws::S3Name object(const std::string& name) const {
    return aws::parse_s3_name(folder_ + "/" + name + std::string(kSuffix));
  }

  std::vector<aws::S3Name> list() {
    std::vector<aws::S3Name> objects;
    const aws::S3Name prefix = aws::parse_s3_name(folder_ + "/");
    connections_.front()->list(prefix, [&](aws::ListedObject&& listed) {
      if (listed.key.ends_with(kSuffix)) objects.push_back({prefix.bucket, std::move(listed.key)});
      return true;
    });
    return objects;
  }

  // Nothing where one of them is gone.
  std::optional<std::vector<std::string>> read_all(const std::vector<aws::S3Name>& objects) {
    std::vector<std::optional<std::string>> found(objects.size());
    executor_.run(objects.size(), [&](std::size_t item, unsigned worker) {
      auto content = connections_[worker]->read(objects[item], kLongestObject);
      if (content) found[item] = std::move(content->first);
    });
    std::vector<std::string> contents;
    for (std::optional<std::string>& content : found) {
      if (!content) return std::nullopt;
      contents.push_back(*std::move(content));
    }
    return contents;
  }

  // In an order that does not depend on the objects they came in.
  static void join(const std::vector<std::string>& contents, FeedbackRows& rows) {
    // By time, what the line says, and which of such lines it is in its object: one that somebody has put there by hand
    // has no name, and is as often there as in the object that has it most often.
    std::set<std::tuple<std::string_view, std::string_view, std::size_t>> lines;
    for (const std::string& content : contents) {
      std::map<std::string_view, std::size_t> times;
      std::string_view left = io::whole_lines(content);
      while (!left.empty()) {
        const std::size_t end = left.find('\n');
        const std::string_view line = left.substr(0, end);
        lines.emplace(time_of_line(line), line, ++times[line]);
        left.remove_prefix(end + 1);
      }
    }
    std::set<FeedbackName> names;
    for (const auto& [at, line, number] : lines) {
      const std::optional<FeedbackName> name = name_of_line(line);
      if (name && !names.insert(*name).second) continue;
      rows.lines.append(line) += '\n';
      ++rows.count;
    }
  }

  // One object in the place of many. That it fails is no fault of the rows, which are where they were: who reads next
  // tries again.
  void pack(const std::vector<aws::S3Name>& objects, const std::string& lines) {
    const aws::S3Name pack = object("pack-" + encoding::sha256_hex(lines).substr(0, kKeyDigits));
    try {
      connections_.front()->put(pack, lines,
                                {.if_match = {}, .if_absent = false, .link = {}, .content_type = kContentType});
      executor_.run(objects.size(), [&](std::size_t item, unsigned worker) {
        // A pack of these very rows, by whoever: it is the one that stays.
        if (objects[item].key != pack.key) connections_[worker]->remove(objects[item]);
      });
    } catch (const io::Error&) {
    }
  }

  std::string folder_;
  std::shared_ptr<aws::Session> session_;
  std::vector<std::unique_ptr<aws::S3>> connections_;
  io::Executor executor_{kConnections};
  RememberedNames names_;
};

}  // namespace

std::unique_ptr<FeedbackPlace> s3_feedback(const std::string& folder) { return std::make_unique<S3Feedback>(folder); }

}  // namespace textlambda::store
