#include "command/corpus_arguments.h"

#include <fmt/format.h>

namespace textlambda::command {

void CorpusArguments::add_to(Options& options, bool labelled) {
  labelled_ = labelled;
  const std::string group = "Reading";
  options.add_option("--format", format_, corpus::format_names("auto") + " [auto: by content]").group(group);
  options.add_option("--text", text_, "Where the text is: column name or number, field or JSON Pointer").group(group);
  options.add_option("--label", label_, "Where the label is, likewise").group(group);
  const Option header = options.add_flag("--header", header_, "The first CSV row is a header").group(group);
  options.add_flag("--no-header", no_header_, "The first CSV row is data").group(group).excludes(header);
  if (labelled) {
    options.add_option("--on-bad-row", on_bad_row_, "stop, or skip and count them [stop]")
        .one_of({"stop", "skip"})
        .group(group);
  }
}

corpus::CorpusOptions CorpusArguments::options() const {
  corpus::CorpusOptions options;
  options.format = corpus::checked_format(format_);
  options.text = text_;
  options.label = label_;
  if (header_ || no_header_) options.header = header_;
  options.on_bad_row = on_bad_row_ == "skip" ? corpus::OnBadRow::skip : corpus::OnBadRow::stop;
  options.need_label = labelled_;
  return options;
}

void detail_inputs(const Command& command, const corpus::Corpus& corpus) {
  for (const corpus::InputDescription& input : corpus.inputs()) {
    command.detail(fmt::format("{}: read as {}, text={} label={}", input.name, input.format, input.text, input.label));
  }
}

}  // namespace textlambda::command
