#include "textlambda/mongodb/collection.h"

#include <fmt/format.h>

#include "textlambda/io/error.h"

namespace textlambda::mongodb {
namespace {

// What is silent for longer is taken for dead. A server that is not there is known before.
constexpr std::int32_t kSelectionMs = 10'000;
constexpr std::int32_t kSilenceMs = 60'000;

// Once a process; the driver's own log would go to standard error, secrets of a URI in it.
void start_driver() {
  struct Driver {
    Driver() {
      mongoc_log_set_handler(nullptr, nullptr);
      mongoc_init();
    }
    ~Driver() { mongoc_cleanup(); }
  };
  static const Driver driver;
  static_cast<void>(driver);
}

}  // namespace

std::unique_ptr<bson_t, void (*)(bson_t*)> parse_document(const std::string& json, const std::string& what) {
  bson_error_t error{};
  bson_t* const document =
      bson_new_from_json(reinterpret_cast<const std::uint8_t*>(json.data()), static_cast<ssize_t>(json.size()), &error);
  if (document == nullptr) {
    io::throw_usage(fmt::format("{}: {} given, expected a JSON object such as {{\"split\": \"train\"}}", what,
                                json.substr(0, 100)));
  }
  return {document, &bson_destroy};
}

Collection::Collection(const CollectionName& name) : name_(name) {
  start_driver();
  bson_error_t error{};
  const std::unique_ptr<mongoc_uri_t, Free> uri(mongoc_uri_new_with_error(name.uri.c_str(), &error));
  if (!uri) io::throw_usage(fmt::format("{}: {}", name_.shown, name_.redacted(error.message)));
  const auto set_unless_given = [&](const char* option, std::int32_t value) {
    if (mongoc_uri_get_option_as_int32(uri.get(), option, 0) == 0) {
      mongoc_uri_set_option_as_int32(uri.get(), option, value);
    }
  };
  set_unless_given(MONGOC_URI_SERVERSELECTIONTIMEOUTMS, kSelectionMs);
  set_unless_given(MONGOC_URI_SOCKETTIMEOUTMS, kSilenceMs);
  if (mongoc_uri_get_appname(uri.get()) == nullptr) mongoc_uri_set_appname(uri.get(), "textlambda");
  client_.reset(mongoc_client_new_from_uri_with_error(uri.get(), &error));
  if (!client_) io::throw_usage(fmt::format("{}: {}", name_.shown, name_.redacted(error.message)));
  mongoc_client_set_error_api(client_.get(), MONGOC_ERROR_API_VERSION_2);
  collection_.reset(mongoc_client_get_collection(client_.get(), name.database.c_str(), name.collection.c_str()));
}

void Collection::read(const std::string& further, const std::function<bool(const bson_t&)>& visit) const {
  auto filter = parse_document(name_.query.empty() ? "{}" : name_.query, "query");
  if (!further.empty()) {
    const auto more = parse_document(further, "query");
    bson_t* const both = BCON_NEW("$and", "[", BCON_DOCUMENT(filter.get()), BCON_DOCUMENT(more.get()), "]");
    filter.reset(both);
  }
  const std::unique_ptr<bson_t, Free> options(BCON_NEW("sort", "{", "_id", BCON_INT32(1), "}"));
  const std::unique_ptr<mongoc_cursor_t, Free> cursor(
      mongoc_collection_find_with_opts(collection_.get(), filter.get(), options.get(), nullptr));
  const bson_t* document = nullptr;
  while (mongoc_cursor_next(cursor.get(), &document)) {
    if (!visit(*document)) return;
  }
  bson_error_t error{};
  if (mongoc_cursor_error(cursor.get(), &error)) fail("cannot be read", error);
}

void Collection::fail(const char* action, const bson_error_t& error) const {
  io::throw_input(fmt::format("{}: {}", action, name_.redacted(error.message)), name_.shown);
}

}  // namespace textlambda::mongodb
