// A connection to a collection, by libmongoc. Private to this folder.
#pragma once

#include <mongoc/mongoc.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "textlambda/mongodb/collection_name.h"

namespace textlambda::mongodb {

// Not thread-safe.
class Collection {
 public:
  // Does not connect yet. Throws Error(usage) for what the driver cannot read, never with a secret in it.
  explicit Collection(const CollectionName& name);

  const CollectionName& name() const { return name_; }
  mongoc_collection_t* get() const { return collection_.get(); }

  // Calls visit for each document of the name's query, in the order of _id, until it returns false. `further` is one
  // more condition, as extended JSON; empty: none. Throws Error(input_output) where the server cannot be reached, or
  // says no.
  void read(const std::string& further, const std::function<bool(const bson_t&)>& visit) const;

  [[noreturn]] void fail(const char* action, const bson_error_t& error) const;

 private:
  struct Free {
    void operator()(mongoc_uri_t* uri) const { mongoc_uri_destroy(uri); }
    void operator()(mongoc_client_t* client) const { mongoc_client_destroy(client); }
    void operator()(mongoc_collection_t* collection) const { mongoc_collection_destroy(collection); }
    void operator()(mongoc_cursor_t* cursor) const { mongoc_cursor_destroy(cursor); }
    void operator()(bson_t* document) const { bson_destroy(document); }
  };

  CollectionName name_;
  std::unique_ptr<mongoc_client_t, Free> client_;
  std::unique_ptr<mongoc_collection_t, Free> collection_;
};

// Throws Error(usage), naming what it is, for what is no extended JSON object.
std::unique_ptr<bson_t, void (*)(bson_t*)> parse_document(const std::string& json, const std::string& what);

}  // namespace textlambda::mongodb
