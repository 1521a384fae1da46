// The sections of the HTML report, each HTML or empty where there is nothing to say. Pure functions.
#pragma once

#include <string>

#include "textlambda/report/report.h"

namespace textlambda::report::html {

std::string headline(const Report& report);  // verdict, sentence, what was compared with what
std::string checks(const Report& report);    // each limit and each relative question
std::string dataset(const Report& report);   // rows that the test set has gained, lost, relabelled
std::string metrics(const Report& report);   // now, and before
std::string runs(const Report& report);      // several runs with critical differences
std::string labels(const Report& report);    // a line a label, sortable
std::string slices(const Report& report);
std::string confusion(const Report& report);  // the heat map, and the examples behind its cells
std::string charts(const Report& report);     // the canvases; chart_data() has what they draw
std::string flips(const Report& report);      // newly wrong, newly right

std::string chart_data(const Report& report);  // JSON

}  // namespace textlambda::report::html
