#include "emulate_event.h"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "textlambda/events/service_side.h"
#include "textlambda/events/source.h"
#include "textlambda/io/error.h"

#include "command/command.h"

namespace textlambda::command {

int event_main(int argc, char** argv) {
  std::string names;
  for (int i = 0; i < events::kSourceCount; ++i) {
    names += (i == 0 ? "" : ", ") + std::string(events::source_name(static_cast<events::Source>(i)));
  }
  Command command("textlambda-emulate event", "Prints an event as the service of a source sends it.",
                  "  textlambda-emulate event sqs --text \"Where is my parcel?\" > event.json\n"
                  "  aws lambda invoke --endpoint-url http://127.0.0.1:9001 --function-name classify \\\n"
                  "    --cli-binary-format raw-in-base64-out --payload file://event.json answer.json",
                  "The sources are " + names + ".");
  std::string source;
  std::string text = "Where is my parcel?";
  command.options().add_option("source", source, "Whose event").required().option_text("SOURCE");
  command.options().add_option("--text", text, "The text in it [Where is my parcel?]").option_text("TEXT");
  return command.run(argc, argv, [&] {
    const std::optional<events::Source> found = events::source_of(source);
    if (!found) io::throw_usage(fmt::format("\"{}\" is no source; there are {}", source, names));
    print(events::sample_event(*found, text) + "\n");
    return static_cast<int>(kDone);
  });
}

}  // namespace textlambda::command
