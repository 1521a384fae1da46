#include "textlambda/mongodb/collection_name.h"

#include <string>

#include "textlambda/io/error.h"

#include "tests/catch.h"

namespace textlambda::mongodb {
namespace {

TEST_CASE("a collection's name is the driver's URI with a collection in it") {
  struct Row {
    const char* text;
    const char* uri;
    const char* database;
    const char* collection;
    const char* shown;
  };
  const Row rows[] = {
      {"mongodb://localhost/shop.tickets", "mongodb://localhost/shop", "shop", "tickets",
       "mongodb://localhost/shop.tickets"},
      {"mongodb://a:1,b:2/shop.tickets.2026?replicaSet=rs0&tls=true", "mongodb://a:1,b:2/shop?replicaSet=rs0&tls=true",
       "shop", "tickets.2026", "mongodb://a:1,b:2/shop.tickets.2026"},
      {"mongodb+srv://me:p%40ss@cluster.example/shop.t%2Fx?field=x&w=1",
       "mongodb+srv://me:p%40ss@cluster.example/shop?w=1", "shop", "t/x", "mongodb+srv://cluster.example/shop.t%2Fx"},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(is_collection_name(row.text));
    const CollectionName name = parse_collection_name(row.text);
    CHECK(name.uri == row.uri);
    CHECK(name.database == row.database);
    CHECK(name.collection == row.collection);
    CHECK(name.shown == row.shown);
  }
  const CollectionName name =
      parse_collection_name("mongodb://h/d.c?field=label%2Eguess&query=%7B%22a%22%3A%201%7D&tls=false");
  CHECK(name.field == "label.guess");
  CHECK(name.query == "{\"a\": 1}");
  CHECK(name.uri == "mongodb://h/d?tls=false");
  CHECK_FALSE(is_collection_name("tickets.csv"));
  CHECK_FALSE(is_collection_name("s3://mongodb/x"));
}

TEST_CASE("what names no collection is refused, without its secret") {
  for (const char* text : {"mongodb://me:secret@host", "mongodb://me:secret@host/", "mongodb://me:secret@host/shop",
                           "mongodb://me:secret@host/.x", "mongodb://me:secret@host/shop.", "mongodb:///shop.x",
                           "mongodb://me:secret@/shop.x", "mongodb://me:secret@host/shop.a/b",
                           "mongodb://me:sec/secret@host/shop.a", "mongodb://me:secret?x@host/shop.a"}) {
    INFO(text);
    try {
      parse_collection_name(text);
      FAIL("taken");
    } catch (const io::Error& error) {
      CHECK(error.kind() == io::ErrorKind::usage);
      CHECK_THAT(error.what(), Catch::Contains("expected mongodb://HOST/DATABASE.COLLECTION"));
      CHECK_THAT(error.what(), !Catch::Contains("secret"));
    }
  }
}

TEST_CASE("a message has no part of the URI that is secret") {
  const CollectionName name = parse_collection_name("mongodb://me:p%40ss-w%C3%B6rd@host/shop.x");
  CHECK(name.redacted("no suitable server on host:27017") == "no suitable server on host:27017");
  CHECK(name.redacted("bad: mongodb://me:p%40ss-w%C3%B6rd@host/shop") == "bad: ***");
  CHECK(name.redacted("for me:p%40ss-w%C3%B6rd") == "for ***");
  CHECK(name.redacted("the password p@ss-w\xC3\xB6rd") == "the password ***");
  CHECK(parse_collection_name("mongodb://host/shop.x").redacted("text") == "text");
}

TEST_CASE("one collection is the same whoever asks for it") {
  const CollectionName name = parse_collection_name("mongodb://a:b@host/shop.x?query=%7B%7D");
  CHECK(name.is_same_collection(parse_collection_name("mongodb://host/shop.x?field=y")));
  CHECK_FALSE(name.is_same_collection(parse_collection_name("mongodb://host/shop.y")));
}

}  // namespace
}  // namespace textlambda::mongodb
