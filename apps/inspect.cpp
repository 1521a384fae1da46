// textlambda-inspect: model file → card, sizes, strongest n-grams of each label.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "textlambda/encoding/sha256.h"
#include "textlambda/io/error.h"
#include "textlambda/json/result.h"
#include "textlambda/json/survey.h"
#include "textlambda/model/model_file.h"
#include "textlambda/text/count.h"
#include "textlambda/text/shown.h"

#include "command/command.h"
#include "command/figures.h"

namespace {

using namespace textlambda;
using nlohmann::json;

constexpr const char* kExamples =
    "  textlambda-inspect tickets.tlm\n"
    "  textlambda-inspect tickets.tlm --json | jq .card.held_out";

json range_json(const features::NGramRange& range) {
  return range.empty() ? json(nullptr) : json::array({range.min, range.max});
}

// Deeper than any card: what writes it out again calls itself for each level.
constexpr std::size_t kDeepestCard = 100;

json card_of(const model::ModelFile& file, const std::string& path) {
  if (const std::size_t depth = textlambda::json::survey(file.card()).depth; depth > kDeepestCard) {
    io::throw_input(
        fmt::format("is damaged: the card is nested {} levels deep, at most {} are read", depth, kDeepestCard), path);
  }
  json card = json::parse(file.card(), nullptr, false);
  if (!card.is_object()) io::throw_input("is damaged: the card is not JSON", path);
  return card;
}

template <typename Counts>
json histogram_json(const Counts& counts, double (*low)(std::size_t)) {
  json bins = json::array();
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    if (counts[bin] > 0) bins.push_back({{"from", low(bin)}, {"documents", counts[bin]}});
  }
  return bins;
}

json sketch_json(const model::ModelFile& file) {
  const model::Sketch sketch = file.sketch();
  if (sketch.documents == 0) return nullptr;
  json labels = json::array();
  for (std::size_t i = 0; i < file.label_count(); ++i) {
    labels.push_back({{"label", file.label(i)}, {"predicted", sketch.predicted[i]}, {"training", sketch.training[i]}});
  }
  return {{"documents", sketch.documents},
          {"known_n_grams", histogram_json(sketch.coverage, model::coverage_low)},
          {"confidence", histogram_json(sketch.confidence, model::confidence_low)},
          {"characters", histogram_json(sketch.length, model::length_low)},
          {"labels", labels}};
}

json row_filter_json(const model::RowFilter& filter) {
  if (!filter.present()) return nullptr;
  return {{"rows", filter.rows()}, {"false_positive_rate", model::RowFilter::kFalsePositiveRate}};
}

std::string as_json(const model::ModelFile& file, const std::string& path) {
  json labels = json::array();
  for (std::size_t i = 0; i < file.label_count(); ++i) {
    labels.push_back({{"label", file.label(i)}, {"strongest", json::array()}});
  }
  for (const model::LabelNGram& n_gram : file.strongest_n_grams()) {
    labels[n_gram.label]["strongest"].push_back({{"n_gram", n_gram.text}, {"weight", n_gram.weight}});
  }
  json result = {
      {"id", file.id()},
      {"sha256", encoding::sha256_hex(file.bytes())},
      {"bytes", file.bytes().size()},
      {"precision", model::precision_name(file.precision())},
      {"features",
       {{"kept", file.feature_count()},
        {"words", range_json(file.feature_options().words)},
        {"characters", range_json(file.feature_options().characters)},
        {"negation_scope", file.feature_options().negation_scope},
        {"lower_case", file.feature_options().normaliser.lower_case},
        {"stop_words", file.feature_options().stop_words.size()},
        {"hash_bits", file.hash_bits()}}},
      {"temperature", file.temperature()},
      {"abstain_threshold", file.abstain_threshold()},
      {"training_loss", file.training_loss()},
      {"training_accuracy", file.training_accuracy()},
      {"labels", labels},
      {"sketch", sketch_json(file)},
      {"row_filter", row_filter_json(file.row_filter())},
      {"card", card_of(file, path)},
  };
  return textlambda::json::result_text(std::move(result));
}

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

