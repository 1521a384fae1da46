#include <algorithm>
#include <atomic>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "textlambda/aws/s3.h"
#include "textlambda/aws/session.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/io/executor.h"
#include "textlambda/store/feedback_lines.h"
#include "textlambda/store/feedback_place.h"

namespace textlambda::store {
namespace {

constexpr std::size_t kLongestObject = std::size_t{1} << 30;
constexpr std::size_t kMostObjects = 64;  // that are left as they are
constexpr unsigned kConnections = 16;     // a request is a wait of milliseconds, whatever the processor is
constexpr int kMostListings = 5;
constexpr std::size_t kKeyDigits = 32;
constexpr std::string_view kSuffix = ".jsonl";
constexpr std::string_view kPack = "pack-";
constexpr std::size_t kLongestPack = std::size_t{256} << 20;
constexpr const char* kContentType = "application/x-ndjson";

class S3Feedback final : public FeedbackPlace {
 public:
  explicit S3Feedback(const std::string& folder)
      : folder_(folder), session_(std::make_shared<aws::Session>(aws::of_this_process(), aws::SessionOptions{})) {
    for (unsigned i = 0; i < kConnections; ++i) connections_.push_back(std::make_unique<aws::S3>(session_));
  }

  std::vector<bool> append(const std::vector<FeedbackRow>& rows, std::int64_t now_ms, unsigned /*seconds*/) override {
    NewRows added = new_rows_of(rows, names_, now_ms);
    if (added.names.empty()) return std::move(added.kept);
    std::string names;
    for (const FeedbackName& name : added.names) names.append(name.begin(), name.end());
    const bool was_there =
        !connections_.front()->put(object(encoding::sha256_hex(names).substr(0, kKeyDigits)), added.lines,
                                   {.if_match = {}, .if_absent = true, .link = {}, .content_type = kContentType});
    if (was_there) added.kept.assign(added.kept.size(), false);
    for (const FeedbackName& name : added.names) names_.add(name);
    return std::move(added.kept);
  }

  FeedbackRows read(unsigned /*seconds*/) override {
    // Who packs at the same time takes away what was listed: it is in his pack.
    for (int listing = 0; listing < kMostListings; ++listing) {
      std::vector<Kept> objects = list();
      if (!read_all(objects)) continue;
      FeedbackRows rows{folder_, {}, 0};
      std::string own;  // lines, where they are packed
      join(objects, rows, own);
      rows.notice = tidy(objects, own);
      return rows;
    }
    io::throw_input("objects go while they are read", folder_);
  }

 private:
  struct Kept {
    aws::S3Name name;
    bool is_own = false;  // append() or pack() wrote it, so that its name says what is in it
    bool is_pack = false;
    std::string content;
    std::vector<FeedbackName> names;  // of an own one's rows, sorted
  };

  aws::S3Name object(const std::string& name) const {
    return aws::parse_s3_name(folder_ + "/" + name + std::string(kSuffix));
  }

  // Those of the folder itself.
  std::vector<Kept> list() {
    std::vector<Kept> objects;
    const aws::S3Name prefix = aws::parse_s3_name(folder_ + "/");
    connections_.front()->list(prefix, [&](aws::ListedObject&& listed) {
      std::string_view name = std::string_view(listed.key).substr(prefix.key.size());
      if (!name.ends_with(kSuffix) || name.find('/') != std::string_view::npos) return true;
      name.remove_suffix(kSuffix.size());
      Kept found;
      found.is_pack = name.starts_with(kPack);
      if (found.is_pack) name.remove_prefix(kPack.size());
      found.is_own = name.size() == kKeyDigits && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
      found.is_pack = found.is_pack && found.is_own;
      found.name = {prefix.bucket, std::move(listed.key)};
      objects.push_back(std::move(found));
      return true;
    });
    return objects;
  }

