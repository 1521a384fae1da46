#include "sagemaker/train.h"

#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "textlambda/corpus/corpus.h"
#include "textlambda/io/atomic_file.h"
#include "textlambda/io/error.h"
#include "textlambda/metrics/evaluation.h"
#include "textlambda/model/classifier.h"
#include "textlambda/sagemaker/training_job.h"
#include "textlambda/text/shown.h"
#include "textlambda/train/trainer.h"

#include "command/command.h"
#include "command/corpus_arguments.h"
#include "command/heap.h"
#include "training_options.h"

namespace textlambda::command {
namespace {

using sagemaker::Channel;
using sagemaker::TrainingJob;

constexpr const char* kTrainExamples =
    "  docker run --rm -v $PWD/job:/opt/ml IMAGE train    as SageMaker does it\n"
    "  textlambda-sagemaker train --root job              the same, without a container";

// What the hyperparameters may say: all of how textlambda-train reads and trains.
struct JobOptions {
  CorpusArguments reading;
  TrainingOptions training;
};

void parse_hyperparameters(const TrainingJob& job, const std::string& root, JobOptions& into) {
  Options declared("hyperparameters", "", "", "");
  into.reading.add_to(declared, true);
  into.training.add_to(declared);
  std::vector<std::string> arguments{"hyperparameters"};
  for (const std::string& argument : job.hyperparameters.arguments) {
    const std::string name = argument.substr(0, argument.find('='));
    if (name == "--config" || name == "--help" || name == "--help-all" || name == "--version") {
      io::throw_usage(fmt::format("{} is no hyperparameter", name.substr(2)));
    }
    arguments.push_back(argument);
  }
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  try {
    declared.parse(static_cast<int>(pointers.size()), pointers.data());
  } catch (const io::Error& error) {
    throw io::Error(error.kind(), error.what(), root + "/input/config/hyperparameters.json");
  }
}

corpus::CorpusOptions reading_of(const TrainingJob& job, const Channel& channel, const JobOptions& options) {
  corpus::CorpusOptions reading = options.reading.options();
  if (is_manifest(job, channel)) {
    if (reading.text.empty()) reading.text = "source";
    if (reading.label.empty()) reading.label = "label";
  }
  return reading;
}

const Channel& training_channel(const TrainingJob& job, const std::string& root) {
  for (const char* name : {"train", "training"}) {
    if (const Channel* channel = job.channel(name); channel != nullptr) return *channel;
  }
  std::vector<std::string> names;
  for (const Channel& channel : job.channels) names.push_back(channel.name);
  io::throw_input(fmt::format("no channel \"train\" or \"training\"; there {}",
                              names.empty() ? "is none" : fmt::format("is {}", fmt::join(names, ", "))),
                  root + "/input");
}

// For the job's metric definitions: "#validation_accuracy: (.*)", as BlazingText's.
void print_metric(const char* name, double value) { print(fmt::format("#{}: {:.4f}\n", name, value)); }

// A channel of texts that training does not see.
void validate(const Command& command, const TrainingJob& job, const Channel& channel, const JobOptions& options,
              const std::string& model, const io::Executor& executor) {
  const corpus::Corpus corpus = corpus::Corpus::open(channel_files(channel), reading_of(job, channel, options));
  const metrics::Evaluation evaluation =
      metrics::evaluate(model::Classifier::load(model), corpus, executor, metrics::Progress());
  note_remarks(command, corpus);
  const std::string prefix = channel.name + "_";
  print_metric((prefix + "accuracy").c_str(), evaluation.metrics.accuracy);
  print_metric((prefix + "macro_f1").c_str(), evaluation.metrics.macro_f1);
  print_metric((prefix + "log_loss").c_str(), evaluation.metrics.log_loss);
}

int train_job(const Command& command, const std::string& root, const io::Executor& executor) {
  keep_heap();
  std::error_code ignored;
  std::filesystem::remove(sagemaker::failure_path(root), ignored);  // of an earlier run
  const TrainingJob job = sagemaker::read_training_job(root);
  for (const std::string& remark : job.hyperparameters.remarks) command.note(remark);
  JobOptions options;
  parse_hyperparameters(job, root, options);
  const Channel& channel = training_channel(job, root);
  std::filesystem::create_directories(root + "/model");  // SageMaker makes it
  io::AtomicFile file(sagemaker::model_path(root));
  const corpus::Corpus corpus = corpus::Corpus::open(channel_files(channel), reading_of(job, channel, options));
  note_inputs(command, corpus);
  const train::TrainingResult result = train::train(corpus, options.training.options(), executor, train::Progress());
  note_remarks(command, corpus);
  for (const std::string& warning : result.report.warnings) command.note(warning);
  file.write(result.model);
  file.commit();

  const train::TrainingReport& report = result.report;
  print(fmt::format("documents: {}\nlabels: {}\nmodel: {} bytes\n", report.documents, report.labels.size(),
                    result.model.size()));
  print_metric("train_accuracy", report.training_accuracy);
  print_metric("train_loss", report.training_loss);
  if (report.held_out) {
    print_metric("held_out_accuracy", report.held_out->accuracy);
    print_metric("held_out_log_loss", report.held_out->log_loss);
  }
  for (const Channel& other : job.channels) {
    if (&other == &channel) continue;
    if (other.name == "validation" || other.name == "test") {
      validate(command, job, other, options, sagemaker::model_path(root), executor);
    } else {
      command.note(fmt::format("channel {}: not used, expected train, validation or test", text::shown(other.name)));
    }
  }
  return kDone;
}

// SageMaker shows the file's first 1,024 bytes. That it cannot be written is no reason to hide the fault itself.
void write_failure(const std::string& root, const std::string& reason) {
  try {
    if (!std::filesystem::exists(root)) return;
    std::filesystem::create_directories(root + "/output");
    io::write_file(sagemaker::failure_path(root), reason + "\n");
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
  }
}

}  // namespace

int sagemaker_train_main(int argc, char** argv) {
  Command command("textlambda-sagemaker train", "Trains a model from a SageMaker training job's folder.",
                  kTrainExamples,
                  "Hyperparameters are the options of textlambda-train, such as label_weight or min_documents.");
  std::string root = "/opt/ml";
  io::Executor executor;
  command.options().add_option("--root", root, "The job's folder [/opt/ml]").option_text("DIR");
  command.add_threads_option(executor);
  return command.run(argc, argv, [&] {
    try {
      return train_job(command, root, executor);
    } catch (const std::bad_alloc&) {
      write_failure(root, "out of memory");
      throw;
    } catch (const std::exception& error) {
      write_failure(root, error.what());
      throw;
    }
  });
}

}  // namespace textlambda::command
