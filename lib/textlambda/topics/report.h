// What a grouping came to: plain values, for texts, JSON and HTML.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "textlambda/corpus/row_source.h"
#include "textlambda/topics/grouping.h"
#include "textlambda/topics/names.h"

namespace textlambda::topics {

struct ExampleText {
  std::string text;  // its beginning
  corpus::Location location;
  double confidence = 0;
  std::uint32_t second = 0;  // the group that is the next most probable
};

struct GroupReport {
  std::string label;
  std::uint64_t texts = 0;     // near-duplicates too
  double mean_confidence = 0;  // of those
  std::vector<GroupTerm> terms;
  std::vector<ExampleText> typical;     // nearest to the group's centre first
  std::vector<ExampleText> borderline;  // the least clear first
};

// Texts that might as well be in another group: the second is at least half as probable as the first.
struct Overlap {
  std::uint32_t first = 0;  // groups, the smaller number first
  std::uint32_t second = 0;
  std::uint64_t texts = 0;
};

struct MapPoint {
  float x = 0;
  float y = 0;
  std::uint32_t group = 0;
};

struct TopicReport {
  std::string tool_version;
  std::vector<corpus::InputDescription> inputs;
  std::string corpus_sha256;
  std::string configuration_sha256;  // over options_json
  std::string options_json;
  std::uint64_t texts = 0;
  std::uint64_t labelled_texts = 0;  // that were grouped along, and are not among `texts`
  std::uint64_t distinct_texts = 0;  // of both
  std::uint64_t unknown_texts = 0;   // without a word that the model knows: in the likeliest group, by nothing
  corpus::RowFaults faults;          // of both
  std::uint64_t features = 0;
  std::size_t k = 0;                  // that was asked for
  std::uint64_t clustered_texts = 0;  // fewer than the distinct ones where a sample was clustered
  double log_likelihood = 0;          // mean of a text, tempered
  StartAgreement agreement;
  bool is_by_em = true;               // else by the clustering, whose groups agree further
  std::vector<GroupReport> groups;    // in the order of the model's labels
  std::vector<Overlap> overlaps;      // most texts first
  std::vector<MapPoint> map;          // of some texts
  std::vector<std::string> warnings;  // a line each
};

// As one JSON object with sorted keys (docs/json.md): what the command prints, without what it knows of files and time.
std::string to_json(const TopicReport& report);
// What the model keeps: without texts and places of texts.
std::string card_json(const TopicReport& report);
// For a terminal.
std::string to_text(const TopicReport& report);
// One self-contained page.
std::string to_html(const TopicReport& report);

}  // namespace textlambda::topics
