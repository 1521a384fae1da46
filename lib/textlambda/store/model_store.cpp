#include "textlambda/store/model_store.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "textlambda/aws/s3_name.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/store/place.h"
#include "textlambda/text/timestamp.h"

namespace textlambda::store {
namespace {

constexpr std::size_t kIdDigits = 16;
// Others that change a store at the same time do so a few times a minute at most.
constexpr int kMostTries = 20;

bool is_id(std::string_view text) {
  return text.size() == kIdDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::shared_ptr<Place> place_of(const std::string& path) {
  if (path.empty()) io::throw_usage("the name of the store is empty");
  return aws::is_s3_name(path) ? s3_place(path) : folder_place(path);
}

}  // namespace

std::string model_id(std::string_view bytes) { return encoding::sha256_hex(bytes).substr(0, kIdDigits); }

std::string_view model_id_of(std::string_view name) {
  if (!name.ends_with(kModelSuffix)) return {};
  name.remove_suffix(kModelSuffix.size());
  return is_id(name) ? name : std::string_view();
}

std::string Place::model_path(std::string_view id) const {
  return fmt::format("{}/{}/{}{}", path_, kModelsFolder, id, kModelSuffix);
}

ModelStore::ModelStore(std::shared_ptr<Place> place) : place_(std::move(place)) {}

ModelStore ModelStore::open(const std::string& path) {
  ModelStore store(place_of(path));
  store.place_->require();
  return store;
}

ModelStore ModelStore::open_or_create(const std::string& path) {
  ModelStore store(place_of(path));
  store.place_->make();
  return store;
}

const std::string& ModelStore::path() const { return place_->path(); }
std::string ModelStore::ledger_path() const { return place_->ledger_path(); }
std::string ModelStore::model_path(std::string_view id) const { return place_->model_path(id); }
std::string ModelStore::current() const {
  StoreState state = place_->read();
  if (!state.fault.empty()) io::throw_input(state.fault, path() + "/current");
  return std::move(state.current);
}
StoreState ModelStore::look() const { return place_->read(); }
std::vector<StoredModel> ModelStore::models() const { return place_->models(); }
std::unique_ptr<io::FileLock> ModelStore::lock(unsigned seconds) const { return place_->lock(seconds); }
void ModelStore::set_current(const std::string& id) const { place_->set_current(id); }

std::string ModelStore::find(std::string_view prefix) const {
  std::vector<std::string> found;
  for (const StoredModel& model : models()) {
    if (!prefix.empty() && std::string_view(model.id).starts_with(prefix)) found.push_back(model.id);
  }
  if (found.empty()) io::throw_usage(fmt::format("{}: no model's id begins with \"{}\"", path(), prefix));
  if (found.size() > 1) io::throw_usage(fmt::format("{}: \"{}\" begins several models' ids", path(), prefix));
  return found.front();
}

std::string ModelStore::add(std::string_view bytes) const {
  std::string id = model_id(bytes);
  place_->add(id, bytes);
  return id;
}

bool ModelStore::commit(const StoreState& seen, LedgerEntry& entry) const {
  entry.at = text::rfc3339(now_ms());
  return place_->commit(seen, entry);
}

void ModelStore::record(LedgerEntry& entry) const {
  for (int tries = 0; tries < kMostTries; ++tries) {
    StoreState now = place_->read();
    if (entry.action == Action::prune) {
      entry.from = now.current;
      entry.to = now.current;
    }
    now.current = entry.to;  // it tells of what is, and moves nothing
    if (commit(now, entry)) return;
  }
  io::throw_input("is changed by others again and again: nothing could be added to its ledger", path());
}

StoreState ModelStore::reconcile() const {
  for (int tries = 0; tries < kMostTries; ++tries) {
    StoreState now = place_->read();
    const std::string last = now.ledger.empty() ? "" : now.ledger.back().to;
    if (now.current == last) return now;
    if (place_->finish_last(now)) continue;
    LedgerEntry entry;
    entry.action = Action::found;
    entry.from = last;
    entry.to = now.current;
    entry.reason =
        "the current model is another than the last entry says: a run was killed after it had moved it, or it "
        "was moved by hand";
    commit(now, entry);
  }
  io::throw_input("is changed by others again and again", path());
}

std::vector<std::string> ModelStore::prune(std::size_t kept) const {
  std::vector<std::string> removed;
  const std::string serving = look().current;
  const std::vector<StoredModel> all = models();
  for (std::size_t i = kept; i < all.size(); ++i) {
    if (all[i].id != serving && place_->remove(all[i].id)) removed.push_back(all[i].id);
  }
  return removed;
}

}  // namespace textlambda::store
