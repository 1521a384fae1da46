#include "evaluate/gate_run.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "textlambda/corpus/corpus.h"
#include "textlambda/encoding/sha256.h"
#include "textlambda/gate/baseline.h"
#include "textlambda/gate/example_texts.h"
#include "textlambda/gate/figure_words.h"
#include "textlambda/gate/gate.h"
#include "textlambda/gate/row_match.h"
#include "textlambda/io/error.h"
#include "textlambda/io/output_target.h"
#include "textlambda/io/remote_files.h"
#include "textlambda/metrics/evaluation.h"
#include "textlambda/metrics/overlap.h"
#include "textlambda/metrics/wrong_rows.h"
#include "textlambda/model/classifier.h"
#include "textlambda/report/display_width.h"
#include "textlambda/report/gate_text.h"
#include "textlambda/report/github.h"
#include "textlambda/report/json.h"
#include "textlambda/report/markdown.h"
#include "textlambda/report/text.h"
#include "textlambda/stats/detectable_effect.h"
#include "textlambda/text/count.h"

#include "command/figures.h"
#include "command/git_revision.h"
#include "command/overwriting.h"
#include "command/progress_bar.h"
#include "command/result_file.h"
#include "evaluate/github_job.h"

namespace textlambda::command {
namespace {

using gate::Baseline;
using gate::Comparison;
using gate::GateRules;
using gate::GateSettings;
using gate::ReferenceRun;
using gate::Role;
using metrics::Evaluation;

// What the run is held against, and by which rules.
struct Plan {
  std::vector<ReferenceRun> references;
  GateSettings settings;
  GateRules rules;
};

// `missing`: what to say where there is no such file.
Baseline read_existing(const std::string& path, const char* missing) {
  if (path.empty()) io::throw_input("the name of the baseline is empty");
  if (!io::exists(path)) io::throw_input(missing, path);
  return gate::read_baseline(path);
}

// The baseline that is about to be replaced, if it can still be compared with.
std::optional<Baseline> read_replaced(const Command& command, const std::string& path) {
  gate::require_writable(path);
  if (!io::exists(path)) return std::nullopt;
  try {
    return gate::read_baseline(path);
  } catch (const io::Error& error) {
    command.note(fmt::format("{}; it is replaced", error.what()));
    return std::nullopt;
  }
}

// Where the command line says nothing, the first baseline's settings hold.
void set_rules(const GateArguments& arguments, Plan& plan) {
  plan.settings = arguments.settings;
  if (!plan.references.empty()) {
    plan.settings = gate::with_defaults(plan.settings, plan.references.front().baseline.settings);
  }
  plan.rules = gate::parse_rules(plan.settings);
  const auto anchor_margins = gate::parse_margins("--anchor-max-drop", arguments.anchor_max_drop);
  for (ReferenceRun& reference : plan.references) {
    const bool own = reference.role == Role::anchor && !anchor_margins.empty();
    reference.max_drop = own ? anchor_margins : plan.rules.max_drop;
  }
}

Plan make_plan(const Command& command, const EvaluateArguments& arguments) {
  Plan plan;
  const GateArguments& gate = arguments.gate;
  // Before anything is read: what is typed wrong is worth no waiting.
  gate::parse_rules(gate.settings);
  gate::parse_margins("--anchor-max-drop", gate.anchor_max_drop);
  for (const std::string& path : gate.baselines) {
    if (!gate.update_baseline) {
      constexpr const char* kMissing = "there is no such baseline yet: --update-baseline makes this run the first";
      plan.references.push_back({read_existing(path, kMissing), Role::baseline, {}});
    } else if (std::optional<Baseline> replaced = read_replaced(command, path)) {
      plan.references.push_back({std::move(*replaced), Role::baseline, {}});
    }
  }
  for (const std::string& path : gate.anchors) {
    constexpr const char* kMissing = "there is no such anchor: a baseline kept from an earlier release was expected";
    plan.references.push_back({read_existing(path, kMissing), Role::anchor, {}});
  }
  set_rules(gate, plan);
  return plan;
}

// "a", "b" and 3 more; empty where the model knows all labels.
std::string unknown_labels(const Evaluation& evaluation) {
  constexpr std::size_t kNamed = 10;
  std::string unknown;
  std::size_t count = 0;
  for (const metrics::LabelMetrics& label : evaluation.metrics.labels) {
    if (label.known) continue;
    if (count < kNamed) {
      unknown += fmt::format("{}\"{}\"", unknown.empty() ? "" : ", ", report::printable_ends(label.label, 40));
    }
    ++count;
  }
  return count > kNamed ? unknown + fmt::format(" and {} more", count - kNamed) : unknown;
}

// A baseline that is about to be replaced need not have a row in common with the new one.
void leave_out_strangers(const Command& command, const gate::CandidateRun& candidate, Plan& plan) {
  const auto is_stranger = [&](const ReferenceRun& reference) {
    if (reference.role != Role::baseline) return false;
    const gate::DatasetChange change = gate::match_rows(reference.baseline.rows, candidate.rows).change;
    if (change.compared > 0) return false;
    const std::string relabelled =
        fmt::format("has {} under other labels, and no row in common", text::counted(change.relabelled, "row"));
    command.note(fmt::format("{}: {} with this test set; it is replaced without a comparison",
                             reference.baseline.identity.name,
                             change.relabelled > 0 ? relabelled : "has no row in common"));
    return true;
  };
  std::erase_if(plan.references, is_stranger);
}

// That the file is another and the rows are not is worth knowing, and no reason to stop.
void note_other_order(const Command& command, const Comparison& comparison) {
  for (const gate::Reference& reference : comparison.references) {
    if (reference.dataset.any() || reference.identity.test_sha256 == comparison.candidate.test_sha256) continue;
    command.note(
        fmt::format("{}: its test set has the same rows in another order or format; rows are compared one by "
                    "one, so that this does not matter",
                    reference.identity.name));
  }
}

// `printed`: standard output has its result already.
void write_outputs(const Command& command, const GateArguments& arguments, const report::Report& report,
                   bool printed = false) {
  std::vector<report::ReportTarget> files;
  for (report::ReportTarget& target : arguments.report_targets()) {
    if (target.path != "-") {
      files.push_back(std::move(target));
      continue;
    }
    print(target.kind->render(report));
    printed = true;
  }
  report::write_reports(files, report);
  if (in_github_job() && report.comparison.asked()) {
    tell_github(command, report::to_github(report), report::to_markdown(report));
  }
  if (printed) return;
  if (command.json()) {
    print(report::to_json(report));
  } else if (report.comparison.references.empty()) {
    const std::string gate = report::gate_text(report);
    print_text(report::to_text(report.evaluation) + (gate.empty() ? "" : "\n" + gate));
  } else {
    print_text(report::gate_text(report));
  }
}

int status_of(const Comparison& comparison, const GateArguments& arguments, const GateRules& rules) {
  const int status = gate::exit_status(comparison, rules.on_inconclusive);
  return arguments.exit_zero ? static_cast<int>(kDone) : status;
}

gate::RunIdentity identity_of(const EvaluateArguments& arguments, const model::ModelFile& file,
                              const corpus::Corpus& corpus, const Evaluation& evaluation) {
  gate::RunIdentity identity;
  identity.name = arguments.model;
  identity.tool_version = version();
  identity.git_revision = git_revision();
  identity.model_sha256 = encoding::sha256_hex(file.bytes());
  identity.temperature = static_cast<double>(file.temperature());
  identity.test_sha256 = corpus.sha256();
  identity.predictions_digest = metrics::predictions_digest(evaluation.rows);
  gate::read_card(file.card(), identity);
  return identity;
}

// What a comparison with so many examples can show, so that nobody counts on a margin that it cannot watch over: by the
// share of them that changed sides against the baseline before, and without one by a share that retraining often has.
std::string power_words(const Comparison& comparison, std::uint64_t examples, double alpha) {
  constexpr double kUsualShare = 0.04;
  double share = kUsualShare;
  std::string of_them = "where two models differ in 4 % of them";
  for (const gate::Reference& reference : comparison.references) {
    const gate::DatasetChange& change = reference.dataset;
    if (reference.role != Role::baseline || change.any() || reference.same_predictions) continue;
    share = static_cast<double>(reference.flips.newly_wrong + reference.flips.newly_right) /
            static_cast<double>(std::max<std::uint64_t>(examples, 1));
    of_them = fmt::format("where two models differ in {:.1f} % of them, as these did", 100 * share);
    break;
  }
  const double least = stats::detectable_effect(share, examples, alpha);
  if (share <= 0 || !std::isfinite(least)) return "";
  return fmt::format("; its {} can show a loss of accuracy from {} on {}: a --max-drop below cannot be watched over",
                     text::counted(examples, "example"), gate::amount_words(least, metrics::Unit::share), of_them);
}

void keep_baseline(const Command& command, const GateArguments& arguments, const Comparison& comparison,
                   const GateSettings& settings, double alpha, Evaluation& evaluation) {
  Baseline baseline{comparison.candidate, settings, std::move(evaluation.rows)};
  gate::write_baseline(arguments.baselines.front(), baseline);
  command.note(fmt::format("{}: this run is the baseline now{}", arguments.baselines.front(),
                           power_words(comparison, baseline.rows.rows.size(), alpha)));
}

// Where --errors goes has to be told from what is read and from the reports.
void keep_errors_apart(const EvaluateArguments& arguments, std::vector<std::string> others) {
  if (arguments.errors.empty()) return;
  const std::vector<std::string> kept = arguments.gate.kept_files();
  others.insert(others.end(), kept.begin(), kept.end());
  bool on_stdout = false;
  for (const report::ReportTarget& target : arguments.gate.report_targets()) {
    others.push_back(target.path);
    on_stdout = on_stdout || target.path == "-";
  }
  refuse_overwriting("--errors", arguments.errors, others);
  if (io::is_standard_output(arguments.errors) && (on_stdout || arguments.gate.update_baseline)) {
    io::throw_usage("--errors - and another result cannot both go to standard output");
  }
}

// True where they went to standard output, which then holds nothing else.
bool write_errors(const EvaluateArguments& arguments, const Evaluation& evaluation, const corpus::Corpus& corpus) {
  if (arguments.errors.empty()) return false;
  const metrics::RowFormat format = metrics::row_format_of(arguments.errors);
  const metrics::Texts texts = arguments.gate.no_text ? metrics::Texts::left_out : metrics::Texts::read;
  ResultFile file(arguments.errors);
  file.add(metrics::wrong_rows_header(format, texts));
  metrics::for_each_wrong_row(evaluation.rows, corpus, texts,
                              [&](const metrics::WrongRow& row) { file.add(to_line(row, format, texts)); });
  file.finish();
  return file.to_stdout();
}

}  // namespace

int run_evaluate(const Command& command, const EvaluateArguments& arguments) {
  const GateArguments& gate = arguments.gate;
  // Typed wrong is worth no waiting.
  std::vector<std::string> inputs = arguments.tests;
  inputs.push_back(arguments.model);
  inputs.push_back(command.options().config_file());
  keep_errors_apart(arguments, inputs);
  gate.keep_outputs_apart(std::move(inputs));
  Plan plan = make_plan(command, arguments);
  const model::Classifier classifier = model::Classifier::load(arguments.model);
  corpus::CorpusOptions reading = arguments.reading.options();
  reading.columns = plan.rules.columns();
  for (const metrics::MetricAmount& margin : gate::parse_margins("", gate.anchor_max_drop)) {
    const std::string& column = margin.metric.column;
    if (!column.empty() && std::find(reading.columns.begin(), reading.columns.end(), column) == reading.columns.end()) {
      reading.columns.push_back(column);
    }
  }
  const corpus::Corpus corpus = corpus::Corpus::open(arguments.tests, reading);
  note_inputs(command, corpus);
  const bool gated = gate.asked();
  const bool keep = gated || !arguments.errors.empty() || classifier.file().row_filter().present();
  ProgressBar bar(command);
  Evaluation evaluation = metrics::evaluate(
      classifier, corpus, arguments.executor, [&](double share) { bar.show("evaluate", share); },
      keep ? metrics::KeepRows::yes : metrics::KeepRows::no);
  bar.clear();
  note_remarks(command, corpus);
  note_skipped(command, evaluation.faults.bad_rows);

  const bool printed = write_errors(arguments, evaluation, corpus);

  Comparison comparison;
  if (gated) {
    const gate::CandidateRun candidate{identity_of(arguments, classifier.file(), corpus, evaluation), evaluation.rows,
                                       evaluation.metrics};
    if (gate.update_baseline) leave_out_strangers(command, candidate, plan);
    const gate::GateOptions options{gate.allow_dataset_change || gate.update_baseline, arguments.executor};
    comparison = gate::run_gate(candidate, plan.references, plan.rules, options);
    note_other_order(command, comparison);
    if (!gate.no_text) gate::add_example_texts(classifier, corpus, arguments.executor, comparison);
  }
  const metrics::Overlap overlap = metrics::find_overlap(evaluation.rows, classifier.file().row_filter());
  if (overlap.found > 0) comparison.warnings.push_back(metrics::overlap_sentence(overlap));

  if (const std::string unknown = unknown_labels(evaluation); !unknown.empty() && !arguments.allow_unknown_labels) {
    if (command.json()) {
      print(report::to_json(evaluation));
    } else {
      print_text(report::to_text(evaluation));
    }
    return command.complain(
        fmt::format("{}: labels that the model does not know: {} (--allow-unknown-labels counts them as wrong and goes "
                    "on)",
                    corpus.inputs().front().name, unknown),
        kMismatch);
  }
  write_outputs(command, gate, {evaluation, comparison, !gate.no_text, version()}, printed);
  if (!gate.update_baseline) return status_of(comparison, gate, plan.rules);
  if (comparison.decision == gate::Decision::below_floor) {
    command.note(fmt::format("{}: not written: {}", gate.baselines.front(), comparison.sentence));
    return status_of(comparison, gate, plan.rules);
  }
  keep_baseline(command, gate, comparison, plan.settings, plan.rules.alpha, evaluation);
  return kDone;
}

int run_compare(const Command& command, const EvaluateArguments& arguments) {
  const GateArguments& gate = arguments.gate;
  gate.keep_outputs_apart({command.options().config_file()});
  Plan plan;
  for (const std::string& path : gate.compared) {
    plan.references.push_back({read_existing(path, "there is no such baseline to compare"), Role::baseline, {}});
  }
  Baseline candidate = std::move(plan.references.back().baseline);
  plan.references.pop_back();
  set_rules(gate, plan);

  Evaluation evaluation;
  evaluation.metrics = metrics::metrics_of(candidate.rows);
  evaluation.abstained = evaluation.metrics.abstained;
  evaluation.rows = std::move(candidate.rows);
  const Comparison comparison =
      gate::run_gate({candidate.identity, evaluation.rows, evaluation.metrics}, plan.references, plan.rules,
                     {gate.allow_dataset_change, arguments.executor});
  write_outputs(command, gate, {evaluation, comparison, !gate.no_text, version()});
  return status_of(comparison, gate, plan.rules);
}

}  // namespace textlambda::command