// A field of the card as text, or "?" where an older or foreign card lacks it.
std::string field(const json& card, const std::string& pointer) {
  const json::json_pointer where(pointer);
  if (!card.contains(where)) return "?";
  const json& value = card[where];
  if (value.is_number_float()) return fmt::format("{:.4g}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : dumped(value);
}

std::string range_text(const char* what, const features::NGramRange& range) {
  return range.empty() ? "" : fmt::format("{} {}-{}  ", what, range.min, range.max);
}

std::string negation_text(int scope) { return scope == 0 ? "" : fmt::format("negation {}  ", scope); }

template <typename Line>
void add_sketch(const model::ModelFile& file, const Line& line) {
  const model::Sketch sketch = file.sketch();
  if (sketch.documents > 0) {
    const auto middle = [](const auto& counts, double (*low)(std::size_t)) {
      return std::pair(low(model::quantile_bin(counts, 0.25)), low(model::quantile_bin(counts, 0.75) + 1));
    };
    const auto [known_low, known_high] = middle(sketch.coverage, model::coverage_low);
    const auto [confidence_low, confidence_high] = middle(sketch.confidence, model::confidence_low);
    const auto [length_low, length_high] = middle(sketch.length, model::length_low);
    line("sketch",
         fmt::format("of {} held-out documents; the middle half: {:.0f}–{:.0f} % of n-grams known · confidence "
                     "{:.2f}–{:.2f} · {:.0f}–{:.0f} characters",
                     text::grouped(sketch.documents), 100 * known_low, 100 * known_high, confidence_low,
                     confidence_high, length_low, length_high));
  } else {
    line("sketch", "none: nothing was held out");
  }
  if (file.row_filter().present()) {
    line("row filter", fmt::format("{} different training rows · false positives 1 in {:.0f}",
                                   text::grouped(file.row_filter().rows()), 1 / model::RowFilter::kFalsePositiveRate));
  } else {
    line("row filter", "none");
  }
}

std::string as_text(const model::ModelFile& file, const std::string& path, std::size_t shown) {
  const json card = card_of(file, path);
  const auto percent_field = [&](const std::string& pointer) {
    const json::json_pointer where(pointer);
    return card.contains(where) && card[where].is_number() ? command::percent(card[where].get<double>()) : "?";
  };
  std::string text;
  const auto line = [&](const char* name, const std::string& content) {
    text += fmt::format("{:<12}{}\n", name, text::shown(content));
  };
  line("model", fmt::format("{} · id {} · {} · {} weights", path, file.id(), command::bytes_text(file.bytes().size()),
                            model::precision_name(file.precision())));
  line("sha256", encoding::sha256_hex(file.bytes()));
  line("made by",
       fmt::format("textlambda {} from {} documents", field(card, "/tool_version"), field(card, "/documents")));
  line("corpus", "sha256 " + field(card, "/corpus_sha256"));
  line("options", "sha256 " + field(card, "/configuration_sha256"));
  line("features", fmt::format("{}{}{}{} · {} kept of {} found", range_text("words", file.feature_options().words),
                               range_text("characters", file.feature_options().characters),
                               negation_text(file.feature_options().negation_scope),
                               file.feature_options().normaliser.lower_case ? "lower case" : "case kept",
                               text::grouped(file.feature_count()), field(card, "/features/found")));
  if (card.contains("topics")) {
    line("groups", fmt::format("found without labels, {} asked for · seed {} · abstains below {:g}",
                               field(card, "/options/k"), field(card, "/options/seed"), file.abstain_threshold()));
  } else {
    line("fit", fmt::format("C {} · {} passes · temperature {:.3f} · abstains below {:g}", field(card, "/c"),
                            field(card, "/epochs"), file.temperature(), file.abstain_threshold()));
    line("training",
         fmt::format("accuracy {} · loss {:.4f}", command::percent(file.training_accuracy()), file.training_loss()));
  }
  if (card.contains("held_out") && card["held_out"].is_object()) {
    line("held out", fmt::format("{} documents · accuracy {} · log-loss {} · ECE {}",
                                 field(card, "/held_out/documents"), percent_field("/held_out/accuracy"),
                                 field(card, "/held_out/log_loss"), percent_field("/held_out/ece")));
  }
  add_sketch(file, line);
  line("labels", std::to_string(file.label_count()));
  const std::vector<model::LabelNGram> strongest = file.strongest_n_grams();
  std::size_t at = 0;
  for (std::size_t label = 0; label < file.label_count(); ++label) {
    const json::json_pointer count("/labels/" + std::to_string(label) + "/documents");
    text += fmt::format("  {}{}\n", text::shown(file.label(label)),
                        card.contains(count) ? fmt::format("  ({} documents)", text::shown(dumped(card[count]))) : "");
    std::string n_grams;
    for (std::size_t rank = 0; at < strongest.size() && strongest[at].label == label; ++at, ++rank) {
      if (rank < shown)
        n_grams +=
            fmt::format("{}{} {:+.2f}", rank == 0 ? "" : " · ", text::shown(strongest[at].text), strongest[at].weight);
    }
    if (!n_grams.empty()) text += "    " + n_grams + "\n";
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  command::Command command("textlambda-inspect", "Shows what is in a model file.", kExamples);
  std::string path;
  std::size_t shown = 8;
  command.options().add_option("model", path, "The model file").required().option_text("MODEL");
  command.options().add_option("--top", shown, "N-grams shown a label; the model keeps up to 20 [8]");
  command.add_json_flag("Print everything as one JSON object");
  return command.run(argc, argv, [&] {
    const model::ModelFile file = model::ModelFile::open(path);
    if (command.json()) {
      command::print(as_json(file, path));
    } else {
      command::print_text(as_text(file, path, shown));
    }
    return command::kDone;
  });
}