  // False where one of them is gone.
  bool read_all(std::vector<Kept>& objects) {
    std::atomic<bool> all = true;
    executor_.run(objects.size(), [&](std::size_t item, unsigned worker) {
      auto content = all ? connections_[worker]->read(objects[item].name, kLongestObject) : std::nullopt;
      if (!content) {
        all = false;
        return;
      }
      objects[item].content = std::move(content->first);
      // An object is there whole or not at all: its end is its last line's.
      if (!objects[item].content.empty() && objects[item].content.back() != '\n') objects[item].content += '\n';
    });
    return all;
  }

  // In an order that does not depend on the objects they came in: by time and name.
  static void join(std::vector<Kept>& objects, FeedbackRows& rows, std::string& own) {
    struct Line {
      std::string_view at;
      std::string_view line;
      std::optional<FeedbackName> name;
      bool is_own = false;
    };
    std::vector<Line> lines;
    for (Kept& object : objects) {
      std::string_view left = object.content;
      while (!left.empty()) {
        const std::size_t end = left.find('\n');
        const std::string_view line = left.substr(0, end);
        left.remove_prefix(end + 1);
        lines.push_back({time_of_line(line), line, name_of_line(line), object.is_own});
        if (object.is_own && lines.back().name) object.names.push_back(*lines.back().name);
      }
      std::sort(object.names.begin(), object.names.end());
    }
    // Own ones first where somebody has copied them: they are packed.
    std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
      return std::tuple(a.at, a.line, !a.is_own) < std::tuple(b.at, b.line, !b.is_own);
    });
    const bool packs = needs_pack(objects);
    std::set<FeedbackName> names;
    std::set<FeedbackName> packed;  // whatever copies others have, which may go
    for (const Line& line : lines) {
      if (packs && line.is_own && (!line.name || packed.insert(*line.name).second)) own.append(line.line) += '\n';
      if (line.name && !names.insert(*line.name).second) continue;
      rows.lines.append(line.line) += '\n';
      ++rows.count;
    }
    for (Kept& object : objects) object.content = {};
  }

  static bool needs_pack(const std::vector<Kept>& objects) {
    const auto own = std::count_if(objects.begin(), objects.end(), [](const Kept& object) { return object.is_own; });
    return static_cast<std::size_t>(own) > kMostObjects;
  }

  // Leaves one object in the place of many. That it cannot is no fault of the rows, which are where they were; what is
  // to be said of it is returned.
  std::string tidy(const std::vector<Kept>& objects, const std::string& lines) {
    if (!needs_pack(objects) || lines.size() > kLongestPack) return {};
    try {
      // What a pack has already goes first: where it may not, a further pack would be one copy more, each time.
      const Kept* pack = nullptr;
      for (const Kept& object : objects) {
        if (object.is_pack && (pack == nullptr || object.names.size() > pack->names.size())) pack = &object;
      }
      std::vector<const Kept*> covered;
      std::vector<const Kept*> rest;
      for (const Kept& object : objects) {
        if (!object.is_own || &object == pack) continue;
        const bool is_in = pack != nullptr && std::includes(pack->names.begin(), pack->names.end(),
                                                            object.names.begin(), object.names.end());
        (is_in ? covered : rest).push_back(&object);
      }
      remove(covered);
      if (rest.size() < kMostObjects) return {};
      const aws::S3Name made = object(std::string(kPack) + encoding::sha256_hex(lines).substr(0, kKeyDigits));
      connections_.front()->put(made, lines,
                                {.if_match = {}, .if_absent = false, .link = {}, .content_type = kContentType});
      if (pack != nullptr) rest.push_back(pack);
      // A pack of these very rows, by whoever: it is the one that stays.
      std::erase_if(rest, [&](const Kept* object) { return object->name.key == made.key; });
      remove(rest);
      return {};
    } catch (const io::Error& error) {
      return std::string("many objects of feedback stay many: ") + error.what();
    }
  }

  void remove(const std::vector<const Kept*>& objects) {
    if (objects.empty()) return;
    connections_.front()->remove(objects.front()->name);  // whether that is allowed
    executor_.run(objects.size() - 1,
                  [&](std::size_t item, unsigned worker) { connections_[worker]->remove(objects[item + 1]->name); });
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
