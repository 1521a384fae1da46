#include "textlambda/mongodb/prediction_writer.h"

#include <fmt/format.h>

#include "textlambda/io/error.h"
#include "textlambda/mongodb/collection.h"

namespace textlambda::mongodb {
namespace {

constexpr std::size_t kTogether = 1000;  // documents: a round trip each would be most of the time

using Document = std::unique_ptr<bson_t, void (*)(bson_t*)>;
using Bulk = std::unique_ptr<mongoc_bulk_operation_t, void (*)(mongoc_bulk_operation_t*)>;

bool is_a_field(const std::string& field) {
  return !field.empty() && field.front() != '$' && field.front() != '.' && field.back() != '.' && field != "_id" &&
         field.find("..") == std::string::npos && field.find('\0') == std::string::npos;
}

std::uint64_t number_of(const bson_t& reply, const char* field) {
  bson_iter_t at;
  return bson_iter_init_find(&at, &reply, field) ? static_cast<std::uint64_t>(bson_iter_as_int64(&at)) : 0;
}

std::uint64_t length_of(const bson_t& reply, const char* field) {
  bson_iter_t at;
  bson_iter_t element;
  std::uint64_t length = 0;
  if (!bson_iter_init_find(&at, &reply, field) || !bson_iter_recurse(&at, &element)) return 0;
  while (bson_iter_next(&element)) ++length;
  return length;
}

}  // namespace

struct PredictionWriter::State {
  State(const CollectionName& target, bool may_make)
      : collection(target), field(target.field.empty() ? kUsualField : target.field), upserts(may_make) {}

  void open() {
    const Document options(BCON_NEW("ordered", BCON_BOOL(false)), &bson_destroy);
    bulk = Bulk(mongoc_collection_create_bulk_operation_with_opts(collection.get(), options.get()),
                &mongoc_bulk_operation_destroy);
  }

  void write_out() {
    if (waiting == 0) return;
    bson_t reply;
    bson_error_t error{};
    const bool done = mongoc_bulk_operation_execute(bulk.get(), &reply, &error) != 0;
    const std::uint64_t refused_now = length_of(reply, "writeErrors");
    written += number_of(reply, "nMatched") + number_of(reply, "nUpserted");
    bson_destroy(&reply);
    if (!done && refused_now == 0) collection.fail("cannot be written", error);
    // One that a validator refuses keeps nobody else from theirs.
    if (refused == 0 && refused_now > 0) first_refusal = collection.name().redacted(error.message);
    refused += refused_now;
    waiting = 0;
    open();
  }

  Collection collection;
  std::string field;
  bool upserts;
  Bulk bulk{nullptr, &mongoc_bulk_operation_destroy};
  std::uint64_t waiting = 0;
  std::uint64_t written = 0;
  std::uint64_t refused = 0;
  std::string first_refusal;
};

PredictionWriter::PredictionWriter(const CollectionName& target, bool upserts)
    : state_(std::make_unique<State>(target, upserts)) {
  if (!is_a_field(state_->field)) {
    io::throw_usage(
        fmt::format("{}: field \"{}\" given, expected a field's name such as prediction", target.shown, state_->field));
  }
  state_->open();
}

PredictionWriter::~PredictionWriter() = default;

void PredictionWriter::add(std::string_view line) {
  State& state = *state_;
  const Document document = parse_document(std::string(line), "a prediction");
  bson_iter_t id;
  bson_iter_t prediction;
  if (!bson_iter_init_find(&id, document.get(), "_id") ||
      !bson_iter_init_find(&prediction, document.get(), "prediction")) {
    io::throw_input("a document without an _id has no prediction", state.collection.name().shown);
  }
  const Document selector(bson_new(), &bson_destroy);
  bson_append_iter(selector.get(), "_id", 3, &id);
  bson_t set;
  const Document update(bson_new(), &bson_destroy);
  bson_append_document_begin(update.get(), "$set", 4, &set);
  bson_append_iter(&set, state.field.data(), static_cast<int>(state.field.size()), &prediction);
  bson_append_document_end(update.get(), &set);
  const Document options(BCON_NEW("upsert", BCON_BOOL(state.upserts)), &bson_destroy);
  bson_error_t error{};
  if (!mongoc_bulk_operation_update_one_with_opts(state.bulk.get(), selector.get(), update.get(), options.get(),
                                                  &error)) {
    state.collection.fail("cannot be written", error);
  }
  if (++state.waiting == kTogether) state.write_out();
}

std::uint64_t PredictionWriter::finish() {
  state_->write_out();
  if (state_->refused > 0) {
    io::throw_input(fmt::format("{} predictions were refused, {} written; the first refusal: {}", state_->refused,
                                state_->written, state_->first_refusal),
                    state_->collection.name().shown);
  }
  return state_->written;
}

}  // namespace textlambda::mongodb
