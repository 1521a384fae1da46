#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/aws/s3.h"
#include "textlambda/aws/session.h"
#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/store/place.h"

namespace textlambda::store {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestPointer = std::size_t{4} << 10;
constexpr std::size_t kLongestLedger = std::size_t{1} << 30;
constexpr int kMostLookedAt = 1000;  // objects, whether they are a store's

std::string without_slashes(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  return path;
}

// The number, from 1, of the last entry that made another model the current one; 0: none did.
std::uint64_t last_move(const std::vector<LedgerEntry>& ledger) {
  for (std::size_t i = ledger.size(); i > 0; --i) {
    if (ledger[i - 1].to != ledger[i - 1].from) return i;
  }
  return 0;
}

class S3Place final : public Place {
 public:
  explicit S3Place(const std::string& path)
      : Place(without_slashes(path)),
        s3_(std::make_shared<aws::Session>(aws::of_this_process(), aws::SessionOptions{})) {
    aws::parse_s3_name(this->path());
  }

  void require() override {
    if (is_there()) return;
    io::throw_input("is no store of models: expected models/ below it, as textlambda-retrain makes it", path());
  }

  void make() override {
    if (!is_there() && !is_empty_) require();
  }

  std::unique_ptr<io::FileLock> lock(unsigned /*seconds*/) override { return nullptr; }

  // The pointer first: the entry that moved it is in the ledger by then.
  StoreState read() override {
    StoreState state;
    if (const auto pointer = s3_.read(name("current"), kLongestPointer)) {
      state.current_tag = pointer->second.etag;
      read_pointer(pointer->first, state);
    }
    if (auto ledger = s3_.read(name("ledger.jsonl"), kLongestLedger)) {
      state.ledger_tag = ledger->second.etag;
      state.ledger_bytes = std::move(ledger->first);
      state.ledger = parse_ledger(state.ledger_bytes, ledger_path());
    }
    return state;
  }

  std::vector<StoredModel> models() override {
    std::vector<StoredModel> models;
    const aws::S3Name folder = name(std::string(kModelsFolder) + "/");
    s3_.list(folder, [&](aws::ListedObject&& listed) {
      const std::string_view id = model_id_of(std::string_view(listed.key).substr(folder.key.size()));
      if (!id.empty()) models.push_back({std::string(id), listed.object.bytes, listed.object.modified_ms});
      return true;
    });
    std::sort(models.begin(), models.end(), [](const StoredModel& a, const StoredModel& b) {
      return std::tie(b.written_ms, a.id) < std::tie(a.written_ms, b.id);
    });
    return models;
  }

  void add(const std::string& id, std::string_view bytes) override {
    const aws::S3Name model = aws::parse_s3_name(model_path(id));
    const std::optional<aws::S3Object> there = s3_.head(model);
    if (!there || there->bytes != bytes.size()) s3_.put(model, bytes);
  }

  void set_current(const std::string& id) override { put_pointer(id, 0, {}); }

  bool commit(const StoreState& seen, const LedgerEntry& entry) override {
    std::string ledger = seen.ledger_bytes;
    // What was cut off is no entry, see read_ledger().
    ledger.resize(ledger.rfind('\n') == std::string::npos ? 0 : ledger.rfind('\n') + 1);
    ledger += to_json(entry) + "\n";
    aws::PutOptions onto = condition(seen.ledger_tag);
    onto.content_type = "application/x-ndjson";
    if (!s3_.put(name("ledger.jsonl"), ledger, onto)) {
      // Or it was this run's own, whose answer was lost.
      const auto now = s3_.read(name("ledger.jsonl"), kLongestLedger);
      if (!now || !now->first.starts_with(ledger)) return false;
    }
    if (entry.to == seen.current) return true;
    if (put_pointer(entry.to, seen.ledger.size() + 1, condition(seen.current_tag))) return true;
    // A run that came behind may have finished it already, and gone on from there.
    const StoreState now = read();
    if (now.current == entry.to || now.current_entry > seen.ledger.size()) return true;
    io::throw_input("was moved by somebody who did not write into the ledger", path() + "/current");
  }

  bool finish_last(const StoreState& seen) override {
    const std::uint64_t last = last_move(seen.ledger);
    if (last == 0 || seen.current_entry >= last) return false;
    // By hand, where it does not say which entry moved it.
    if (!seen.current_tag.empty() && seen.current_entry == 0) return false;
    const std::string& id = seen.ledger[last - 1].to;
    if (!s3_.head(aws::parse_s3_name(model_path(id)))) return false;
    put_pointer(id, last, condition(seen.current_tag));
    return true;
  }

  bool remove(const std::string& id) override {
    s3_.remove(aws::parse_s3_name(model_path(id)));
    return true;
  }

 private:
  aws::S3Name name(const std::string& below) const { return aws::parse_s3_name(path() + "/" + below); }

  static aws::PutOptions condition(const std::string& tag) { return {.if_match = tag, .if_absent = tag.empty()}; }

  bool is_there() {
    const aws::S3Name all = name("");
    bool found = false;
    int looked_at = 0;
    s3_.list(all, [&](aws::ListedObject&& listed) {
      const std::string_view rest = std::string_view(listed.key).substr(all.key.size());
      found = rest == "current" || rest == "ledger.jsonl" || rest.starts_with(std::string(kModelsFolder) + "/") ||
              rest.starts_with("feedback/");
      return !found && ++looked_at < kMostLookedAt;
    });
    is_empty_ = looked_at == 0 && !found;
    return found;
  }

  // {"entry":7,"model":"models/0123456789abcdef.tlm"}
  bool put_pointer(const std::string& id, std::uint64_t entry, aws::PutOptions options) {
    options.link = fmt::format("{}/{}{}", kModelsFolder, id, kModelSuffix);
    options.content_type = "application/json";
    const json pointer = {{"model", options.link}, {"entry", entry}};
    return s3_.put(name("current"), textlambda::json::compact(pointer), options).has_value();
  }

  void read_pointer(const std::string& bytes, StoreState& state) {
    const std::string where = path() + "/current";
    json pointer;
    const std::string fault = textlambda::json::read(bytes, {}, pointer);
    const std::string* const model = fault.empty() ? textlambda::json::string_member(pointer, "model") : nullptr;
    const std::string folder = std::string(kModelsFolder) + "/";
    std::string_view id;
    if (model != nullptr && model->starts_with(folder))
      id = model_id_of(std::string_view(*model).substr(folder.size()));
    if (id.empty()) io::throw_input("expected {\"model\":\"models/ID.tlm\"}", where);
    const json* const entry = textlambda::json::member(pointer, "entry");
    if (entry != nullptr && entry->is_number_unsigned()) state.current_entry = entry->get<std::uint64_t>();
    if (!s3_.head(aws::parse_s3_name(model_path(id)))) {
      state.fault = fmt::format("leads to {}, which is gone: textlambda-models --rollback chooses another", *model);
    }
    state.current = id;
  }

  aws::S3 s3_;
  bool is_empty_ = false;
};

}  // namespace

std::unique_ptr<Place> s3_place(const std::string& path) { return std::make_unique<S3Place>(path); }

}  // namespace textlambda::store
