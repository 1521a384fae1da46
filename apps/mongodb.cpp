// textlambda-mongodb: what the commands do in a MongoDB, in a process of its own, so that they neither link the driver
// nor wait for it to load. Not for people: the commands start it. Standard input begins with a line of JSON:
//
//   {"do": "read", "from": URI, "query": JSON, "to": URI, "model": …}    documents → standard output
//   {"do": "write", "to": URI, "from": URI}                            predictions, a line each → the collection
//
// so that no secret stands among a process's arguments. Standard error has lines: "note: …", and the error that ended
// it; the exit status is that of the table.
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/io/error.h"
#include "textlambda/json/document.h"
#include "textlambda/mongodb/copy.h"
#include "textlambda/mongodb/prediction_writer.h"
#include "textlambda/text/count.h"

#include "command/exit_status.h"

namespace {

using namespace textlambda;
using Json = nlohmann::json;

void say(const std::string& line) { std::fputs((line + "\n").c_str(), stderr); }

void read(const Json& request) {
  mongodb::CollectionName name = mongodb::parse_collection_name(json::string_or_empty(request, "from"));
  if (const std::string query = json::string_or_empty(request, "query"); !query.empty()) name.query = query;
  std::string field;
  std::string model;
  if (const std::string to = json::string_or_empty(request, "to"); !to.empty()) {
    const mongodb::CollectionName target = mongodb::parse_collection_name(to);
    if (name.is_same_collection(target)) {
      field = target.field.empty() ? mongodb::kUsualField : target.field;
      model = json::string_or_empty(request, "model");
    }
  }
  const mongodb::CopyCounts counts = mongodb::copy_documents(name, field, model, [&](std::string_view lines) {
    if (std::fwrite(lines.data(), 1, lines.size(), stdout) != lines.size()) {
      io::throw_system("cannot keep a copy of", name.shown, errno);
    }
  });
  if (std::fflush(stdout) != 0) io::throw_system("cannot keep a copy of", name.shown, errno);
  if (counts.documents == 0 && (model.empty() || !mongodb::has_documents(name))) {
    io::throw_input(name.query.empty() ? "has no documents" : "has no documents for the query " + name.query,
                    name.shown);
  }
  if (counts.repaired > 0) {
    say(fmt::format("note: {}: broken UTF-8 in {}, replaced by U+FFFD", name.shown,
                    text::counted(counts.repaired, "document")));
  }
}

void write(const Json& request) {
  const mongodb::CollectionName target = mongodb::parse_collection_name(json::string_or_empty(request, "to"));
  const bool in_place =
      target.is_same_collection(mongodb::parse_collection_name(json::string_or_empty(request, "from")));
  mongodb::PredictionWriter writer(target, !in_place);
  std::string line;
  while (std::getline(std::cin, line)) writer.add(line);
  const std::uint64_t written = writer.finish();
  say(fmt::format("note: {}: {} written", target.shown, text::counted(written, "prediction")));
}

}  // namespace

int main() {
  try {
    std::string line;
    std::getline(std::cin, line);
    Json request;
    if (!json::parse(line, 4, request)) io::throw_usage("textlambda-mongodb is started by the other commands");
    const std::string what = json::string_or_empty(request, "do");
    if (what == "read") {
      read(request);
    } else if (what == "write") {
      write(request);
    } else {
      io::throw_usage("textlambda-mongodb is started by the other commands");
    }
    return command::kDone;
  } catch (const io::Error& error) {
    say(error.what());
    return command::status_of(error.kind());
  } catch (const std::exception& error) {
    say(error.what());
    return command::kInternal;
  }
}
