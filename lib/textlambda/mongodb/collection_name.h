// A collection as users name it: mongodb://USER:SECRET@HOST/DATABASE.COLLECTION?OPTIONS, or mongodb+srv://. The
// driver's own connection string has the database alone; its options stay as they are. Two are ours: "query", which
// documents (extended JSON), and "field", where predictions go.
// https://www.mongodb.com/docs/manual/reference/connection-string/
#pragma once

#include <string>
#include <string_view>

namespace textlambda::mongodb {

struct CollectionName {
  std::string uri;  // the driver's; may hold a secret
  std::string database;
  std::string collection;
  std::string query;  // empty: all documents
  std::string field;  // empty: not given
  std::string shown;  // mongodb://HOST/DATABASE.COLLECTION: for messages, without user, secret and options

  // The same documents may be read and written.
  bool is_same_collection(const CollectionName& other) const;
  // `message` without what must not be seen of the URI, whoever wrote it.
  std::string redacted(std::string_view message) const;
};

bool is_collection_name(std::string_view text);

// CollectionName::shown, of what may name no collection. A secret with a "/" or a "?" that is not percent-encoded would
// be cut in two: then nothing but the scheme is shown.
std::string shown_name(std::string_view text);

// Throws Error(usage), without a secret in it, for what names no collection.
CollectionName parse_collection_name(std::string_view text);

}  // namespace textlambda::mongodb
