// A training job as SageMaker starts it: where its settings and data are, and where its results go, below /opt/ml.
// https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
//
//   input/config/hyperparameters.json    options, see hyperparameters.h
//   input/config/inputdataconfig.json    the channels: their content type and how they come
//   input/config/resourceconfig.json     the machines of the job
//   input/data/CHANNEL/                  a channel's files (File and FastFile mode)
//   input/data/CHANNEL_0                 a channel as a named pipe, of the first epoch (Pipe mode)
//   model/                               what becomes model.tar.gz
//   output/failure                       why the job failed: its first 1,024 bytes are shown
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "textlambda/sagemaker/hyperparameters.h"

namespace textlambda::sagemaker {

struct Channel {
  std::string name;
  std::string content_type;  // as given; may be empty
  bool is_pipe = false;
  std::string path;  // a folder, or a pipe
};

struct TrainingJob {
  Hyperparameters hyperparameters;
  std::vector<Channel> channels;  // sorted by name

  // Null where there is none of that name.
  const Channel* channel(std::string_view name) const;
};

// The channel's files in the order of their names, those in folders below too, hidden ones not; or its pipe. Throws
// Error(input_output) where there is none.
std::vector<std::string> channel_files(const Channel& channel);

// Throws Error(input_output) for files that cannot be read and for what SageMaker would not write, Error(usage) for
// what cannot be done here: a corpus that is spread over several machines, or wrapped in RecordIO.
TrainingJob read_training_job(const std::string& root);

std::string model_path(const std::string& root);    // of the model that training writes
std::string failure_path(const std::string& root);  // of the reason why it failed

// The model to serve: model.tlm, or the only other file of that kind in `root`/model. Throws Error(input_output).
std::string find_model(const std::string& root);

// Whether the corpus is lines {"source": "…", "label": …}, as an augmented manifest has them.
bool is_manifest(const TrainingJob& job, const Channel& channel);

}  // namespace textlambda::sagemaker
